"""What became of a day to reconcile, and how many were clean in a row. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class DayState(StrEnum):
    """Where a day stands. A missed one stays missed, also where its counts were entered later."""

    AHEAD = "ahead"
    OPEN = "open"
    COUNTED = "counted"
    CLEAN = "clean"
    VARIANCE = "variance"
    MISSED = "missed"
    NOT_ASKED = "not asked"


SETTLED: Final = frozenset({DayState.CLEAN, DayState.VARIANCE, DayState.MISSED})
"""Nothing that happens later makes another one of them, but opening a closed day again."""


@dataclass(frozen=True)
class Day:
    """One day of one place, as far as it was recorded.

    `late_at` is when it counts as missed; `watched`: whether the worker still has to look at it then. Without a record
    `begun` is False. `paused`: the place stands still now.
    """

    day: date
    late_at: datetime | None
    watched: bool
    begun: bool = False
    counted_at: datetime | None = None
    reviewed_at: datetime | None = None
    clean: bool | None = None
    missed_at: datetime | None = None
    paused: bool = False

    @property
    def waits_for_review(self) -> bool:
        return self.counted_at is not None and self.reviewed_at is None


def state_of(day: Day, today: date, now: datetime) -> DayState:
    """`today` is the day at the place.

    Nothing recorded when its time was over and the worker had looked: the place stood still, nothing was asked for.
    Before the worker has looked it is missed all the same: a worker that stands makes no day good.
    """
    if day.missed_at is not None:
        return DayState.MISSED
    if day.reviewed_at is not None:
        return DayState.CLEAN if day.clean else DayState.VARIANCE
    if day.counted_at is not None:
        return DayState.COUNTED
    over = day.late_at is not None and day.late_at <= now
    if over and day.watched:
        return DayState.NOT_ASKED if day.paused else DayState.MISSED
    if day.begun:
        return DayState.OPEN
    if over:
        return DayState.NOT_ASKED
    if day.day > today:
        return DayState.AHEAD
    return DayState.NOT_ASKED if day.paused else DayState.OPEN


def clean_run(states: Iterable[DayState]) -> int:
    """The clean days in a row at the end of `states`, which go from the oldest day to the newest.

    Days not asked for (the place was closed, or stood still) and those to come neither count nor break it. What is not
    closed yet does not break it at the very end, where it may still become clean; between closed days it does, until
    it is closed itself. A variance breaks it, and so does a missed day, whatever is entered later.
    """
    run, open_end = 0, True
    for state in reversed(list(states)):
        if state is DayState.CLEAN:
            run, open_end = run + 1, False
        elif state in (DayState.OPEN, DayState.COUNTED):
            if not open_end:
                break
        elif state in SETTLED:
            break
    return run


@dataclass(frozen=True)
class Runs:
    """The days of one entry at one place so far: `due` are those asked for that have come; `waiting` were counted and
    not yet reviewed, missed ones among them; `run` is how many were clean in a row, the last one included.
    """

    due: int = 0
    clean: int = 0
    variance: int = 0
    missed: int = 0
    waiting: int = 0
    run: int = 0

    @property
    def closed(self) -> int:
        return self.clean + self.variance

    def and_of(self, other: Runs) -> Runs:
        """Of two places, or of two entries, together; a run has only one of them."""
        names = ("due", "clean", "variance", "missed", "waiting")
        return replace(self, run=0, **{name: getattr(self, name) + getattr(other, name) for name in names})


def runs_of(days: Iterable[tuple[DayState, bool]]) -> Runs:
    """What `Runs` says, of days from the oldest to the newest: the state of each, and whether it waits for review."""
    found = list(days)
    states = [state for state, _ in found]
    asked = [state for state in states if state not in (DayState.AHEAD, DayState.NOT_ASKED)]
    return Runs(
        due=len(asked),
        clean=asked.count(DayState.CLEAN),
        variance=asked.count(DayState.VARIANCE),
        missed=asked.count(DayState.MISSED),
        waiting=sum(waits for _, waits in found),
        run=clean_run(states),
    )
