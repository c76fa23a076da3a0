"""What is read of runbooks: the same number of queries however many there are, and only what the reader may see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from app.actions.runs.ending import end_run
from app.actions.runs.making import make_run
from app.db import Database
from app.queries.rollouts.facts import rollout_facts
from app.queries.runs.list import RunbookLine, runbook_lines
from app.queries.runs.runbook import runbook_page
from app.rules.people.access import Extent
from app.rules.runbooks.position import Colour
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.queries.test_counts import counting
from tests.running import RUN, later, rehearse, runbook_id, start, walk


@pytest.fixture
def night(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, casting.running(database, RUN)
    database.dispose()


def lines(session: Session, extent: Extent | None = None) -> list[RunbookLine]:
    rollout = rollout_facts(session, "two-sites")
    return runbook_lines(session, rollout.within(extent) if extent else rollout, later(30))


def test_a_runbook_that_runs_says_how_it_stands_and_one_that_ran_how_it_was(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = rehearse(session, cast)
        start(session, cast, run, "freeze")
        first, second = lines(session)
        assert (first.open, first.position and first.position.colour, first.done) == (run, Colour.GREEN, False)
        assert (second.open, second.position, second.rehearsals, second.runs) == (None, None, (), 0)
        assert [one.place.slug for one in (first, second) if one.place] == ["alder", "birch"]


def test_a_reader_of_one_location_has_that_ones_alone(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.reading() as session:
        found = lines(session, Extent(False, frozenset({cast.locations["birch"]})))
    assert [one.place.slug for one in found if one.place] == ["birch"]


def test_the_list_and_the_page_ask_as_often_with_one_run_as_with_several(night: tuple[Database, Cast]) -> None:
    database, cast = night
    numbers = []
    for place in ("alder", "birch"):
        with database.writing() as session:
            make_run(session, runbook_id(session, cast, place), by=cast.viewer(session, "opm"), now=NOW)
        with database.reading() as session:
            viewer, alder = cast.viewer(session, "opm"), runbook_id(session, cast)
            session.expunge_all()
            with counting(database) as listed:
                lines(session)
            session.expunge_all()
            with counting(database) as shown:
                runbook_page(session, alder, viewer, NOW)
        numbers.append((len(listed), len(shown)))
    print(f"queries: list {numbers[0][0]}, page {numbers[0][1]}")
    assert numbers[0] == numbers[1]


def test_a_rehearsal_that_went_to_its_end_counts(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = rehearse(session, cast)
        minute = walk(session, cast, run)
        end_run(session, run.id or 0, by=cast.viewer(session, "opm"), now=later(minute))
        session.expire_all()
        first, _ = lines(session)
    assert (first.open, first.runs, [one.number for one in first.rehearsals]) == (None, 1, [1])
