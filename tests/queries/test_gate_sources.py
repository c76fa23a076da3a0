"""What gates ask for besides tasks, read from what people have recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session

from app.actions.issues.reporting import report_issue
from app.actions.issues.talking import same_elsewhere
from app.actions.runs.ending import end_run
from app.db import Database
from app.queries.gates.dates import gate_dates
from app.queries.gates.rehearsals import rehearsals_of
from app.queries.gates.rolls import rolls
from app.queries.rollouts.facts import rollout_facts
from app.queries.tasks.standing import standing
from app.rules.people.access import Extent
from app.rules.rollouts.readiness import BarState
from tests import cast as casting
from tests.actions.training.school import TEXT, school
from tests.cast import NOW, PLAYBOOK, Cast
from tests.queries.test_counts import counting
from tests.reconciling import RECONCILED, close_day, given, occasion
from tests.running import RUNBOOK, later, rehearse, walk

ASKED = """\
      calm: {title: No standstill, issues: critical, critical: true}
      few: {title: Few others, issues: [critical, normal], pass: at most 1}
      clean: {title: One clean day, reconciliation: daily, critical: true}
      clean-two: {title: Two clean days, any: [{reconciliation: daily, pass: at least 2}, {tasks: migration}]}
      decided: {title: Said by somebody, answer: yes-no, owner: champion, critical: true}
issues:
"""
BOOK = RECONCILED.replace("issues:\n", ASKED, 1)
EVERYWHERE = Extent(True, frozenset())


@pytest.fixture
def gated(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, casting.running(database, BOOK)
    database.dispose()


def bars(session: Session, cast: Cast, place: str) -> dict[str, tuple[BarState, str]]:
    """The next gate of a place, criterion by criterion."""
    rollout = rollout_facts(session, "two-sites")
    tasks = standing(session, rollout, EVERYWHERE, NOW).groups
    roll = rolls(session, rollout, gate_dates(session, rollout.id), tasks, NOW)[cast.locations[place]]
    assert roll is not None
    return {bar.id: (bar.state, bar.said) for bar in roll.bars}


def test_nothing_recorded_is_no_issue_and_no_day(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.reading() as session:
        found = bars(session, cast, "alder")
    assert found["calm"] == (BarState.MET, "none open")
    assert found["few"] == (BarState.MET, "none open")
    assert found["clean"][0] is BarState.OPEN
    assert found["decided"] == (BarState.OPEN, "not answered yet")


def test_an_open_issue_vetoes_where_it_is_and_where_it_is_found_too(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    alder, birch = cast.locations["alder"], cast.locations["birch"]
    with database.writing() as session:
        by = cast.viewer(session, "dir", NOW)

        def report(title: str, place: int | None, severity: str) -> int:
            found = report_issue(
                session, cast.rollout, location_id=place, title=title, severity=severity, by=by, now=NOW
            )
            return found.id or 0

        report("No images", alder, "critical")
        report("Labels print twice", alder, "normal")
        assert bars(session, cast, "alder")["calm"] == (BarState.VETO, "1 open")
        assert bars(session, cast, "alder")["few"] == (BarState.RISK, "2 open, at most 1 asked for")
        assert bars(session, cast, "birch")["calm"] == (BarState.MET, "none open")
        shared = report("The line is down", None, "critical")
        assert bars(session, cast, "birch")["calm"] == (BarState.VETO, "1 open")
        same_elsewhere(session, report("No claims", alder, "normal"), location_id=birch, by=by, now=NOW)
        assert bars(session, cast, "birch")["few"] == (BarState.RISK, "2 open, at most 1 asked for")
        assert bars(session, cast, "alder")["few"][1] == "4 open, at most 1 asked for"
        assert shared


def test_clean_days_are_those_of_the_place(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        close_day(session, cast, occasion(session, cast, "alder"))
        varied = given(claims=("412", "300"), claims_reason="Late")
        close_day(session, cast, occasion(session, cast, "birch"), varied, who="chB")
        alder, birch = bars(session, cast, "alder"), bars(session, cast, "birch")
    assert alder["clean"][1] == "1 clean day in a row"
    assert alder["clean"][0] is BarState.MET
    assert alder["clean-two"][1] == "1 clean day in a row, at least 2 asked for or 0 of 1"
    assert birch["clean"] == (BarState.VETO, "0 clean days in a row")


def test_trainings_and_super_users_are_those_of_the_place(database_url: str) -> None:
    asked = """\
      trained: {title: Everybody trained, training: before, pass: at least 100 %, critical: true}
      desk: {title: Desk trained, training: desk-basics}
      helpers: {title: Super-users there, coverage: super-users, critical: true}
issues:
"""
    pupils = school(Database(database_url), TEXT.replace("issues:\n", asked, 1))
    with pupils.db.reading() as session:
        found = bars(session, pupils.cast, "alder")
    assert found["trained"] == (BarState.OPEN, "0 of 5 passed, at least 100 % asked for")
    assert found["desk"] == (BarState.OPEN, "0 of 3 passed")
    assert found["helpers"] == (BarState.OPEN, "0% covered")
    pupils.db.dispose()


REHEARSED = PLAYBOOK.replace(
    "issues:\n",
    "      rehearsed: {title: Rehearsed, rehearsal: night, critical: true}\n"
    "      nearly: {title: Nearly, rehearsal: night, pass: at most 1}\n"
    f"{RUNBOOK}issues:\n",
    1,
)


def test_a_rehearsal_counts_once_it_has_finished_where_it_was(database_url: str) -> None:
    database = Database(database_url)
    cast = casting.running(database, REHEARSED)
    with database.writing() as session:
        assert bars(session, cast, "alder")["rehearsed"] == (BarState.OPEN, "not rehearsed yet")
        run = rehearse(session, cast)
        walk(session, cast, run, blocked={"freeze": 10})
        assert bars(session, cast, "alder")["rehearsed"] == (BarState.OPEN, "not rehearsed yet")
        end_run(session, run.id or 0, by=cast.viewer(session, "opm", later(110)), now=later(110))
        alder, birch = bars(session, cast, "alder"), bars(session, cast, "birch")
        assert alder["rehearsed"] == (BarState.VETO, "rehearsal 1 on 5 January, 1 blocked, is 0 asked for")
        assert alder["nearly"] == (BarState.MET, "rehearsal 1 on 5 January, 1 blocked")
        assert birch["rehearsed"] == (BarState.OPEN, "not rehearsed yet")
        left = rehearse(session, cast, now=later(200))
        end_run(session, left.id or 0, reason="Only a look", by=cast.viewer(session, "opm"), now=later(201))
        again = rehearse(session, cast, now=later(240))
        walk(session, cast, again, begin=240)
        end_run(session, again.id or 0, by=cast.viewer(session, "opm", later(900)), now=later(900))
        found = bars(session, cast, "alder")["rehearsed"]
    database.dispose()
    assert found == (BarState.MET, "rehearsal 3 on 5 January, none blocked")


def test_a_rehearsal_that_ran_over_its_window_says_by_how_much(database_url: str) -> None:
    database = Database(database_url)
    cast = casting.running(database, REHEARSED)
    with database.writing() as session:
        run = rehearse(session, cast)
        assert run.window_ends is not None
        walk(session, cast, run, last=(run.window_ends - later(0)) / timedelta(minutes=1) + 14)
        end_run(session, run.id or 0, by=cast.viewer(session, "opm", later(900)), now=later(900))
        found = bars(session, cast, "alder")["nearly"]
    database.dispose()
    assert found[1].startswith("rehearsal 1 on 5 January, 14\u00a0min after its window, none blocked")


def test_three_places_are_read_with_as_many_queries_as_one(database_url: str) -> None:
    database = Database(database_url)
    cast = casting.running(database, REHEARSED)
    with database.writing() as session:
        facts = rollout_facts(session, "two-sites")
        with counting(database) as before:
            rehearsals_of(session, facts, {"night"})
        for minute in (0, 300):
            run = rehearse(session, cast, now=later(minute))
            walk(session, cast, run, begin=minute)
            end_run(session, run.id or 0, by=cast.viewer(session, "opm"), now=later(minute + 120))
        session.flush()
        with counting(database) as after:
            assert len(rehearsals_of(session, facts, {"night"})) == 1
    database.dispose()
    assert len(before) == len(after) == 3
