"""What a step of a live run asks for beyond the run, by where it was held, and of which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.actions.runs.finishing import finish_step
from app.actions.runs.making import make_run
from app.db import Database
from app.errors import Refused
from app.models import GateDecision, GateRecord, Occasion, Reconciliation, Run, ScheduledEntry
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.reconciling import RECONCILED

RUNBOOKS = """\
  {id}:
    title: Switch
    scope: {scope}
    zero: cutover
    window: T - 10h .. T + 2h
    owner: ops-manager
    order: parallel
    steps:
      count: {{title: Close the day, at: T - 8h, takes: 30m, owner: it-lead, reconcile: daily}}
      ask: {{title: Ask for the go, at: T - 9h, takes: 5m, owner: it-lead, gate: go}}
"""
BOOK = f"{RECONCILED}runbooks:\n" + "".join(
    RUNBOOKS.format(id=f"of-{scope}", scope=scope) for scope in ("location", "wave")
)
SUNDAY, MONDAY = date(2027, 2, 7), date(2027, 2, 8)
LATE = datetime(2027, 2, 8, 6, 30, tzinfo=UTC)
"""Half past midnight at Alder: the day is closed on Sunday at 23:00, and took too long."""

PLACES = [
    ("location", "alder", "pilot", True),
    ("location", "birch", "pilot", False),
    ("location", "", "pilot", True),
    ("location", "", "second", False),
    ("location", "", "", True),
    ("wave", "alder", "pilot", False),
    ("wave", "", "pilot", True),
    ("wave", "", "second", False),
    ("wave", "", "", True),
]


@pytest.fixture
def night(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, casting.running(database, BOOK)
    database.dispose()


def live(session: Session, cast: Cast, scope: str = "location") -> Run:
    """A live run at Alder, or of the pilot wave."""
    place = cast.locations["alder"] if scope == "location" else None
    statement = select(ScheduledEntry).where(ScheduledEntry.entry == f"of-{scope}", ScheduledEntry.location_id == place)
    dated = session.exec(statement).one()
    return make_run(session, dated.id or 0, live=True, by=cast.viewer(session, "opm"), now=NOW)


def finish(session: Session, cast: Cast, run: Run, step: str, now: datetime = LATE) -> None:
    by = cast.viewer(session, "itl", now)
    finish_step(session, run.id or 0, step, seen=None, by=by, now=now)


def hold(session: Session, cast: Cast, place: str, wave: str) -> GateDecision:
    """A go at a gate of that place."""
    where: dict[str, Any] = {"rollout_id": cast.rollout, "location_id": cast.locations.get(place), "wave": wave}
    dated = ScheduledEntry(**where, entry="go", value="held", kind="gate", title="Go or no-go", scope="location")
    session.add(dated)
    session.flush()
    record = GateRecord(**where, dated_id=dated.id or 0, gate="go")
    session.add(record)
    session.flush()
    decision = GateDecision(
        record_id=record.id or 0, outcome="go", decided_as="director", by_id=cast.people["dir"], name="Dana Whitfield",
        at=NOW, proof="password", content="{}", sha256="",
    )  # fmt: skip
    session.add(decision)
    session.flush()
    return decision


def close(session: Session, cast: Cast, place: str, wave: str, day: date) -> None:
    """The counts of a day of that place, closed."""
    where: dict[str, Any] = {"rollout_id": cast.rollout, "location_id": cast.locations.get(place), "entry": "daily"}
    occasion = Occasion(
        **where, wave=wave, kind="reconciliation", value="closed", title="Daily count", scope="location", due=day
    )
    session.add(occasion)
    session.flush()
    session.add(
        Reconciliation(
            **where, occasion_id=occasion.id or 0, day=day, playbook_version_id=cast.playbook, reviewed_at=LATE
        )
    )
    session.flush()


@pytest.mark.parametrize(("scope", "place", "wave", "enough"), PLACES)
def test_a_go_counts_for_its_own_place_its_own_wave_or_the_network(
    night: tuple[Database, Cast], scope: str, place: str, wave: str, enough: bool
) -> None:
    database, cast = night
    with database.writing() as session:
        run = live(session, cast, scope)
        decision = hold(session, cast, place, wave)
        if not enough:
            with pytest.raises(Refused) as refused:
                finish(session, cast, run, "ask")
            assert refused.value.missing == ("a go that stands at “Go or no-go”",)
            return
        decision.fell_at = NOW
        session.flush()
        with pytest.raises(Refused):
            finish(session, cast, run, "ask")
        decision.fell_at = None
        session.flush()
        finish(session, cast, run, "ask")


@pytest.mark.parametrize(("scope", "place", "wave", "enough"), PLACES)
def test_closed_counts_count_for_their_own_place_their_own_wave_or_the_network(
    night: tuple[Database, Cast], scope: str, place: str, wave: str, enough: bool
) -> None:
    database, cast = night
    with database.writing() as session:
        run = live(session, cast, scope)
        close(session, cast, place, wave, SUNDAY)
        if enough:
            finish(session, cast, run, "count")
            return
        with pytest.raises(Refused) as refused:
            finish(session, cast, run, "count")
    assert refused.value.missing == ("“Daily count” of that day, closed",)


def test_a_close_of_the_day_that_slips_past_midnight_asks_for_its_own_day(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = live(session, cast)
        close(session, cast, "", "", MONDAY)
        for now in (LATE, LATE + timedelta(hours=2)):
            with pytest.raises(Refused):
                finish(session, cast, run, "count", now)
        close(session, cast, "alder", "pilot", SUNDAY)
        finish(session, cast, run, "count")
