"""When somebody must be present, and how many: the slots of a cover at one place, and the turns they belong to. Pure.

A slot is one stretch of one day. Hours are wall time of the place: 08:00-17:00 lasts nine hours on every day but those
on which the clock is changed in between, all day lasts from midnight to midnight (23, 24 or 25 hours), and 22:00-06:00
belongs to the day on which it begins. `opening hours` are those that the place keeps on that weekday; where it names
none, an open day counts whole and a closed one not at all. Named days and `every day` count though the place is closed.

Turns are what is given to somebody at once. `rotate: 1w` begins on Mondays; days, working days and months are counted
from the first day of the stretch; hours (`8h`) cut each day into pieces. Without `rotate` nobody takes turns: what is
given at once is a week, and a proposal keeps whoever has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from app.plan.calendars import ONE_DAY, PlaceCalendar
from app.plan.format.rhythm import Coverage
from app.plan.language.durations import Duration
from app.plan.language.hours import DAY_SECONDS, Span
from app.plan.moments import add_months

ALL_DAY = "all day"
WEEK = Duration(1, "w")
_WHOLE = Span(0, DAY_SECONDS)


@dataclass(frozen=True, slots=True)
class Slot:
    """`people` are wanted from `from_at` until before `until_at` (UTC); `day` is the day of the place on which it
    begins, `turn` the name of its turn, in order of time.
    """

    day: date
    from_at: datetime
    until_at: datetime
    people: int
    turn: str

    @property
    def seconds(self) -> int:
        return int((self.until_at - self.from_at).total_seconds())


@dataclass(frozen=True)
class Cover:
    """What the playbook asks for at one place, in its present stretch; `crowd` are the people its ratio counts."""

    asked: Coverage
    calendar: PlaceCalendar
    begins: date | None
    due: date | None
    crowd: int = 0

    @property
    def on_call(self) -> bool:
        """Whoever is asked for the whole day need not stand anywhere: they can be reached."""
        return self.asked.hours == ALL_DAY

    @property
    def people(self) -> int:
        """How many at once: as many as the ratio makes of the crowd, and never fewer than `people`."""
        if self.asked.ratio is None:
            return self.asked.people
        some, per = self.asked.ratio
        return max(self.asked.people, ceil(self.crowd * some / per))

    def slots(self, first: date | None = None, last: date | None = None) -> Iterator[Slot]:
        """In order of time; only of the days from `first` to `last`, where these are given."""
        begins, due = self.begins or self.due, self.due
        if begins is None or due is None:
            return
        turns, day = _Turns(self.asked.rotate or WEEK, begins, self.calendar), begins
        while day <= min(due, last or due):
            turns.reach(day)
            if day >= (first or day) and self._counts(day):
                yield from self._of(day, turns)
            day += ONE_DAY

    def _counts(self, day: date) -> bool:
        if self.asked.days == "every day":
            return True
        if self.asked.days == "open days":
            return self.calendar.is_open(day)
        return day.weekday() in self.asked.days

    def _of(self, day: date, turns: _Turns) -> Iterator[Slot]:
        span = self._span(day)
        if span is None:
            return
        at, until = self.calendar.wall(day, span.opens), self.calendar.wall(day, span.closes)
        piece = turns.piece or (until - at)
        number = 0
        while at < until:
            ends = min(at + piece, until)
            yield Slot(day, at, ends, self.people, turns.name(number))
            at, number = ends, number + 1

    def _span(self, day: date) -> Span | None:
        hours = self.asked.hours
        if hours == ALL_DAY:
            return _WHOLE
        if isinstance(hours, str):
            return self.calendar.hours[day.weekday()] or (_WHOLE if self.calendar.is_open(day) else None)
        return hours[day.weekday()]


class _Turns:
    """Names the turn of each day, day after day."""

    def __init__(self, rotate: Duration, begins: date, calendar: PlaceCalendar) -> None:
        self.piece = timedelta(seconds=rotate.amount) if rotate.elapsed else None
        self._rotate = rotate
        self._begins = begins
        self._calendar = calendar
        self._open = -1
        self._day = begins

    def reach(self, day: date) -> None:
        """Go on to a day; they are reached one after the other."""
        self._day = day
        if self._rotate.unit == "wd":
            self._open += self._calendar.is_open(day)

    def name(self, piece: int) -> str:
        """The first day of the turn as it would be without closed days, and which piece of the day it is."""
        if self.piece is not None:
            return f"{self._day.isoformat()}.{piece + 1}"
        return self._first().isoformat()

    def _first(self) -> date:
        amount = self._rotate.amount
        match self._rotate.unit:
            case "d":
                return self._begins + timedelta(days=(self._day - self._begins).days // amount * amount)
            case "mo":
                return add_months(self._begins, _months(self._begins, self._day) // amount * amount)
            case "wd":
                turns = max(self._open, 0) // amount * amount
                return self._nth_open(turns)
        monday = self._begins - timedelta(days=self._begins.weekday())
        weeks = (self._day - monday).days // 7 // amount * amount
        return max(self._begins, monday + timedelta(weeks=weeks))

    def _nth_open(self, count: int) -> date:
        return self._calendar.working_days(self._calendar.nearest_open(self._begins, 1), count)


def _months(first: date, day: date) -> int:
    """Whole months from one day to another."""
    months = (day.year - first.year) * 12 + day.month - first.month
    return months if day >= add_months(first, months) else months - 1
