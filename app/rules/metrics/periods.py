"""Over which days a metric is read: whole days, weeks from Monday on, months or quarters, by its rhythm. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.plan.language.recurrence import Recurrence
from app.rules.clock import plain_day
from app.rules.metrics.readings import Stretch

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cadence:
    """`amount` units make a period: two weeks, or a quarter of three months. They are counted from fixed days, so that
    a year has the same quarters everywhere.
    """

    unit: Literal["day", "week", "month"]
    amount: int = 1


def cadence_of(every: Recurrence | None) -> Cadence | None:
    """None where the playbook says of no rhythm: such a metric is read over whatever days it is known for."""
    if every is None:
        return None
    if every.duration is not None and not every.duration.elapsed:
        unit: Literal["day", "week", "month"] = (
            "week" if every.duration.unit == "w" else "month" if every.duration.unit == "mo" else "day"
        )
        return Cadence(unit, every.duration.amount)
    if every.kind in ("week", "days"):
        return Cadence("week")
    return Cadence("month") if every.kind in ("month", "nth") else Cadence("day")


def period_at(cadence: Cadence, day: date) -> Stretch:
    """The period that a day lies in."""
    if cadence.unit == "month":
        month = (day.year * 12 + day.month - 1) // cadence.amount * cadence.amount
        last = month + cadence.amount - 1
        year, number = divmod(last, 12)
        return date(month // 12, month % 12 + 1, 1), date(year, number + 1, monthrange(year, number + 1)[1])
    length = cadence.amount * (7 if cadence.unit == "week" else 1)
    first = date.fromordinal((day.toordinal() - 1) // length * length + 1)  # the first day of all was a Monday
    return first, first + timedelta(days=length - 1)


def last_complete(cadence: Cadence, today: date) -> Stretch:
    """The latest period that is over."""
    return period_at(cadence, period_at(cadence, today)[0] - _DAY)


def latest_periods(cadence: Cadence, today: date, number: int) -> list[Stretch]:
    """The latest periods that are over, the last one first."""
    found = [last_complete(cadence, today)]
    while len(found) < number:
        found.append(period_at(cadence, found[-1][0] - _DAY))
    return found


def is_period(cadence: Cadence, days: Stretch) -> bool:
    return period_at(cadence, days[0]) == days


def period_words(days: Stretch) -> str:
    """`week of 4 January 2027`, `January 2027`, `January to March 2027`, `4 January 2027`, else both days."""
    first, last = days
    if first == last:
        return f"{plain_day(first)} {first.year}"
    if is_period(Cadence("week"), days):
        return f"week of {plain_day(first)} {first.year}"
    if first.day == 1 and (last + _DAY).day == 1:
        year = "" if first.year == last.year else f" {first.year}"
        begins = "" if (first.year, first.month) == (last.year, last.month) else f"{first:%B}{year} to "
        return f"{begins}{last:%B} {last.year}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{plain_day(first)}{year} to {plain_day(last)} {last.year}"
