"""Days counted by the database as the rule counts them, and the days that are somebody's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from app.db import Database
from app.models import Occasion, Reconciliation, Rollout
from app.queries.reconciliations.mine import days_of
from app.queries.reconciliations.network import network_days
from app.queries.reconciliations.place import place_days
from app.queries.reconciliations.rows import day_rows
from app.queries.reconciliations.runs import run_of, runs_at
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.rules.people.access import Extent
from app.rules.reconciliations.days import DayState, runs_of
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.engines import ONE_ENGINE
from tests.reconciling import RECONCILED, close_day, count_day, occasion

EVERYWHERE = Extent(True, frozenset())
LATER = datetime(2027, 2, 20, 3, tzinfo=UTC)
"""The evening of a Friday at Alder, the same at Birch."""


@pytest.fixture(params=ONE_ENGINE)
def base(request: pytest.FixtureRequest) -> Iterator[Database]:
    database = Database(request.getfixturevalue(f"{request.param}_url"))
    yield database
    database.dispose()


@pytest.fixture
def cast(base: Database) -> Cast:
    return casting.running(base, RECONCILED)


def facts(session: Session, cast: Cast) -> RolloutFacts:
    return facts_of(session, session.get_one(Rollout, cast.rollout))


def anything(session: Session, cast: Cast, chance: random.Random, today: date) -> None:
    """Records of every kind, or none, for each day that has come, as they may stand in the database."""
    for row in session.exec(select(Occasion).where(Occasion.kind == "reconciliation")):
        if row.due is None or row.due > today:
            continue
        kind = chance.choice(["clean"] * 6 + ["variance", "missed", "late", "counted", "open", "none", "unwatched"])
        row.next_at = None if kind in ("unwatched", "missed", "late", "clean", "counted") else row.late_at
        session.add(row)
        if kind in ("none", "unwatched"):
            continue
        at = datetime(row.due.year, row.due.month, row.due.day, 20, tzinfo=UTC)
        closed = kind in ("clean", "variance") or (kind == "late" and chance.random() < 0.5)
        session.add(
            Reconciliation(
                occasion_id=row.id or 0, rollout_id=row.rollout_id, location_id=row.location_id, entry=row.entry,
                day=row.due, playbook_version_id=cast.playbook,
                counted_at=None if kind in ("missed", "open") else at, reviewed_at=at if closed else None,
                clean=kind != "variance" if closed else None, missed_at=at if kind in ("missed", "late") else None,
            )
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_database_counts_as_the_rule_does(base: Database, cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    now = NOW + timedelta(days=chance.randrange(50), hours=chance.randrange(24))
    with base.writing() as session:
        anything(session, cast, chance, (now - timedelta(hours=6)).date())
    with base.reading() as session:
        rollout = facts(session, cast)
        found = runs_at(session, rollout, [*cast.locations.values()], now)
        for place in cast.locations.values():
            rows = day_rows(session, rollout, now, col(Occasion.location_id) == place)
            come = [(row.state, row.facts.waits_for_review) for row in rows if row.state is not DayState.AHEAD]
            assert run_of(found, place, "daily") == runs_of(come)
        assert runs_at(session, rollout, [*cast.locations.values()], now, "weekly") == {}


def test_ten_clean_days_in_a_row(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        days = [date(2027, 1, 4) + timedelta(days=number) for number in range(1, 20)]
        for day in [day for day in days if day.weekday() < 5 and day != date(2027, 1, 18)]:
            at = datetime(day.year, day.month, day.day, 21, tzinfo=UTC)
            close_day(session, cast, occasion(session, cast, day=day), now=at)
        rollout = facts(session, cast)
        now = datetime(2027, 1, 23, 3, tzinfo=UTC)
        found = runs_at(session, rollout, [cast.locations["alder"]], now, "daily")
        # A holiday and two weekends lie between them, and the first day of all was over before the start.
        assert (run_of(found, cast.locations["alder"], "daily").run, len(days)) == (13, 19)


def test_the_number_of_queries_does_not_grow_with_places_and_days(base: Database, cast: Cast) -> None:
    asked: list[str] = []
    event.listen(base.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def number(now: datetime) -> tuple[int, int]:
        with base.reading() as session:
            rollout = facts(session, cast)
            asked.clear()
            network_days(session, rollout, EVERYWHERE, "", 1, now)
            first = len(asked)
            place_days(session, rollout, rollout.locations[0], EVERYWHERE, None, now)
            return first, len(asked) - first

    before = number(NOW)
    with base.writing() as session:
        for place, who in (("alder", "chA"), ("birch", "chB")):
            for day in (5, 6, 7):
                at = datetime(2027, 1, day, 22, tzinfo=UTC)
                close_day(session, cast, occasion(session, cast, place, date(2027, 1, day)), who=who, now=at)
    assert number(LATER) == before


def test_days_are_those_that_are_ones_own_to_count_or_to_close(base: Database, cast: Cast) -> None:
    def mine(who: str) -> list[tuple[str, str, str]]:
        with base.reading() as session:
            found = days_of(session, cast.viewer(session, who), NOW)
            return [(one.act, one.place.slug if one.place else "", str(one.state)) for one in found]

    assert mine("chA") == [("count", "alder", "open")]
    # An hour earlier at Birch.
    assert mine("chAB") == [("count", "birch", "open"), ("count", "alder", "open")]
    assert mine("opm") == mine("exe") == mine("itl") == mine("ch0") == []
    with base.writing() as session:
        day = occasion(session, cast)
        count_day(session, cast, day)
    assert mine("chA") == []
    assert mine("opm") == [("review", "alder", "counted")]
    assert mine("dir") == []
    with base.reading() as session:
        (one,) = days_of(session, cast.viewer(session, "opm"), NOW)
        assert (one.address, one.title, one.due) == (
            f"/reconciliations/{day}", "Daily count", datetime(2027, 1, 5, 23, 30, tzinfo=UTC),
        )  # fmt: skip
