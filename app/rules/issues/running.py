"""The clock of an issue: how long it has run and when it will have run out, with the stretches in which it stood. Pure.

It counts all time (`elapsed`) or the opening hours of the place (`business`). Instants are aware, in UTC; lengths are
seconds. An elapsed clock knows no zone: 24 hours are 24 hours on a day of 23.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.plan.calendars import ONE_DAY, NoOpenDay, PlaceCalendar
from app.plan.language.durations import Duration
from app.plan.language.hours import DAY_SECONDS

FARTHEST = 4_000
"""Days that a clock of opening hours looks ahead; nothing promised lies farther."""


@dataclass(frozen=True, slots=True)
class Stood:
    """A stretch in which the clock did not run; without an end it stands still. One that ends before it begins (the
    machine's clock was set back meanwhile) is none.
    """

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """All time, or the opening hours of one calendar."""

    business: bool
    calendar: PlaceCalendar

    def seconds(self, length: Duration) -> int:
        """How much running time a written length is. On a clock of opening hours `1wd` is one day's opening hours: of
        the kind of day that the place has most often, of the longest where several are as frequent; on any other a day.
        """
        if length.elapsed:
            return length.amount
        if length.unit == "wd" and self.business:
            return length.amount * _usual_day(self.calendar)
        days = {"d": 1, "wd": 1, "w": 7, "mo": 30}[length.unit]
        return length.amount * days * DAY_SECONDS

    def between(self, since: datetime, until: datetime) -> float:
        """Running time from one instant to a later one, in seconds; 0 where the second is not later."""
        if until <= since:
            return 0.0
        if not self.business:
            return (until - since).total_seconds()
        spans = self._spans(since, until)
        return sum((min(end, until) - max(begin, since)).total_seconds() for begin, end in spans)

    def after(self, since: datetime, seconds: float) -> datetime:
        """The instant at which the clock has run for so long. Raises NoOpenDay where the place does not open again."""
        if not self.business:
            return since + timedelta(seconds=seconds)
        left = seconds
        for begin, end in self._spans(since, None):
            here = max(begin, since)
            if (room := (end - here).total_seconds()) >= left:
                return here + timedelta(seconds=left)
            left -= room
        raise NoOpenDay("the place does not open again within ten years")

    def _spans(self, since: datetime, until: datetime | None) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of opening hours that end after `since` and begin before `until`, in order, without overlap."""
        day, reached = self.calendar.local_day(since) - ONE_DAY, since
        for _ in range(FARTHEST):
            found = _open_on(self.calendar, day)
            if until is not None and self.calendar.instant(day, time(0)) >= until:
                return
            if found is not None and found[1] > reached and (until is None or found[0] < until):
                yield max(found[0], reached), found[1]
                reached = found[1]
            day += ONE_DAY


def _usual_day(calendar: PlaceCalendar) -> int:
    spans = [span.seconds for day in calendar.open if (span := calendar.hours[day]) is not None]
    counted = Counter(spans)
    return max(counted, key=lambda seconds: (counted[seconds], seconds), default=DAY_SECONDS)


def _open_on(calendar: PlaceCalendar, day: date) -> tuple[datetime, datetime] | None:
    """The opening hours that begin on a day, as instants; all day where the calendar gives no hours."""
    if not calendar.is_open(day):
        return None
    span = calendar.hours[day.weekday()]
    if span is None:
        return calendar.instant(day, time(0)), calendar.day_end(day)
    return calendar.wall(day, span.opens), calendar.wall(day, span.closes)


def joined(stretches: Iterable[tuple[datetime, datetime | None]]) -> list[Stood]:
    """Stretches in any order as stretches in order of time, those that touch made one."""
    found: list[Stood] = []
    for since, until in sorted(stretches, key=lambda one: one[0]):
        last = found[-1] if found else None
        if last is not None and (last.until is None or last.until >= since):
            longest = None if last.until is None or until is None else max(last.until, until)
            found[-1] = Stood(last.since, longest)
        else:
            found.append(Stood(since, until))
    return found


def used(clock: Clock, opened: datetime, stood: Sequence[Stood], now: datetime) -> float:
    """Seconds that the clock has run since `opened`; `stood` in order of time, without overlap."""
    run, cursor = 0.0, opened
    for stretch in stood:
        run += clock.between(cursor, min(stretch.since, now))
        if stretch.until is None or stretch.until >= now:
            return run
        cursor = max(cursor, stretch.since, stretch.until)
    return run + clock.between(cursor, now)


def reaches(clock: Clock, opened: datetime, stood: Sequence[Stood], seconds: float) -> datetime | None:
    """When the clock will have run for so long. None while it stands still before that."""
    left, cursor = seconds, opened
    for stretch in stood:
        room = clock.between(cursor, stretch.since)
        if room >= left:
            break
        if stretch.until is None:
            return None
        left, cursor = left - room, max(cursor, stretch.since, stretch.until)
    return clock.after(cursor, left).astimezone(UTC)
