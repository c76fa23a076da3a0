"""When something recurring happens, on which days it does not, and where those go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.plan.calendars import PlaceCalendar
from app.plan.language.recurrence import parse_every
from app.plan.terms import Roll
from app.rules.schedule.recurrence import MOST, TooOften, occurrences
from tests.rules.planning import MONDAY, PLACES, WAVES, book, days, items, planned

SUNDAY = date(2027, 1, 31)


def calendar(more: str = "holidays: [US]") -> PlaceCalendar:
    return planned(book("tasks: {fees: {title: F, owner: lead, due: week 1 fri}}", more)).timeline.network


def found(every: str, first: date = MONDAY, last: date = SUNDAY, roll: Roll | None = None, more: str = "") -> list[str]:
    """Days as 01-04, those on which it is closed in brackets."""
    happens = occurrences(parse_every(every), first, last, calendar(more or "holidays: [US]"), roll)
    return [f"({o.day:%m-%d})" if o.closed else f"{o.day:%m-%d}" for o in happens]


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("week", "01-04 01-11 (01-18) 01-25"),  # 18 January is a holiday
        ("2w", "01-04 (01-18)"),
        ("10d", "01-04 01-14 (01-24)"),
        ("5wd", "01-04 01-11 01-19 01-26"),
        ("mon thu", "01-04 01-07 01-11 01-14 (01-18) 01-21 01-25 01-28"),
        ("sat .. mon", "01-04 (01-09) (01-10) 01-11 (01-16) (01-17) (01-18) (01-23) (01-24) 01-25 (01-30) (01-31)"),
        ("first mon of the month", "01-04"),
        ("second tue of the month", "01-12"),
        ("third mon of the month", "(01-18)"),
        ("fourth wed of the month", "01-27"),
        ("last fri of the month", "01-29"),
        ("first working day of the month", "01-04"),  # 1 January is a holiday, the 2nd and 3rd a weekend
        ("second working day of the month", "01-05"),
        ("last working day of the month", "01-29"),
        ("month", "01-04"),
    ],
)
def test_the_days_of_january_2027(every: str, days: str) -> None:
    assert " ".join(found(every)) == days


def test_a_day_and_an_hour_run_on_closed_days_too() -> None:
    weekend = (date(2027, 1, 16), date(2027, 1, 18))
    assert found("day", *weekend) == ["01-16", "01-17", "01-18"]
    assert len(found("hour", *weekend)) == 72


def test_a_working_day_is_every_open_day() -> None:
    assert found("working day", date(2027, 1, 15), date(2027, 1, 20)) == ["01-15", "01-19", "01-20"]


def test_a_month_counts_from_the_first_day_and_ends_with_shorter_months() -> None:
    last = date(2027, 5, 31)
    assert found("month", date(2027, 1, 31), last, Roll.KEEP) == ["01-31", "02-28", "03-31", "04-30", "05-31"]
    assert found("2mo", date(2027, 1, 31), last, Roll.KEEP) == ["01-31", "03-31", "05-31"]


@pytest.mark.parametrize(
    ("roll", "days"),
    [
        (None, "(01-18) 01-25"),
        (Roll.EARLIER, "01-15 01-25"),
        (Roll.LATER, "01-19 01-25"),
        (Roll.KEEP, "01-18 01-25"),
    ],
)
def test_a_closed_day_is_dropped_unless_the_entry_says_where_it_goes(roll: Roll | None, days: str) -> None:
    assert " ".join(found("mon", date(2027, 1, 12), SUNDAY, roll)) == days


def test_a_dropped_day_says_why_it_is_closed() -> None:
    monday, *_ = occurrences(parse_every("mon"), date(2027, 1, 18), SUNDAY, calendar())
    assert (monday.day, monday.closed) == (date(2027, 1, 18), "Martin Luther King Jr. Day")


def test_two_that_roll_to_the_same_day_are_one() -> None:
    assert found("sat sun", date(2027, 1, 9), date(2027, 1, 10), Roll.LATER) == ["01-11"]


def test_a_moved_day_keeps_the_day_that_was_meant() -> None:
    [moved] = occurrences(parse_every("mon"), date(2027, 1, 18), date(2027, 1, 19), calendar(), Roll.LATER)
    assert (moved.day, moved.meant) == (date(2027, 1, 19), date(2027, 1, 18))


def test_a_written_time_is_wall_time_on_both_sides_of_a_change_of_the_clock() -> None:
    chicago = calendar("zone: America/Chicago")
    happens = occurrences(parse_every("fri 12:00"), date(2027, 3, 12), date(2027, 3, 19), chicago)
    assert [o.at for o in happens] == [datetime(2027, 3, 12, 18, tzinfo=UTC), datetime(2027, 3, 19, 17, tzinfo=UTC)]


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 14), 23), (date(2027, 3, 15), 24), (date(2027, 11, 7), 25)])
def test_an_hour_is_an_hour_on_short_and_long_days(day: date, hours: int) -> None:
    happens = list(occurrences(parse_every("hour"), day, day, calendar("zone: America/Chicago")))
    assert len(happens) == hours
    assert {o.day for o in happens} == {day}


def test_elapsed_steps_are_counted_from_the_beginning_of_the_first_day() -> None:
    happens = list(occurrences(parse_every("90m"), MONDAY, MONDAY, calendar()))
    assert [o.at for o in happens[:2]] == [datetime(2027, 1, 4, 0, tzinfo=UTC), datetime(2027, 1, 4, 1, 30, tzinfo=UTC)]
    assert len(happens) == 16


def test_too_many_are_refused_rather_than_listed() -> None:
    with pytest.raises(TooOften, match="5,000"):
        list(occurrences(parse_every("5m"), MONDAY, MONDAY + timedelta(days=30), calendar()))
    assert MOST == 5_000


def test_a_stretch_that_ends_before_it_begins_has_none() -> None:
    for every in ("day", "week", "month", "hour", "2wd", "first mon of the month"):
        assert found(every, SUNDAY, MONDAY) == []


@settings(max_examples=100, deadline=None)
@given(
    every=st.sampled_from(
        ["day", "working day", "week", "month", "mon wed", "2w", "3wd", "last fri of the month", "6h"]
    ),
    offset=st.integers(0, 700),
    length=st.integers(0, 120),
    roll=st.sampled_from([None, Roll.EARLIER, Roll.LATER, Roll.KEEP]),
)
def test_occurrences_are_meant_inside_the_stretch_in_order_and_each_once(
    every: str, offset: int, length: int, roll: Roll | None
) -> None:
    first = MONDAY + timedelta(days=offset)
    last = first + timedelta(days=length)
    happens = list(occurrences(parse_every(every), first, last, calendar(), roll))
    assert all(first <= o.meant <= last for o in happens)
    assert [o.meant for o in happens] == sorted(o.meant for o in happens)
    assert len({(o.day, o.at) for o in happens}) == len(happens)


# -- in a plan -----------------------------------------------------------------------------------------------------


def test_a_recurring_task_has_a_record_each_open_day_of_its_stretch() -> None:
    body = WAVES + "tasks: {count: {title: C, owner: lead, due: live week 1 .. live week 2, every: working day 18:00}}"
    plan = planned(book(body, "holidays: [US]"), MONDAY, [PLACES[0]])
    assert [f"{day:%m-%d}" for day in days(plan, "count") if day] == [
        "02-08", "02-09", "02-10", "02-11", "02-12", "02-16", "02-17", "02-18", "02-19",
    ]  # fmt: skip


def test_a_recurring_task_that_rolls_keeps_its_record() -> None:
    body = "tasks: {count: {title: C, owner: lead, due: week 7, every: mon, roll: later}}"
    assert days(planned(book(body, "holidays: [US]")), "count") == [date(2027, 2, 16)]


def test_occurrences_of_one_day_are_told_apart_by_their_instant() -> None:
    body = "tasks: {count: {title: C, owner: lead, due: week 1 mon, every: 8h}}"
    found = items(planned(book(body)), "count")
    assert [item.value for item in found if item.due == MONDAY] == [
        "2027-01-04T00:00Z", "2027-01-04T08:00Z", "2027-01-04T16:00Z",
    ]  # fmt: skip


def test_the_rounds_of_a_meeting_follow_each_other() -> None:
    body = (
        "tasks: {fees: {title: F, owner: lead, due: week 1 fri}}\n"
        "meetings: {huddle: {title: H, owner: lead, who: everyone, rounds: ["
        "{when: week 1, every: working day 07:15}, {when: week 2 .. week 3, every: mon 07:15}]}}\n"
    )
    assert [f"{day:%m-%d}" for day in days(planned(book(body, "holidays: [US]")), "huddle") if day] == [
        "01-04", "01-05", "01-06", "01-07", "01-08", "01-11",
    ]  # fmt: skip


def test_cover_on_every_day_ends_on_the_day_that_is_written() -> None:
    body = (
        "tasks: {fees: {title: F, owner: lead, due: week 1 fri}}\n"
        "coverage: {night: {title: Cover, owner: lead, when: week 1 sat .. week 2 sun,"
        " days: every day, hours: all day}}\n"
    )
    [cover] = items(planned(book(body)), "night")
    assert (cover.begins, cover.due) == (date(2027, 1, 9), date(2027, 1, 17))
