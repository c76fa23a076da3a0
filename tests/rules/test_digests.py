"""Seven in the morning of the place, on its open days: also across the change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.plan.calendars import PlaceCalendar
from app.rules.deliveries.digests import digest_day, next_digest

WEEKDAYS = frozenset(range(5))


def calendar(zone: str, **changes: object) -> PlaceCalendar:
    return PlaceCalendar(ZoneInfo(zone), WEEKDAYS, (None,) * 7, **changes)  # type: ignore[arg-type]


CHICAGO = calendar("America/Chicago", closed=((date(2027, 3, 17), date(2027, 3, 18), "Move"),))


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2027-03-11T12:00+00:00", "2027-03-11T13:00+00:00"),  # Thursday before seven
        ("2027-03-11T13:00+00:00", "2027-03-12T13:00+00:00"),  # at seven sharp: the next one
        ("2027-03-12T20:00+00:00", "2027-03-15T12:00+00:00"),  # Friday; on Sunday the clocks go forward
        ("2027-03-16T20:00+00:00", "2027-03-19T12:00+00:00"),  # two closed days
        ("2027-11-05T20:00+00:00", "2027-11-08T13:00+00:00"),  # the clocks go back
    ],
)
def test_the_next_digest(after: str, due: str) -> None:
    assert next_digest(CHICAGO, datetime.fromisoformat(after)) == datetime.fromisoformat(due)


def test_a_year_of_digests_is_one_a_day_at_seven_on_every_open_day() -> None:
    at, days = datetime(2027, 1, 1, tzinfo=UTC), []
    while (at := next_digest(CHICAGO, at)).year == 2027:
        there = at.astimezone(CHICAGO.zone)
        assert (there.hour, there.minute) == (7, 0)
        days.append(there.date())
    every = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    assert days == [day for day in every if CHICAGO.is_open(day)]


DUE = datetime(2027, 3, 12, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (DUE, date(2027, 3, 12)),
        (DUE + timedelta(hours=9), date(2027, 3, 12)),  # late on the same day
        (DUE + timedelta(days=1), None),  # Saturday
        (datetime(2027, 3, 15, 11, 59, tzinfo=UTC), None),  # Monday before seven
        (datetime(2027, 3, 15, 15, 0, tzinfo=UTC), date(2027, 3, 15)),  # the worker was away over the weekend
    ],
)
def test_a_digest_is_for_an_open_day_from_seven_on(now: datetime, day: date | None) -> None:
    assert digest_day(CHICAGO, DUE, now) == day


def test_an_instant_that_is_no_digest_s_only_asks_to_look_again() -> None:
    assert digest_day(CHICAGO, DUE + timedelta(hours=2), DUE + timedelta(hours=2)) is None
    assert digest_day(CHICAGO, None, DUE) is None
