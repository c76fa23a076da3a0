"""What gates count of issues: those that are open, those of them that are nobody's, those that are opened a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from app.actions.issues.changes import acknowledge, assign_issue
from app.actions.issues.reporting import report_issue
from app.actions.issues.solving import resolve_issue
from app.actions.issues.talking import same_elsewhere
from app.actions.people.accounts import deactivate
from app.db import Database
from app.models import Issue
from app.queries.gates.issues import issues_asked
from app.queries.rollouts.facts import rollout_facts
from app.rules.gates.packs import OpenItem
from app.rules.rollouts.readiness import BarState
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast
from tests.gating import evidence, gate_id
from tests.queries.test_counts import counting
from tests.queries.test_gate_sources import bars

ASKED = """\
      calm: {title: No standstill, issues: critical, critical: true}
      held: {title: Each has an owner, issues: [critical, normal], counts: unowned, critical: true}
      little: {title: Few come in, issues: [normal], counts: opened a day, over: 5d, pass: at most 1, critical: true}
issues:
"""
BOOK = PLAYBOOK.replace("issues:\n", ASKED, 1)
OPENED = "opened on the worst of 5 days"


@pytest.fixture
def gated(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, casting.running(database, BOOK)
    database.dispose()


def report(session: Session, cast: Cast, place: str = "alder", *, severity: str = "normal", now: datetime = NOW) -> int:
    """An issue at a location, or (empty) of the whole network."""
    where = cast.locations[place] if place else None
    by = cast.viewer(session, "dir", now)
    row = report_issue(session, cast.rollout, location_id=where, title="Slow", severity=severity, by=by, now=now)
    return row.id or 0


def version(session: Session, issue: int) -> int:
    return session.get_one(Issue, issue).version


def said(session: Session, cast: Cast, criterion: str) -> tuple[str, str]:
    return bars(session, cast, "alder")[criterion][1], bars(session, cast, "birch")[criterion][1]


def test_an_issue_is_nobodys_until_it_is_taken_or_given(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        assert said(session, cast, "held") == ("none without an owner", "none without an owner")
        first, second = report(session, cast), report(session, cast)
        assert bars(session, cast, "alder")["held"] == (BarState.VETO, "2 without an owner")
        acknowledge(session, first, by=cast.viewer(session, "chA"), now=NOW)
        assert said(session, cast, "held") == ("1 without an owner", "none without an owner")
        by, ivo = cast.viewer(session, "dir"), cast.people["itl"]
        assign_issue(session, second, person=ivo, seen=version(session, second), by=by, now=NOW)
        assert bars(session, cast, "alder")["held"] == (BarState.MET, "none without an owner")
        deactivate(session, ivo, by=cast.viewer(session, "adm"), now=NOW)
        assert said(session, cast, "held") == ("1 without an owner", "none without an owner")
        assign_issue(session, second, person=None, seen=version(session, second), by=by, now=NOW)
        assert said(session, cast, "held")[0] == "1 without an owner"


def test_one_of_the_network_and_one_that_another_place_has_too_are_nobodys_there_as_well(
    gated: tuple[Database, Cast],
) -> None:
    database, cast = gated
    with database.writing() as session:
        by, everywhere, shared = cast.viewer(session, "dir"), report(session, cast, ""), report(session, cast, "birch")
        assert said(session, cast, "held") == ("1 without an owner", "2 without an owner")
        same_elsewhere(session, shared, location_id=cast.locations["alder"], by=by, now=NOW)
        assert said(session, cast, "held") == ("2 without an owner", "2 without an owner")
        assert said(session, cast, "little") == tuple([f"2 {OPENED}, at most 1 asked for"] * 2)
        acknowledge(session, shared, by=cast.viewer(session, "chB"), now=NOW)
        assert said(session, cast, "held") == ("1 without an owner", "1 without an owner")
        resolve_issue(
            session, everywhere, cause="A cable", fix="Plugged in", seen=version(session, everywhere), by=by, now=NOW
        )
        assert said(session, cast, "held") == ("none without an owner", "none without an owner")
        assert said(session, cast, "little")[0] == f"2 {OPENED}, at most 1 asked for"


def test_a_day_is_one_of_the_place(gated: tuple[Database, Cast]) -> None:
    """Half past five in the morning in London is before midnight in Chicago and after it in New York."""
    database, cast = gated
    with database.writing() as session:
        for hour, minute in ((3, 0), (3, 30), (5, 30)):
            report(session, cast, "", now=datetime(2027, 1, 5, hour, minute, tzinfo=UTC))
        assert said(session, cast, "little") == (f"3 {OPENED}, at most 1 asked for", f"2 {OPENED}, at most 1 asked for")


@pytest.mark.parametrize(("days", "found"), [(0, f"1 {OPENED}"), (5, f"1 {OPENED}"), (6, "none opened in 5 days")])
def test_the_days_that_have_ended_count_and_today_does_too(gated: tuple[Database, Cast], days: int, found: str) -> None:
    database, cast = gated
    midnight = datetime(2027, 1, 5, 6, tzinfo=UTC)
    with database.writing() as session:
        report(session, cast, now=midnight - timedelta(days=days))
        assert said(session, cast, "little") == (found, "none opened in 5 days")
        report(session, cast, severity="critical")
        assert said(session, cast, "little")[0] == found


def test_many_ask_no_more_often_than_one(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        rollout = rollout_facts(session, "two-sites")
        tests = [rollout.playbook.gates["go"].criteria[one] for one in ("calm", "held", "little")]
        sent = []
        for number in (1, 2):
            for _ in range(number):
                report(session, cast, "alder"), report(session, cast, "")
            session.flush()
            with counting(database) as asked:
                assert issues_asked(session, rollout, tests, NOW).opened
            sent.append(len(asked))
        with counting(database) as none:
            issues_asked(session, rollout, (), NOW)
    assert (sent, none) == ([4, 4], [])


def test_behind_a_veto_stand_the_issues_that_are_nobodys_and_of_what_comes_in_none(
    gated: tuple[Database, Cast],
) -> None:
    database, cast = gated
    with database.writing() as session:
        gate = gate_id(session, cast, "go")
        taken, loose, grave = (
            report(session, cast), report(session, cast, ""), report(session, cast, severity="critical")
        )  # fmt: skip
        acknowledge(session, taken, by=cast.viewer(session, "chA"), now=NOW)
        pack = evidence(session, cast, gate).pack
        assert [line.id for line in pack.vetoes] == ["ready", "calm", "held", "little"]
        assert [one for one in pack.items if one.kind == "issue"] == [
            OpenItem("held", "issue", loose, "2", "normal"),
            OpenItem("calm", "issue", grave, "3", "critical"),
        ]
        assert {line.id: line.needed for line in pack.lines if line.id in ("held", "little")} == {
            "held": "none without an owner",
            "little": "at most 1 opened a day for 5 days",
        }
