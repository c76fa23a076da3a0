"""Only days that a plan can reckon with are taken; what has no date is refused, and never taken for gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, func, select

from app.actions.people.leaves import record_leave
from app.actions.rollouts.drafting import set_start
from app.actions.schedule.moves import demand_shown, move_task, planned_cutover_move, planned_task_move, whole_move
from app.actions.schedule.planning import Change
from app.actions.tasks.added import add_task
from app.actions.tasks.blocks import block_task
from app.db import Database
from app.errors import Invalid, Refused
from app.models import Rollout, ScheduledEntry, Task
from app.plan.places import Spot
from app.plan.terms import Scope
from tests import cast as casting
from tests.actions.test_moves import CHAINED
from tests.cast import NOW, PLAYBOOK, Cast

LAST = date.max
VALUED = PLAYBOOK.replace("posters: {title: Put up posters,", "posters: {title: Put up posters, each: [hall, lift],")


@pytest.fixture
def chained(db: Database) -> Cast:
    return casting.running(db, CHAINED)


def rows(session: Session) -> tuple[int, int]:
    return session.exec(select(func.count()).select_from(Task)).one(), session.exec(
        select(func.count()).select_from(ScheduledEntry)
    ).one()


def refused(session: Session, field: str, act: Callable[..., object], *given: Any, **said: Any) -> None:
    with pytest.raises(Invalid) as fault:
        act(session, *given, **said, now=NOW)
    assert list(fault.value.fields) == [field]


@pytest.mark.parametrize("day", [LAST, date(2200, 1, 1), date(1999, 12, 31), date.min])
def test_a_day_of_another_age_is_refused_at_its_field(db: Database, chained: Cast, day: date) -> None:
    with db.writing() as session:
        by, task = chained.viewer(session, "dir"), chained.task(session, "scanners").id or 0
        refused(session, "due", planned_task_move, task, due=day, by=by)
        refused(session, "due", move_task, task, due=day, reason="x", shown="", by=by)
        refused(session, "expected", block_task, task, reason="x", expected=day, seen=1, by=by)
        refused(session, "due", add_task, chained.rollout, title="x", due=day, role="it-lead", by=by)
        refused(session, "cutover", planned_cutover_move, chained.locations["alder"], cutover=f"{day} 07:00", by=by)
        with pytest.raises(Invalid) as fault:
            record_leave(session, chained.people["dir"], first=day, last=day, by=by, now=NOW)
        assert fault.value.fields.keys() == {"first", "last"}


def test_no_rollout_starts_in_another_age(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        seen, by = session.get_one(Rollout, drafted.rollout).version, drafted.viewer(session, "dir")
        refused(session, "start", set_start, drafted.rollout, start=date(9999, 12, 27), seen=seen, by=by)


def test_one_value_is_not_moved_to_another_age(db: Database) -> None:
    cast = casting.running(db, VALUED)
    with db.writing() as session:
        by = cast.viewer(session, "dir")
        task = session.exec(select(Task).where(Task.entry == "posters", Task.value == "lift").limit(1)).one()
        assert task.due_at is None
        refused(session, "due", move_task, task.id, due=LAST, reason="x", shown="", by=by)


NO_CUTOVERS = (
    "undated", "2027-02-08 .. 2027-02-10", "2027-01-04 + 9999mo 07:00", "week 9999 07:00", "2027-02-08 25:00",
)  # fmt: skip


@pytest.mark.parametrize("cutover", NO_CUTOVERS)
def test_a_cutover_is_one_moment_of_this_age(db: Database, chained: Cast, cutover: str) -> None:
    with db.writing() as session:
        by = chained.viewer(session, "dir")
        refused(session, "cutover", planned_cutover_move, chained.locations["alder"], cutover=cutover, by=by)


def test_what_has_no_date_any_more_is_refused_and_not_gone(db: Database, chained: Cast) -> None:
    with db.writing() as session:
        before = rows(session)
        rollout, by = session.get_one(Rollout, chained.rollout), chained.viewer(session, "dir")
        pins = {("scanners", Spot(Scope.LOCATION, "pilot", "alder")): (None, LAST)}
        move = whole_move(session, rollout, Change(pins=pins), by, now=NOW)
        assert move.found.gone == ()
        lost = {finding.message.partition(":")[0] for finding in move.found.faults}
        assert {"Label printers and scanners work at Alder", "Order labels at Alder"} <= lost
        with pytest.raises(Refused, match="cannot be so"):
            demand_shown(move, move.fingerprint)
        assert rows(session) == before
