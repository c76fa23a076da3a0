"""Work done against the plan, week by week: the figures of the burn-up. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from math import ceil

from app.rules.clock import count
from app.rules.weeks import week_of


@dataclass(frozen=True, slots=True)
class Work:
    """One task: the day it is due (None: undated, it counts as done work only) and the instant it was done."""

    due: date | None
    done: datetime | None


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


def burn_up(work: Sequence[Work], start: date, length: int, now: datetime) -> BurnUp:
    """The burn-up of `work` over `length` weeks from `start`; it ends at the last week or at `now`, if that is later.

    `now` is aware and in the zone whose days count. What is due after the last week stands in the total only. The
    forecast goes on at the pace so far.
    """
    today = now.date()
    elapsed = max((today - start).days, 0) / 7
    last = max(length, week_of(today, start), 1)
    at = min(elapsed, float(last))
    planned, done_by = _planned(work, start, last), _done(work, start, last, now)
    done = sum(one.done is not None for one in work)
    told = ceil(at) if at else 0
    points = [
        Point(week, planned[week], done if week == told else done_by[week] if week < told else None)
        for week in range(last + 1)
    ]
    if at and done < len(work):
        points[-1] = replace(points[-1], forecast=min(len(work), round(done * last / at)))
    behind = sum(one.due is not None and one.due < today for one in work) - done
    return BurnUp(tuple(points), at, done, len(work), behind)


def _planned(work: Sequence[Work], start: date, last: int) -> list[int]:
    """How much is due before the end of each week, from week 0 on."""
    found = Counter(max(week_of(one.due, start), 1) for one in work if one.due is not None)
    return list(accumulate(found[week] for week in range(last + 1)))


def _done(work: Sequence[Work], start: date, last: int, now: datetime) -> list[int]:
    """How much was done before the end of each week: the days of the zone of `now`, compared as instants."""
    midnights = (datetime.combine(start + timedelta(weeks=week), time(), now.tzinfo) for week in range(last + 1))
    ends = [midnight.astimezone(UTC) for midnight in midnights]
    found = Counter(bisect_right(ends, one.done) for one in work if one.done is not None)
    return list(accumulate(found[week] for week in range(last + 1)))


def in_words(burn: BurnUp) -> str:
    """The curve as a sentence for those who cannot see it."""
    if not burn.total:
        return "No work is planned yet."
    last = burn.points[-1]
    ahead = f" At this pace {last.forecast} are done by week {last.week}." if last.forecast is not None else ""
    return f"Work done by week: {burn.done} of {count(burn.total, 'task')} so far.{ahead}"
