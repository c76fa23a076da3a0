"""Where a wave takes the playbook as it is, nothing is changed by hand; elsewhere what was changed is counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from app.actions.locations.joining import planned_addition
from app.actions.schedule.moves import move_cutover, planned_cutover_move, planned_task_move
from app.actions.tasks.added import add_task
from app.actions.tasks.blocks import block_task
from app.actions.tasks.bulk import skip_tasks
from app.actions.tasks.completion import complete_task, skip_task
from app.db import Database
from app.errors import Invalid, Refused
from app.models import Rollout
from app.queries.rollouts.facts import facts_of
from app.queries.upgrades.deviations import deviations
from app.rules.upgrades.lines import OURS
from tests import cast as casting
from tests.actions.upgrades.test_upgrading import ADDED, DUE, moved_by_hand
from tests.actions.upgrades.versions import line_of, newer, previewed, upgraded, uploaded
from tests.cast import NOW, PLAYBOOK, Cast

AS_IT_IS = PLAYBOOK.replace("locations: 2}", "locations: 2, changes: none}")
SAYS = "takes the playbook as it is"


@pytest.fixture
def strict(db: Database) -> Cast:
    """The rollout whose one wave allows no changes."""
    return casting.running(db, AS_IT_IS)


def by(session: Session, cast: Cast, who: str = "dir") -> dict[str, Any]:
    return {"by": cast.viewer(session, who), "now": NOW}


def test_no_day_is_set_by_hand_there(db: Database, strict: Cast) -> None:
    with db.writing() as session, pytest.raises(Refused, match=SAYS):
        task = strict.task(session, "scanners")
        planned_task_move(session, task.id or 0, due=date(2027, 1, 13), **by(session, strict))


def test_no_task_is_added_there_and_the_refusal_says_where_instead(db: Database, strict: Cast) -> None:
    with db.writing() as session:
        where = {"location_id": strict.locations["alder"], "role": "champion", **by(session, strict, "chA")}
        with pytest.raises(Refused, match="Add the task for all centres"):
            add_task(session, strict.rollout, title="Spare cable", due=None, **where)
        add_task(session, strict.rollout, title="Spare cable", due=None, role="it-lead", **by(session, strict))


@pytest.mark.parametrize("who", ["dir", "chA"])
def test_only_what_is_optional_is_set_aside_there(db: Database, strict: Cast, who: str) -> None:
    with db.writing() as session:
        task, posters = strict.task(session, "scanners"), strict.task(session, "posters")
        with pytest.raises(Refused, match=SAYS):
            skip_task(session, task.id or 0, reason="None here.", seen=task.version, **by(session, strict, who))
        with pytest.raises(Refused, match=SAYS):
            skip_tasks(session, {task.id or 0: task.version}, reason="None here.", **by(session, strict, who))
        skip_task(session, posters.id or 0, reason="", seen=posters.version, **by(session, strict, who))


def test_no_cutover_of_its_own_there_nor_for_one_that_joins(db: Database, strict: Cast) -> None:
    with db.writing() as session:
        with pytest.raises(Refused, match=SAYS):
            planned_cutover_move(session, strict.locations["alder"], cutover="2027-02-15 07:00", **by(session, strict))
        planned_cutover_move(session, strict.locations["alder"], cutover=None, **by(session, strict))
        cedar = {"id": "cedar", "name": "Cedar", "zone": "UTC", "wave": "pilot", "cutover": "2027-02-15 07:00"}
        with pytest.raises(Invalid, match="no cutover of its own"):
            planned_addition(session, strict.rollout, cedar, **by(session, strict))


def test_work_goes_on_there_as_everywhere(db: Database, strict: Cast) -> None:
    with db.writing() as session:
        task, scanners = strict.task(session, "cabling"), strict.task(session, "scanners")
        block_task(session, task.id or 0, reason="No ladder.", seen=task.version, **by(session, strict, "itl"))
        complete_task(session, scanners.id or 0, seen=scanners.version, **by(session, strict, "chA"))


def test_what_was_changed_by_hand_is_counted_by_location(db: Database, running: Cast) -> None:
    moved_by_hand(db, running, "scanners", date(2027, 1, 13))
    with db.writing() as session:
        cabling, posters = running.task(session, "cabling"), running.task(session, "posters")
        skip_task(session, cabling.id or 0, reason="No cables.", seen=cabling.version, **by(session, running, "itl"))
        skip_task(session, posters.id or 0, reason="", seen=posters.version, **by(session, running, "chA"))
        where = {"location_id": running.locations["alder"], "role": "champion", **by(session, running)}
        add_task(session, running.rollout, title="Spare cable", due=None, **where)
        alder = running.locations["alder"]
        shown = planned_cutover_move(session, alder, cutover="2027-02-15 07:00", **by(session, running)).fingerprint
        given = {"cutover": "2027-02-15 07:00", "reason": "Snow.", "shown": shown}
        move_cutover(session, alder, **given, **by(session, running))
    with db.reading() as session:
        rollout = facts_of(session, session.get_one(Rollout, running.rollout))
        found = deviations(session, rollout)
        here = {(one.kind, one.title) for one in found[running.locations["alder"]]}
        assert here == {
            ("date", "Label printers and scanners work"),
            ("aside", "Have the cabling checked"),
            ("added", "Spare cable"),
            ("cutover", "Its own cutover"),
        }
        assert found[running.locations["birch"]] == []


def test_what_an_upgrade_asked_for_is_no_deviation_and_what_was_kept_says_against_what(
    db: Database, running: Cast
) -> None:
    moved_by_hand(db, running, "scanners", date(2027, 1, 13))
    to = uploaded(db, running, newer(DUE, ADDED))
    found = previewed(db, running, to, "alder")
    keys = {line_of(found, "scanners").key: OURS}
    late = {line.key: "2027-01-20" for line in found.asking if line.asks_due}
    upgraded(db, running, to, "alder", choices={**keys, **late})
    with db.reading() as session:
        rollout = facts_of(session, session.get_one(Rollout, running.rollout))
        (one,) = deviations(session, rollout)[running.locations["alder"]]
        assert (one.kind, one.against, one.by) == ("date", "1.1", "Dana Whitfield")
