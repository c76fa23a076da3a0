"""Work done against the plan, week by week: the figures of the burn-up. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules.clock import count
from app.rules.weeks import week_of


@dataclass(frozen=True)
class Work:
    """One task: the day it is due (None: undated, it counts as done work only) and the day it was done."""

    due: date | None
    done: date | None


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


def burn_up(work: Sequence[Work], start: date, length: int, today: date) -> BurnUp:
    """The burn-up of `work` over `length` weeks from `start`; it ends at the last week or today, whichever is later.

    What is due after the last week stands in the last point's total only. The forecast goes on at the pace so far.
    """
    elapsed = max((today - start).days, 0) / 7
    last = max(length, week_of(today, start), 1)
    now = min(elapsed, float(last))
    done = sum(one.done is not None for one in work)
    points = [_point(work, start, week, today) for week in range(last + 1)]
    shown = [point for point in points if point.done is not None]
    points[len(shown) - 1] = Point(shown[-1].week, shown[-1].planned, done)
    if now and done < len(work):
        points[-1] = Point(last, points[-1].planned, points[-1].done, min(len(work), round(done * last / now)))
    planned_by_now = sum(one.due is not None and one.due < today for one in work)
    return BurnUp(tuple(points), now, done, len(work), planned_by_now - done)


def _point(work: Sequence[Work], start: date, week: int, today: date) -> Point:
    """The last point told is the first that lies at or after today: it stands for now."""
    ends = start + timedelta(weeks=week)
    planned = sum(one.due is not None and one.due < ends for one in work)
    if ends - timedelta(weeks=1) >= today and week:
        return Point(week, planned, None)
    return Point(week, planned, sum(one.done is not None and one.done < ends for one in work))


def in_words(burn: BurnUp) -> str:
    """The curve as a sentence for those who cannot see it."""
    if not burn.total:
        return "No work is planned yet."
    last = burn.points[-1]
    ahead = f" At this pace {last.forecast} are done by week {last.week}." if last.forecast is not None else ""
    return f"Work done by week: {burn.done} of {count(burn.total, 'task')} so far.{ahead}"
