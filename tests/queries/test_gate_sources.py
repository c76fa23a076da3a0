"""What gates ask for besides tasks, read from what people have recorded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from app.actions.issues.reporting import report_issue
from app.actions.issues.talking import same_elsewhere
from app.db import Database
from app.queries.gates.dates import gate_dates
from app.queries.gates.rolls import rolls
from app.queries.rollouts.facts import rollout_facts
from app.queries.tasks.standing import standing
from app.rules.people.access import Extent
from app.rules.rollouts.readiness import BarState
from tests import cast as casting
from tests.actions.training.school import TEXT, school
from tests.cast import NOW, Cast
from tests.reconciling import RECONCILED, close_day, given, occasion

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
    assert found["decided"][0] is BarState.UNKNOWN


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
