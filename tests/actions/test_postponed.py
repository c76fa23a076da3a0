"""A go-live is put off after its hour: its runbook and its gates move with it, but for what was done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.actions.runs.making import make_run
from app.actions.schedule.moves import Move, move_cutover, planned_cutover_move
from app.db import Database
from app.models import GateDecision, Location, ScheduledEntry
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.gating import decide, gate_id
from tests.running import RUN, rehearse, runbook_id

OPENING = datetime(2027, 2, 8, 13, 0, tzinfo=UTC)
AFTER = OPENING + timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def cast(db: Database) -> Cast:
    return casting.running(db, RUN)


def postpone(session: Session, cast: Cast, now: datetime = AFTER) -> Move:
    """Alder opens a week later, which is said at `now`."""
    alder, by = cast.locations["alder"], cast.viewer(session, "dir", now)
    move = planned_cutover_move(session, alder, cutover="2027-02-15 07:00", by=by, now=now)
    move_cutover(session, alder, cutover="2027-02-15 07:00", reason="Snow.", shown=move.fingerprint, by=by, now=now)
    assert session.get_one(Location, alder).cutover_at == OPENING + WEEK
    return move


def test_the_runbook_of_a_go_live_put_off_after_its_hour_has_the_new_one(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        night = runbook_id(session, cast)
        move = postpone(session, cast)
        assert night in {shift.stored.row for shift in move.found.shifts if not shift.stored.task}
        assert session.get_one(ScheduledEntry, night).due_at == OPENING + WEEK
        assert session.get_one(ScheduledEntry, runbook_id(session, cast, "birch")).due == OPENING.date()
        run = make_run(session, night, live=True, by=cast.viewer(session, "opm", AFTER), now=AFTER)
        assert run.zero_at == OPENING + WEEK


@pytest.mark.parametrize(
    ("live", "outcome", "moves"),
    [(True, "finished", False), (True, "abandoned", True), (True, "backed-out", True), (False, "finished", True)],
)
def test_only_a_live_run_that_finished_holds_its_runbook(
    db: Database, cast: Cast, live: bool, outcome: str, moves: bool
) -> None:
    with db.writing() as session:
        run = rehearse(session, cast, live=live)
        run.outcome, run.ended_at = outcome, NOW
        session.add(run)
        session.flush()
        postpone(session, cast)
        dated = session.get_one(ScheduledEntry, run.dated_id)
        assert dated.due_at == (OPENING + WEEK if moves else OPENING)


@pytest.mark.parametrize(
    ("outcome", "fell", "replaced", "moves"),
    [
        ("deferred", None, None, True),
        ("no-go", None, None, True),
        ("go", None, None, False),
        ("go-with-conditions", None, None, False),
        ("go-with-conditions", NOW, None, True),
        ("go", None, NOW, True),
    ],
)
def test_only_a_go_that_stands_holds_its_gate(
    db: Database, cast: Cast, outcome: str, fell: datetime | None, replaced: datetime | None, moves: bool
) -> None:
    with db.writing() as session:
        gate = gate_id(session, cast)
        decide(session, cast, gate, "deferred")
        decision = session.exec(select(GateDecision)).one()
        decision.outcome, decision.fell_at, decision.replaced_at = outcome, fell, replaced
        session.add(decision)
        session.flush()
        postpone(session, cast)
        assert session.get_one(ScheduledEntry, gate).due == (date(2027, 2, 5) if moves else date(2027, 1, 29))


def test_a_gate_nobody_held_moves_too(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        gate = gate_id(session, cast, "go")
        postpone(session, cast)
        assert session.get_one(ScheduledEntry, gate).due == date(2027, 2, 12)
