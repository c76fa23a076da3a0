"""A place's calendar: its zone, opening days and hours, holidays and closures; dates in, instants out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.plan.format.when import Week
from app.plan.holidays import holidays_of
from app.plan.language.hours import DAY_SECONDS
from app.plan.terms import FIRST_YEAR, LAST_YEAR, Roll

_FARTHEST = 1_500
_WALKED = 60
ONE_DAY = timedelta(days=1)
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class NoOpenDay(ValueError):
    """A calendar that has no open day within four years of where one is needed."""


@dataclass(frozen=True)
class PlaceCalendar:
    """When a place is open. `open` holds weekday numbers (0 is Monday), `closed` (first, last, title) of closures;
    `roll` is where its work on a closed day goes unless an entry says otherwise.
    """

    zone: ZoneInfo
    open: frozenset[int]
    hours: Week
    holidays: tuple[str, ...] = ()
    closed: tuple[tuple[date, date, str], ...] = ()
    roll: Roll | None = None
    _seen: dict[date, str] = field(default_factory=dict, compare=False, repr=False)
    _years: dict[int, list[date]] = field(default_factory=dict, compare=False, repr=False)

    def closed_because(self, day: date) -> str:
        """Why a day is closed ("Saturday", "Presidents' Day", a closure's title); empty where it is open."""
        if day not in self._seen:
            self._seen[day] = self._reason(day)
        return self._seen[day]

    def _reason(self, day: date) -> str:
        for first, last, title in self.closed:
            if first <= day <= last:
                return title
        if day.weekday() not in self.open:
            return WEEKDAY_NAMES[day.weekday()]
        for code in self.holidays:
            if name := holidays_of(code, day.year).get(day):
                return name
        return ""

    def is_open(self, day: date) -> bool:
        return not self.closed_because(day)

    def nearest_open(self, day: date, step: int) -> date:
        """`day` itself or the next open day in the direction of `step` (1 or -1). Raises `NoOpenDay`."""
        for _ in range(_FARTHEST):
            if self.is_open(day):
                return day
            day += timedelta(days=step)
        raise NoOpenDay(f"no open day near {day.isoformat()}")

    def working_days(self, day: date, count: int) -> date:
        """The day that lies `count` open days away (negative: before), `day` itself not counted. Raises `NoOpenDay`."""
        if abs(count) <= _WALKED:
            step = 1 if count > 0 else -1
            for _ in range(abs(count)):
                day = self.nearest_open(day + timedelta(days=step), step)
            return day
        return self._far(day, count)

    def _far(self, day: date, count: int) -> date:
        """As `working_days` for many days: whole years are counted, not walked."""
        year, step = day.year, 1 if count > 0 else -1
        left = abs(count)
        while FIRST_YEAR <= year <= LAST_YEAR:
            days = self._open_days(year)
            if year == day.year:
                days = days[bisect_right(days, day) :] if step > 0 else days[: bisect_left(days, day)]
            if left <= len(days):
                return days[left - 1] if step > 0 else days[-left]
            left -= len(days)
            year += step
        raise NoOpenDay(f"{abs(count)} working days lead beyond the years {FIRST_YEAR}-{LAST_YEAR}")

    def _open_days(self, year: int) -> list[date]:
        if year not in self._years:
            days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
            self._years[year] = [each for each in days if each.year == year and self.is_open(each)]
        return self._years[year]

    def first_open(self, days: Iterable[date]) -> date | None:
        return next((day for day in days if self.is_open(day)), None)

    def opens(self, day: date) -> time:
        """When the place opens on that weekday, wall time; 00:00 where no hours are given."""
        span = self.hours[day.weekday()]
        seconds = (span.opens if span else 0) % DAY_SECONDS
        return time(seconds // 3600, seconds % 3600 // 60)

    def instant(self, day: date, at: time, zone: ZoneInfo | None = None) -> datetime:
        """Wall time as an instant in UTC: a skipped time moves forward by the gap, a repeated one is the first.

        `datetime` with fold 0 does both: in a gap it uses the offset before it, which lands after the gap.
        """
        return datetime.combine(day, at, zone or self.zone).astimezone(UTC)

    def wall(self, day: date, seconds: int) -> datetime:
        """So many seconds after midnight by the clock on the wall, as an instant; beyond a day it is the next one."""
        days, rest = divmod(seconds, DAY_SECONDS)
        return self.instant(day + timedelta(days=days), time(rest // 3600, rest % 3600 // 60))

    def day_end(self, day: date) -> datetime:
        """The instant in UTC at which a day has ended at the place."""
        return self.instant(day + ONE_DAY, time(0))

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


def end_anywhere_on_earth(day: date) -> datetime:
    """A day has ended anywhere on earth when it has ended at UTC-12: 12:00 UTC of the next day."""
    return datetime.combine(day + ONE_DAY, time(12), UTC)
