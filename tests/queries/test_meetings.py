"""Meetings ask the database as often for three of a thing as for one; a person's own are those of today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from app.actions.issues.reporting import report_issue
from app.actions.locations.pauses import pause_location
from app.actions.meetings.holding import call_off
from app.actions.meetings.remarks import say_remark
from app.db import Database
from app.queries.meetings.agenda import whole_agenda
from app.queries.meetings.lines import Wanted
from app.queries.meetings.list import meetings_page
from app.queries.meetings.mine import meetings_of
from app.queries.meetings.page import meeting_page
from app.queries.meetings.remarks import RemarksWanted, remarks_on, remarks_page
from app.queries.rollouts.facts import rollout_facts
from app.rules.meetings.remarks import Shown
from tests import cast as casting
from tests.actions.meetings.talks import agree, hold, occasion
from tests.cast import NOW, Cast
from tests.queries.test_counts import counting
from tests.rules.meetings.book import TALKS


@pytest.fixture
def talks(database_url: str) -> Iterator[tuple[Database, Cast]]:
    found = Database(database_url)
    yield found, casting.running(found, TALKS)
    found.dispose()


def furnish(session: Session, cast: Cast, times: int) -> None:
    """So many issues, remarks about three kinds of things, and actions of the meeting of Monday."""
    by, alder = cast.viewer(session, "chA"), cast.locations["alder"]
    monday = occasion(session, cast, "huddle", "alder", "2027-01-04")
    hold(session, cast, monday, "chA")
    for number in range(times):
        issue = report_issue(session, cast.rollout, location_id=alder, title=f"I{number}", by=by, now=NOW)
        agree(session, cast, monday, "chA", title=f"A{number}")
        subjects = {"issue": issue.id, "task": cast.task(session, "scanners").id, "meeting": monday.id}
        for kind in ("win", "concern"):
            for subject, id_ in subjects.items():
                say_remark(session, cast.rollout, kind=kind, said=f"{kind} {number}", subject_kind=subject,
                           subject_id=id_, by=by, now=NOW + timedelta(minutes=1))  # fmt: skip


def facts(session: Session, cast: Cast, who: str = "chA"):  # type: ignore[no-untyped-def]
    return rollout_facts(session, "two-sites").within(cast.viewer(session, who).locations(cast.rollout))


READS: dict[str, Callable[[Session, Cast], object]] = {
    "page": lambda session, cast: meeting_page(
        session, occasion(session, cast, "huddle", "alder").id or 0, cast.viewer(session, "chA"), NOW
    ),
    "held": lambda session, cast: meeting_page(
        session, occasion(session, cast, "huddle", "alder", "2027-01-04").id or 0, cast.viewer(session, "chA"), NOW
    ),
    "agenda": lambda session, cast: whole_agenda(session, occasion(session, cast, "all-hands", day="2027-01-08"), NOW),
    "list": lambda session, cast: meetings_page(session, facts(session, cast), Wanted(), 1, NOW),
    "remarks": lambda session, cast: remarks_page(
        session, facts(session, cast), cast.viewer(session, "chA"), RemarksWanted(Shown.ALL), 0, 50
    ),
    "beside": lambda session, cast: remarks_on(
        session, facts(session, cast), cast.viewer(session, "chA"), "", cast.locations["alder"], 5
    ),
    "mine": lambda session, cast: meetings_of(session, cast.viewer(session, "chA"), NOW),
}


@pytest.mark.parametrize("read", READS)
def test_more_of_a_thing_asks_no_more_often(talks: tuple[Database, Cast], read: str) -> None:
    database, cast = talks
    asked = []
    for times in (1, 2):
        with database.writing() as session:
            if times == 1:
                furnish(session, cast, 1)
            else:
                by, alder = cast.viewer(session, "chA"), cast.locations["alder"]
                for number in range(3):
                    report_issue(session, cast.rollout, location_id=alder, title=f"More {number}", by=by, now=NOW)
                    for kind in ("win", "concern"):
                        say_remark(session, cast.rollout, kind=kind, said=f"More {number}", location_id=alder, by=by,
                                   now=NOW + timedelta(minutes=1))  # fmt: skip
                monday = occasion(session, cast, "huddle", "alder", "2027-01-04")
                for number in range(3):
                    agree(session, cast, monday, "chA", title=f"More {number}")
                hold(session, cast, occasion(session, cast, "steering"), "dir")
        with database.reading() as session:
            READS[read](session, cast)
        with database.reading() as session, counting(database) as sent:
            READS[read](session, cast)
        asked.append(len(sent))
    assert asked[0] == asked[1]


def titles(session: Session, cast: Cast, who: str, now: datetime = NOW) -> list[tuple[str, str, bool, str]]:
    found = meetings_of(session, cast.viewer(session, who, now), now)
    return [(one.title, one.place, one.leads, one.state.value) for one in found]


def test_mine_are_those_of_today_that_i_lead_or_am_asked_to(talks: tuple[Database, Cast]) -> None:
    database, cast = talks
    with database.writing() as session:
        alder, birch = ("Huddle", "Alder", True, "today"), ("Huddle", "Birch", True, "today")
        call = ("Wave call", "", False, "today")
        assert titles(session, cast, "chA") == [alder, call]
        assert titles(session, cast, "chAB") == [birch, alder, call]
        assert titles(session, cast, "itl") == [
            ("Huddle", "Birch", False, "today"), ("Huddle", "Alder", False, "today"), ("Wave call", "", True, "today"),
        ]  # fmt: skip
        assert titles(session, cast, "exe") == [("Steering group", "", True, "today")]
        assert titles(session, cast, "dir") == [("Steering group", "", False, "today")]
        assert titles(session, cast, "ch0") == titles(session, cast, "adm") == titles(session, cast, "opm") == []
        hold(session, cast, occasion(session, cast, "huddle", "alder"), "chA")
        by = cast.viewer(session, "chB")
        off = occasion(session, cast, "huddle", "birch")
        call_off(session, off.id or 0, reason="Snow", seen=0, by=by, now=NOW)
        assert titles(session, cast, "chAB")[:2] == [(*birch[:3], "called off"), (*alder[:3], "held")]
        pause_location(session, cast.locations["alder"], reason="Flood", by=cast.viewer(session, "dir"), now=NOW)
        assert titles(session, cast, "chA") == [call]


def test_today_is_the_day_of_the_place(talks: tuple[Database, Cast]) -> None:
    database, cast = talks
    night = datetime(2027, 1, 6, 5, 30, tzinfo=UTC)  # Wednesday in New York, still Tuesday in Chicago
    with database.reading() as session:
        found = meetings_of(session, cast.viewer(session, "chAB", night), night)
        assert [(one.place, one.slot.day.day, one.address) for one in found if one.place] == [
            ("Alder", 5, f"/meetings/{occasion(session, cast, 'huddle', 'alder').id}"),
            ("Birch", 6, f"/meetings/{occasion(session, cast, 'huddle', 'birch', '2027-01-06').id}"),
        ]
