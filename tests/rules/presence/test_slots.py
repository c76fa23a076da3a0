"""The slots of a cover: wall time, open days, turns, and how many people are wanted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.rules.presence.slots import Cover
from tests.rules.presence.covers import MONDAY, at, calendar, cover

HOUR = 3600


def days(of: Cover) -> list[int]:
    return [slot.day.day for slot in of.slots()]


def turns(of: Cover) -> list[str]:
    return list(dict.fromkeys(slot.turn[5:] for slot in of.slots()))


def test_opening_hours_are_those_of_each_open_day() -> None:
    slots = list(cover(due=date(2027, 2, 14)).slots())
    assert [slot.day.day for slot in slots] == [8, 9, 10, 11, 12]
    assert (slots[0].from_at, slots[0].until_at, slots[0].people) == (at(8, 7), at(8, 18), 1)


def test_a_holiday_and_a_closure_have_no_opening_hours() -> None:
    closed = calendar(holidays=("US",), closed=((date(2027, 2, 17), date(2027, 2, 18), "Move"),))
    assert days(cover(date(2027, 2, 15), date(2027, 2, 19), place=closed)) == [16, 19]


def test_every_day_and_named_days_count_though_the_place_is_closed() -> None:
    closed = calendar(holidays=("US",))
    assert days(cover(date(2027, 2, 13), date(2027, 2, 15), "08:00-17:00", place=closed, days="every day")) == [
        13,
        14,
        15,
    ]
    assert days(cover(date(2027, 2, 8), date(2027, 2, 21), "08:00-17:00", days=(5,))) == [13, 20]
    assert days(cover(date(2027, 2, 12), date(2027, 2, 14), days="every day")) == [12]  # no hours at the weekend


def test_an_open_day_without_hours_counts_whole() -> None:
    (slot,) = cover(due=MONDAY, place=calendar(hours=(None,) * 7)).slots()
    assert (slot.from_at, slot.until_at) == (at(8), at(9))


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 13), 24), (date(2027, 3, 14), 23), (date(2027, 11, 7), 25)])
def test_all_day_is_as_long_as_the_day(day: date, hours: int) -> None:
    (slot,) = cover(day, day, "all day", days="every day").slots()
    assert slot.seconds == hours * HOUR


@pytest.mark.parametrize(("day", "hours"), [(13, 7), (14, 8)])
def test_a_night_belongs_to_the_day_it_begins_and_follows_the_clock_on_the_wall(day: int, hours: int) -> None:
    (slot,) = cover(date(2027, 3, day), date(2027, 3, day), "22:00-06:00", days="every day").slots()
    assert (slot.day.day, slot.from_at, slot.until_at) == (day, at(day, 22, 3), at(day + 1, 6, 3))
    assert slot.seconds == hours * HOUR


def test_wall_time_stays_nine_hours_through_a_change_of_the_clock() -> None:
    slots = list(cover(date(2027, 3, 12), date(2027, 3, 15), "08:00-17:00").slots())
    assert [slot.seconds for slot in slots] == [9 * HOUR, 9 * HOUR]
    assert slots[1].from_at - slots[0].from_at == timedelta(days=3, hours=-1)


def test_hours_that_the_clock_skips_have_no_slot() -> None:
    assert list(cover(date(2027, 3, 14), date(2027, 3, 14), "02:00-03:00", days="every day").slots()) == []


def test_a_window_gives_the_same_slots_and_turns() -> None:
    whole = cover(due=date(2027, 3, 12), rotate="3wd")
    inside = [slot for slot in whole.slots() if date(2027, 2, 17) <= slot.day <= date(2027, 2, 25)]
    assert list(whole.slots(date(2027, 2, 17), date(2027, 2, 25))) == inside


def test_weeks_turn_on_mondays() -> None:
    assert turns(cover(date(2027, 2, 10), date(2027, 2, 26), rotate="1w")) == ["02-10", "02-15", "02-22"]
    assert turns(cover(date(2027, 2, 10), date(2027, 2, 26), rotate="2w")) == ["02-10", "02-22"]


def test_without_turns_a_week_is_given_at_once() -> None:
    assert turns(cover(date(2027, 2, 10), date(2027, 2, 19))) == ["02-10", "02-15"]


def test_days_working_days_and_months_are_counted_from_the_first() -> None:
    assert turns(cover(date(2027, 2, 10), date(2027, 2, 16), rotate="2d")) == ["02-10", "02-12", "02-14", "02-16"]
    assert turns(cover(date(2027, 2, 10), date(2027, 2, 18), rotate="3wd")) == ["02-10", "02-15", "02-18"]
    assert turns(cover(date(2027, 1, 31), date(2027, 4, 1), rotate="1mo", days="every day")) == [
        "01-31",
        "02-28",
        "03-31",
    ]


def test_hours_cut_a_day_into_turns() -> None:
    slots = list(cover(date(2027, 3, 14), date(2027, 3, 14), "all day", "8h", days="every day").slots())
    assert [slot.seconds // HOUR for slot in slots] == [8, 8, 7]
    assert [slot.turn for slot in slots] == ["2027-03-14.1", "2027-03-14.2", "2027-03-14.3"]


@pytest.mark.parametrize(("crowd", "people"), [(0, 1), (8, 1), (9, 2), (40, 5)])
def test_a_ratio_is_rounded_up_and_never_below_people(crowd: int, people: int) -> None:
    assert cover(ratio=(1, 8), crowd=crowd).people == people


def test_without_a_stretch_nobody_is_wanted_and_one_day_is_a_stretch() -> None:
    assert days(cover(None, None)) == []
    assert days(cover(None, MONDAY)) == [8]


def test_on_call_is_who_is_asked_for_the_whole_day() -> None:
    assert cover(hours="all day").on_call
    assert not cover(hours="08:00-17:00").on_call
