"""Periods are read with the same number of queries, however many they are; what is kept on them is what follows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlmodel import select

from app.db import Database
from app.models import ProductivityPeriod, Rollout
from app.queries.productivity.comparison import benchmark_of, benchmarks, compared
from app.queries.productivity.overview import chosen_periods, overview
from app.queries.productivity.page import period_page
from app.queries.rollouts.facts import facts_of
from app.rules.people.access import Extent
from tests import cast as casting
from tests.actions.productivity.practice import practice
from tests.cast import Cast


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def running(db: Database) -> Cast:
    return casting.running(db)


def measured(db: Database, cast: Cast, years: range) -> list[int]:
    with db.writing() as session:
        return [practice(session, cast, place, year=year).period for year in years for place in ("alder", "birch")]


def queries_of(db: Database, cast: Cast, ids: list[int]) -> int:
    """How many the room and a comparison of these periods take."""
    said: list[str] = []
    with db.reading() as session:
        rollout = facts_of(session, session.get_one(Rollout, cast.rollout))
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        overview(session, rollout)
        mark = benchmark_of(benchmarks(session, rollout), None)
        compared(chosen_periods(session, rollout, ids), mark)
    return len(said)


def test_one_and_ten_periods_take_the_same_queries(db: Database, running: Cast) -> None:
    few = measured(db, running, range(2026, 2027))[:1]
    one = queries_of(db, running, few)
    many = measured(db, running, range(2022, 2027))
    assert queries_of(db, running, many) == one


def test_only_locations_that_one_sees_are_listed_latest_first(db: Database, running: Cast) -> None:
    measured(db, running, range(2025, 2027))
    with db.reading() as session:
        whole = facts_of(session, session.get_one(Rollout, running.rollout))
        here = whole.within(Extent(False, frozenset({running.locations["birch"]})))
        found = overview(session, here)
        assert [(one.place.slug, one.row.last.year) for one in found.periods] == [("birch", 2026), ("birch", 2025)]
        assert overview(session, whole).total == 4


def test_the_codes_of_a_period_add_up_to_what_is_kept_on_it(db: Database, running: Cast) -> None:
    (period,) = measured(db, running, range(2026, 2027))[:1]
    with db.reading() as session:
        page = period_page(session, period, running.viewer(session, "dir"))
        performed = page.facts.figures.performed
        assert sum(one.extended or 0 for one in page.codes) == performed.coded_rvu
        assert sum(one.quantity for one in page.codes) == performed.coded
        assert page.codes[0].code == "71020"
        rows = session.exec(select(ProductivityPeriod)).all()
        assert len(rows) == 2
