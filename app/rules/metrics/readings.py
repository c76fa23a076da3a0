"""Readings of a metric at one place, which of them count, and the baseline that they make. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

Stretch = tuple[date, date]
"""The first and the last day, both inside."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure over the days `first` to `last`. `size`: of how many things it is the figure, where that is known;
    `definition`: the version of the metric under which it was read.
    """

    first: date
    last: date
    value: Decimal
    size: Decimal | None = None
    definition: int = 1


@dataclass(frozen=True, slots=True)
class Sorted:
    """Readings in the order of their days: those that count, those that a stretch leaves out, and those of another
    definition, which measure another thing.
    """

    counted: tuple[Reading, ...]
    left_out: tuple[Reading, ...] = ()
    otherwise: tuple[Reading, ...] = ()

    @property
    def latest(self) -> Reading | None:
        return self.counted[-1] if self.counted else None


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `readings` readings over the days `first` to `last`: weighed by their sizes, whose sum is `size`,
    where each has one; else each counts alike, and `size` is None.
    """

    value: Decimal
    readings: int
    first: date
    last: date
    size: Decimal | None = None


def overlap(reading: Reading, stretch: Stretch) -> bool:
    """Whether they share a day."""
    return reading.first <= stretch[1] and stretch[0] <= reading.last


def sort_out(readings: Iterable[Reading], *, definition: int, without: Sequence[Stretch] = ()) -> Sorted:
    """What counts of the readings of a metric. One that shares a day with a stretch that is left out is left out whole:
    nobody knows which part of it belongs to which day.
    """
    counted: list[Reading] = []
    left_out: list[Reading] = []
    otherwise: list[Reading] = []
    for one in sorted(readings, key=lambda reading: (reading.last, reading.first)):
        if one.definition != definition:
            otherwise.append(one)
        elif any(overlap(one, stretch) for stretch in without):
            left_out.append(one)
        else:
            counted.append(one)
    return Sorted(tuple(counted), tuple(left_out), tuple(otherwise))


def mean_of(readings: Sequence[Reading]) -> Mean | None:
    """None without a reading."""
    if not readings:
        return None
    sizes = [one.size for one in readings if one.size is not None]
    first, last = min(one.first for one in readings), max(one.last for one in readings)
    if len(sizes) == len(readings) and (whole := sum(sizes)) > 0:
        weighed = sum((one.value * (one.size or 0) for one in readings), Decimal(0))
        return Mean(weighed / whole, len(readings), first, last, Decimal(whole))
    plain = sum((one.value for one in readings), Decimal(0)) / len(readings)
    return Mean(plain, len(readings), first, last)


def baseline_of(readings: Sequence[Reading], *, until: date, since: date = date.min) -> Mean | None:
    """The figure before any change: the mean of the readings that lie whole between two days. None without one."""
    return mean_of([one for one in readings if one.last <= until and one.first >= since])


def season_before(readings: Sequence[Reading], period: Stretch) -> Mean | None:
    """The same days of the year before: of whole months the same months, else 52 weeks earlier, so that weekdays stay
    beside their kind. None where readings that lie whole in them do not reach over all of them.
    """
    first, last = _year_before(period)
    there = [one for one in readings if first <= one.first and one.last <= last]
    days = {one.first + timedelta(days=number) for one in there for number in range((one.last - one.first).days + 1)}
    return mean_of(there) if len(days) == (last - first).days + 1 else None


def _year_before(period: Stretch) -> Stretch:
    first, last = period
    after = last + timedelta(days=1)
    if first.day == after.day == 1:
        return first.replace(year=first.year - 1), after.replace(year=after.year - 1) - timedelta(days=1)
    year = timedelta(weeks=52)
    return first - year, last - year
