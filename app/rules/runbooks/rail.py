"""The rail of a night: where each instant of a run lies between its two ends, in percent, and which steps stand beside
each other. Pure.

A night is drawn to scale. In a run that is longer the stretches in which nothing is planned are drawn short.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.runbooks.forecast import Span
from app.rules.runbooks.times import utc

NIGHT: Final = timedelta(hours=16)
"""As long as a run may be to be drawn to scale."""
IDLE: Final = timedelta(minutes=45)
"""From how long on a stretch without a step is drawn short in a longer one."""
SHORT: Final = timedelta(minutes=30)
"""As how long it is drawn then."""
MOST_LANES: Final = 6
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant to another; `x` is where it begins and `width` how wide, in percent. `idle`: drawn short."""

    begin: datetime
    end: datetime
    x: float
    width: float
    idle: bool


class Axis:
    """The scale of a rail from `begin` to `end`; `busy` are the spans of its steps. All instants in UTC."""

    def __init__(self, begin: datetime, end: datetime, busy: Iterable[Span]) -> None:
        end = max(end, begin + timedelta(minutes=1))
        long = end - begin > NIGHT
        parts = list(_parts(begin, end, busy)) if long else [(begin, end, False)]
        drawn = [min(until - since, SHORT) if idle else until - since for since, until, idle in parts]
        whole, x = sum(drawn, timedelta()), 0.0
        found = []
        for (since, until, idle), length in zip(parts, drawn, strict=True):
            width = 100 * (length / whole)
            found.append(Stretch(since, until, x, width, idle))
            x += width
        self.stretches = tuple(found)
        self._begins = [one.begin for one in found]

    def place(self, at: datetime) -> float:
        """Where an instant lies: 0 at the left end and before it, 100 at the right one and after it."""
        one = self.stretches[max(bisect_right(self._begins, at) - 1, 0)]
        share = (at - one.begin) / (one.end - one.begin)
        return round(one.x + one.width * min(max(share, 0.0), 1.0), 2)

    def hours(self, zone: str) -> Iterator[tuple[datetime, float]]:
        """Every whole hour of the place that is drawn to scale, by its wall clock, and where it lies."""
        for one in self.stretches:
            there = one.begin.astimezone(ZoneInfo(zone))
            at = utc(there.replace(minute=0, second=0, microsecond=0))
            while at <= one.end and not one.idle:
                if at >= one.begin:
                    yield at.astimezone(there.tzinfo), self.place(at)
                at += HOUR


def _parts(begin: datetime, end: datetime, busy: Iterable[Span]) -> Iterator[tuple[datetime, datetime, bool]]:
    """Stretches one after the other, idle ones apart."""
    since = until = begin
    for span in sorted(busy, key=lambda one: one.begin):
        first = min(max(span.begin, begin), end)
        if first - until > IDLE:
            if until > since:
                yield since, until, False
            yield until, first, True
            since = first
        until = max(until, min(span.end, end))
    if end - until > IDLE:
        if until > since:
            yield since, until, False
        yield until, end, True
    elif end > since:
        yield since, end, False


def lanes(spans: Sequence[Span], most: int = MOST_LANES) -> list[int]:
    """For each of the spans, ordered by their beginnings, the lane in which it covers no other one, counted from 0.
    Where there would be more than `most`, it lies in the one that is free the soonest.
    """
    free: list[datetime] = []
    found = []
    for span in spans:
        lane = next((number for number, until in enumerate(free) if until <= span.begin), len(free))
        if lane == most:
            lane = min(range(most), key=lambda number: free[number])
        if lane == len(free):
            free.append(span.end)
        free[lane] = max(free[lane], span.end)
        found.append(lane)
    return found


@dataclass(frozen=True, slots=True)
class Label:
    """Words at an instant: where it lies, how many characters they have, and what is labelled first."""

    key: str
    x: float
    length: int
    rank: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the line of labels, in percent; `row` counts from 0."""

    row: int
    left: float
    right: float


def labelled(labels: Iterable[Label], taken: Sequence[Slot], a_character: float, rows: int = 2) -> dict[str, Slot]:
    """Which labels stand without covering each other, and where: to the left of their instant where there is room,
    else to its right, else a row lower. `a_character` is the width of one, in percent.
    """
    found: dict[str, Slot] = {}
    for one in sorted(labels, key=lambda one: one.rank):
        width = one.length * a_character
        slots = [Slot(row, left, left + width) for row in range(rows) for left in (one.x - width, one.x)]
        for here in slots:
            inside = here.left >= 0 and here.right <= 100
            if inside and not any(_cover(here, other, a_character) for other in (*taken, *found.values())):
                found[one.key] = here
                break
    return found


def _cover(one: Slot, other: Slot, apart: float) -> bool:
    return one.row == other.row and one.left < other.right + apart and other.left < one.right + apart
