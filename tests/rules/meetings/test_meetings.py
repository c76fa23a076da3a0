"""How a meeting stands, whom it asks, what is put before its people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.plan.format.rhythm import Meeting
from app.rules.meetings import agenda as rule
from app.rules.meetings import agenda_words as words
from app.rules.meetings.agenda import Line, Part, Section
from app.rules.meetings.people import asked_roles, invited, leading_roles, reading_roles, takes_of, where_of
from app.rules.meetings.remarks import may_read
from app.rules.meetings.states import STATUS, MeetingState, Recorded, Slot, state_of
from app.rules.people.access import Grant, Viewer
from app.rules.people.responsibility import Away, Member, Staff
from app.rules.playbooks import parsed
from tests.rules.meetings.book import TALKS

BOOK = parsed(TALKS)
NOW = datetime(2027, 1, 5, 22, 5, tzinfo=UTC)
SLOT = Slot(
    date(2027, 1, 5), "America/New_York", datetime(2027, 1, 5, 22, tzinfo=UTC), datetime(2027, 1, 6, 5, tzinfo=UTC),
    timedelta(minutes=10),
)  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "recorded", "state"),
    [
        (-24 * 60, Recorded(), MeetingState.AHEAD), (-60, Recorded(), MeetingState.TODAY),
        (0, Recorded(), MeetingState.NOW), (5, Recorded(), MeetingState.TODAY),
        (7 * 60, Recorded(), MeetingState.SILENT), (0, Recorded(held=True), MeetingState.HELD),
        (-24 * 60, Recorded(called_off=True), MeetingState.OFF),
        (7 * 60, Recorded(missed=True), MeetingState.MISSED),
        (7 * 60, Recorded(missed=True, held=True), MeetingState.MISSED),
        (7 * 60, Recorded(missed=True, called_off=True), MeetingState.MISSED),
    ],
)  # fmt: skip
def test_how_a_meeting_stands(minutes: int, recorded: Recorded, state: MeetingState) -> None:
    assert state_of(SLOT, recorded, NOW + timedelta(minutes=minutes)) is state


def test_its_day_is_that_of_its_place() -> None:
    late = datetime(2027, 1, 6, 4, 59, tzinfo=UTC)  # 23:59 in New York, 05:59 in Berlin
    assert state_of(SLOT, Recorded(), late) is MeetingState.TODAY
    assert Slot(date(2027, 1, 6), "America/New_York", None, None).begun(late) is False
    assert Slot(date(2027, 1, 6), "Europe/Berlin", None, None).begun(late) is True
    assert set(STATUS) == set(MeetingState)


def test_leaders_come_first_and_everyone_is_every_role() -> None:
    hall, huddle, steering = (BOOK.meetings[one] for one in ("all-hands", "huddle", "steering"))
    assert asked_roles(huddle, BOOK) == ("champion", "it-lead")
    assert asked_roles(hall, BOOK) == ("director", "ops-manager", "cto", "it-lead", "sponsor", "champion")
    assert reading_roles(hall, BOOK) == ("director", "ops-manager", "cto", "it-lead", "champion")
    assert reading_roles(steering, BOOK) == ("sponsor", "director")
    assert leading_roles(None) == asked_roles(None, BOOK) == ()


def test_a_rhythm_that_changes_says_its_own_length_and_room() -> None:
    huddle = BOOK.meetings["huddle"]
    first, later = (datetime(2027, 1, *at, tzinfo=UTC) for at in ((5, 7, 15), (18, 7, 30)))
    assert (takes_of(huddle, first), where_of(huddle, first)) == (timedelta(minutes=10), "")
    assert (takes_of(huddle, later), where_of(huddle, later)) == (timedelta(minutes=20), "Kitchen")
    assert (takes_of(huddle, None), takes_of(BOOK.meetings["wave-call"], first), takes_of(None, first)) == (
        timedelta(minutes=10), None, None,
    )  # fmt: skip


def members() -> list[Member]:
    found = (
        ("director", 1, None), ("it-lead", 2, None), ("champion", 3, 10), ("champion", 4, 20), ("sponsor", 5, None),
    )  # fmt: skip
    return [Member(person, f"P{person}", role, "member", 7, place) for role, person, place in found]


@pytest.mark.parametrize(
    ("entry", "places", "people"),
    [
        ("huddle", (10,), [3, 2]), ("huddle", (20,), [4, 2]), ("huddle", (30,), [2]),
        ("all-hands", (None,), [1, 2, 3, 4, 5]),
        ("wave-call", (10, 20), [2, 3, 4]), ("wave-call", (20,), [2, 4]), ("steering", (None,), [5, 1]),
    ],
)  # fmt: skip
def test_who_is_asked_to_come(entry: str, places: tuple[int | None, ...], people: list[int]) -> None:
    staff = Staff(members(), [], NOW)
    assert list(invited(staff, members(), 7, BOOK.meetings[entry], places)) == people


def test_whoever_is_away_is_not_asked_but_whoever_stands_in() -> None:
    away = Away(
        1, 3, "P3", date(2027, 1, 4), date(2027, 1, 8), NOW - timedelta(days=2), NOW + timedelta(days=2), 4, "P4"
    )
    staff = Staff(members(), [away], NOW)
    assert list(invited(staff, members(), 7, BOOK.meetings["huddle"], (10,))) == [4, 2]
    assert 3 not in invited(staff, members(), 7, BOOK.meetings["all-hands"], (None,))


def test_an_agenda_has_its_parts_in_order_and_asks_for_wins_and_concerns() -> None:
    assert [one.part for one in rule.agenda({})] == [Part.WINS, Part.CONCERNS]
    found = rule.agenda(
        {Part.TROUBLE: [Line("task", "blocked", 1)], Part.POINTS: rule.points_of(BOOK.meetings["all-hands"])}
    )
    assert [one.part for one in found] == [Part.POINTS, Part.WINS, Part.CONCERNS, Part.TROUBLE]
    many = rule.agenda({Part.WINS: [Line("win", "today", n) for n in range(1, 43)]})[0]
    assert (len(many.lines), many.more) == (40, True)


def test_points_are_titles_or_the_lines_of_a_text() -> None:
    assert [one.said for one in rule.points_of(BOOK.meetings["all-hands"])] == ["Wins worth celebrating", "Figures"]
    assert [one.said for one in rule.points_of(BOOK.meetings["steering"])] == ["Money", "Risks"]
    assert rule.points_of(Meeting(title="x", owner=None, who=None)) == rule.points_of(None) == ()


def test_what_is_kept_comes_back_whole_and_holds_no_key_for_a_typed_text() -> None:
    sections = (
        Section(Part.CONCERNS, (Line("concern", "open since today", 3, 10, 4), Line("issue", "x", 5)), True),
        Section(Part.POINTS, (Line("point", "Figures"),)),
    )
    kept = rule.frozen(sections)
    assert rule.thawed(kept) == sections
    assert {name for one in kept for line in one["lines"] for name in line} == {"kind", "said", "id", "place", "who"}


def test_of_a_location_that_one_may_not_see_not_even_a_number_is_left() -> None:
    sections = [
        Section(Part.ISSUES, (Line("issue", "a", 1, 10), Line("issue", "b", 2, 20), Line("issue", "c", 3)), True)
    ]
    (mine,) = rule.readable(sections, {10}, everywhere=False)
    assert ([line.id for line in mine.lines], mine.more) == ([1, 3], False)
    assert rule.readable(sections, set(), everywhere=True) == tuple(sections)


def test_only_what_prepares_an_opening_hears_of_late_work() -> None:
    day = date(2027, 1, 8)
    assert rule.prepares(day, [date(2027, 1, 7), day])
    assert rule.prepares(day, [None])
    assert not rule.prepares(day, [date(2027, 1, 7)])
    assert not rule.prepares(day, [])


def test_words() -> None:
    today = date(2027, 1, 8)
    assert words.concern_words(date(2027, 1, 5), today) == "open since Tue 5 Jan"
    assert words.issue_words("Grave", 11_400, False).replace("\xa0", " ") == "Grave, 3 h 10 left"
    assert words.issue_words("Grave", -600, False).replace("\xa0", " ") == "Grave, 10 min over"
    assert words.issue_words("Grave", 60, True) == "Grave, its clock stands still"
    assert words.due_words(None, None, today, NOW) == "no day"
    assert words.due_words(today, None, today, NOW) == "due Fri 8 Jan"
    assert words.due_words(date(2027, 1, 4), NOW, today, NOW) == "late since Mon 4 Jan"


def test_the_minutes_are_shared_among_what_has_something_to_say() -> None:
    spoken = [
        Section(Part.WINS, (Line("win", "x", 1),)),
        Section(Part.CONCERNS, ()),
        Section(Part.POINTS, (Line("point", "y"),)),
    ]
    assert rule.minutes_each(spoken, timedelta(minutes=15)) == 7
    assert rule.minutes_each(spoken, None) == rule.minutes_each([], timedelta(minutes=15)) == 0


def test_a_remark_is_read_by_whoever_said_it_and_by_those_who_work_there() -> None:
    def viewer(role: str, access: str, place: int | None) -> Viewer:
        return Viewer(9, "N", (Grant(role, access, 7, place),))

    assert may_read(viewer("champion", "member", 10), 7, 10, 1)
    assert may_read(viewer("it-lead", "member", None), 7, 10, 1)
    assert not may_read(viewer("sponsor", "executive", None), 7, 10, 1)
    assert not may_read(viewer("champion", "member", 20), 7, None, 1)
    assert may_read(viewer("champion", "member", 20), 7, None, 9)
