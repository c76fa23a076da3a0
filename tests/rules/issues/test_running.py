"""The clock: elapsed or in opening hours, over daylight saving, leap days, holidays, nights and pauses; never early."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.plan.calendars import PlaceCalendar
from app.plan.language.durations import parse_duration
from app.plan.language.hours import Span
from app.rules.issues.running import Clock, Stood, joined, reaches, used

CHICAGO = ZoneInfo("America/Chicago")
WEEK = (*[Span(7 * 3600, 18 * 3600)] * 5, Span(8 * 3600, 13 * 3600), None)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def place(hours: Sequence[Span | None] = WEEK, open: Sequence[int] = range(6), **more: object) -> PlaceCalendar:
    return PlaceCalendar(CHICAGO, frozenset(open), tuple(hours), **more)  # type: ignore[arg-type]


ELAPSED, BUSINESS = Clock(False, place()), Clock(True, place(holidays=("US",)))
NIGHTS = Clock(True, place([Span(22 * 3600, 30 * 3600)] * 7, range(7)))
ALWAYS = Clock(True, place([Span(0, 24 * 3600)] * 7, range(7)))
PLAIN = Clock(True, place([None] * 7, range(7)))


def there(*when: int) -> datetime:
    return datetime(*when, tzinfo=CHICAGO).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("day", [(2027, 3, 13), (2027, 11, 6), (2028, 2, 28), (2027, 12, 31)])
def test_24_hours_are_24_hours_whatever_the_calendar_does(day: tuple[int, int, int]) -> None:
    begun = there(*day, 15)
    assert ELAPSED.after(begun, 86_400) - begun == DAY
    assert ALWAYS.after(begun, 86_400) - begun == DAY
    assert PLAIN.after(begun, 86_400) - begun == DAY
    assert ELAPSED.between(begun, begun + DAY) == PLAIN.between(begun, begun + DAY) == 86_400


@pytest.mark.parametrize(
    ("clock", "since", "hours", "until"),
    [
        (BUSINESS, there(2027, 2, 9, 9), 5, there(2027, 2, 9, 14)),
        (BUSINESS, there(2027, 2, 9, 17), 2, there(2027, 2, 10, 8)),
        (BUSINESS, there(2027, 2, 12, 17), 3, there(2027, 2, 13, 10)),  # Saturday has hours of its own
        (BUSINESS, there(2027, 2, 13, 12), 2, there(2027, 2, 16, 8)),  # Sunday, and Presidents' Day
        (BUSINESS, there(2027, 2, 9, 3), 1, there(2027, 2, 9, 8)),  # before it opens
        (BUSINESS, there(2027, 2, 9, 18), 11, there(2027, 2, 10, 18)),  # the last minute is that day's
        (NIGHTS, there(2027, 2, 9, 23), 8, there(2027, 2, 10, 23)),
        (NIGHTS, there(2027, 2, 10, 1), 6, there(2027, 2, 10, 23)),
        (NIGHTS, there(2027, 3, 13, 22), 8, there(2027, 3, 14, 23)),  # the night that has seven hours
        (NIGHTS, there(2027, 11, 6, 22), 9, there(2027, 11, 7, 6)),  # the night that has nine
        (BUSINESS, there(2028, 2, 28, 17), 12, there(2028, 2, 29, 18)),
    ],
)
def test_opening_hours(clock: Clock, since: datetime, hours: int, until: datetime) -> None:
    assert clock.after(since, hours * 3600) == until
    assert clock.between(since, until) == hours * 3600


def test_a_working_day_is_as_long_as_most_days_are() -> None:
    assert BUSINESS.seconds(parse_duration("3wd")) == 3 * 11 * 3600
    assert ELAPSED.seconds(parse_duration("24h")) == 86_400
    assert ELAPSED.seconds(parse_duration("1d")) == 86_400


def test_a_stretch_that_ends_before_it_begins_is_none() -> None:
    begun = there(2027, 2, 9, 9)
    back = [Stood(begun + 2 * HOUR, begun + HOUR)]
    assert reaches(ELAPSED, begun, back, 86_400) == begun + DAY
    assert used(ELAPSED, begun, back, begun + 5 * HOUR) == 5 * 3600


def test_stretches_that_touch_are_one_and_one_without_end_stands_for_ever() -> None:
    at = [there(2027, 2, 9, hour) for hour in range(9, 15)]
    assert joined([(at[3], at[4]), (at[0], at[2]), (at[1], at[3])]) == [Stood(at[0], at[4])]
    assert joined([(at[0], None), (at[1], at[2])]) == [Stood(at[0], None)]
    assert reaches(ELAPSED, at[0], [Stood(at[1])], 7_200) is None
    assert reaches(ELAPSED, at[0], [Stood(at[1])], 3_600) == at[1]
    assert used(ELAPSED, at[0], [Stood(at[1])], at[5]) == 3_600


CLOCKS = st.sampled_from([ELAPSED, BUSINESS, NIGHTS, ALWAYS, PLAIN])
BEGUN = st.integers(0, 3 * 366 * 24 * 60).map(lambda minutes: there(2026, 12, 1) + timedelta(minutes=minutes))
GAPS = st.lists(st.tuples(st.integers(0, 30_000), st.integers(1, 30_000)), max_size=4)
LENGTH = st.integers(1, 40 * 3600)


def _stood(begun: datetime, gaps: list[tuple[int, int]]) -> list[Stood]:
    found, cursor = [], begun
    for after, long in gaps:
        since = cursor + timedelta(seconds=after)
        cursor = since + timedelta(seconds=long)
        found.append((since, cursor))
    return joined(found)


@settings(max_examples=150, deadline=None)
@given(CLOCKS, BEGUN, GAPS, LENGTH)
def test_when_it_runs_out_it_has_run_for_so_long_and_never_a_second_earlier(
    clock: Clock, begun: datetime, gaps: list[tuple[int, int]], length: int
) -> None:
    stood = _stood(begun, gaps)
    at = reaches(clock, begun, stood, length)
    assert at is not None
    assert used(clock, begun, stood, at) == length
    assert used(clock, begun, stood, at - timedelta(seconds=1)) < length
    assert at - begun >= timedelta(seconds=length)


@settings(max_examples=100, deadline=None)
@given(CLOCKS, BEGUN, GAPS, st.lists(st.integers(0, 200_000), min_size=2, max_size=6))
def test_it_never_runs_back_nor_faster_than_time(
    clock: Clock, begun: datetime, gaps: list[tuple[int, int]], seconds: list[int]
) -> None:
    stood = _stood(begun, gaps)
    before, ran = 0, 0.0
    for second in sorted(seconds):
        now = used(clock, begun, stood, begun + timedelta(seconds=second))
        assert 0 <= now - ran <= second - before
        before, ran = second, now


def test_a_closure_stands_still() -> None:
    shut = Clock(True, place(closed=((date(2027, 2, 10), date(2027, 2, 11), "Move"),)))
    assert shut.after(there(2027, 2, 9, 17), 7_200) == there(2027, 2, 12, 8)
