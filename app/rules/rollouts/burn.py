"""Work done against the plan, week by week: the figures of the burn-up. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from math import ceil

from app.rules.clock import count
from app.rules.rollouts.weeks import week_of


@dataclass(frozen=True, slots=True)
class Work:
    """Tasks counted: how many are `due` on each day (None: undated, they count as done work only), and how many were
    `done` in each week: 0 is before the start, and n after the n-th of `week_ends`.
    """

    due: Mapping[date | None, int]
    done: Mapping[int, int]


@dataclass(frozen=True)
class Point:
    """The end of one week: how much was planned by then, and done (None for weeks to come)."""

    week: int
    planned: int
    done: int | None
    forecast: int | None = None


@dataclass(frozen=True)
class BurnUp:
    """The curve from the start (week 0) on. `now` is today as an index into the points; `behind` may be negative."""

    points: tuple[Point, ...]
    now: float
    done: int
    total: int
    behind: int

    @property
    def said(self) -> str:
        """`231 of 412, 12 behind plan`."""
        if not self.total:
            return "nothing yet"
        against = f"{self.behind} behind plan" if self.behind > 0 else "on plan" if not self.behind else ""
        return f"{self.done} of {self.total}, {against or f'{-self.behind} ahead of plan'}"


def week_ends(start: date, length: int, now: datetime) -> list[datetime]:
    """The instants, in UTC, at which the weeks of the curve end: the start itself, then midnight after each week in
    the zone of `now`.
    """
    midnights = (
        datetime.combine(start + timedelta(weeks=week), time(), now.tzinfo)
        for week in range(_last(start, length, now) + 1)
    )
    return [midnight.astimezone(UTC) for midnight in midnights]


def _last(start: date, length: int, now: datetime) -> int:
    return max(length, week_of(now.date(), start), 1)


def burn_up(work: Work, start: date, length: int, now: datetime) -> BurnUp:
    """The burn-up of `work` over `length` weeks from `start`; it ends at the last week or at `now`, if that is later.

    `now` is aware and in the zone whose days count. What is due after the last week stands in the total only. The
    forecast goes on at the pace so far.
    """
    today = now.date()
    elapsed = max((today - start).days, 0) / 7
    last = _last(start, length, now)
    at = min(elapsed, float(last))
    planned, done_by = _planned(work, start, last), list(accumulate(work.done.get(week, 0) for week in range(last + 1)))
    done, total = sum(work.done.values()), sum(work.due.values())
    told = ceil(at) if at else 0
    points = [
        Point(week, planned[week], done if week == told else done_by[week] if week < told else None)
        for week in range(last + 1)
    ]
    if at and done < total:
        points[-1] = replace(points[-1], forecast=min(total, round(done * last / at)))
    behind = sum(number for day, number in work.due.items() if day is not None and day < today) - done
    return BurnUp(tuple(points), at, done, total, behind)


def _planned(work: Work, start: date, last: int) -> list[int]:
    """How much is due before the end of each week, from week 0 on."""
    found: Counter[int] = Counter()
    for day, number in work.due.items():
        if day is not None:
            found[max(week_of(day, start), 1)] += number
    return list(accumulate(found[week] for week in range(last + 1)))


def in_words(burn: BurnUp) -> str:
    """The curve as a sentence for those who cannot see it."""
    if not burn.total:
        return "No work is planned yet."
    last = burn.points[-1]
    ahead = f" At this pace {last.forecast} are done by week {last.week}." if last.forecast is not None else ""
    return f"Work done by week: {burn.done} of {count(burn.total, 'task')} so far.{ahead}"
