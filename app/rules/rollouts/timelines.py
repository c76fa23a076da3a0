"""The timeline's measure: which weeks are looked at, and where in them a day lies, in percent. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, cast

from app.rules.rollouts.weeks import week_of
from app.rules.tasks.progress import State

MOST_WEEKS: Final = 104
Key = Literal["done", "run", "late", "next"]


@dataclass(frozen=True)
class Window:
    """The weeks `first` to `last` (counted from 1, both included) of a rollout that begins on `start`."""

    start: date
    first: int
    last: int

    @property
    def weeks(self) -> int:
        return self.last - self.first + 1

    @property
    def begins(self) -> date:
        return self.start + timedelta(weeks=self.first - 1)

    @property
    def ends(self) -> date:
        """The last day that is looked at."""
        return self.start + timedelta(weeks=self.last) - timedelta(days=1)

    def place(self, day: date) -> float:
        """Where a day begins: 0 at the left edge, 100 at the right one; beyond them outside."""
        return round(100 * (day - self.begins).days / (7 * self.weeks), 2)

    def moment(self, there: datetime) -> float:
        """Where an instant lies, by the wall clock of the place."""
        seconds = there.hour * 3600 + there.minute * 60 + there.second
        return round(self.place(there.date()) + 100 * seconds / 86_400 / (7 * self.weeks), 2)

    def bar(self, begins: date | None, due: date) -> tuple[float, float] | None:
        """Left edge and width of a stretch as far as it is seen, both days included; None where nothing of it is."""
        left = max(self.place(min(begins or due, due)), 0.0)
        right = min(self.place(due + timedelta(days=1)), 100.0)
        return (left, round(right - left, 2)) if right > left else None

    def week(self, number: int) -> float:
        """Where a week begins."""
        return round(100 * (number - self.first) / self.weeks, 2)


def window(start: date, length: int, today: date, last_due: date | None, wanted: tuple[int, int]) -> Window:
    """The weeks to look at: those that are wanted (0: not said), else the weeks of the rollout, and as many more as
    have passed since. Nothing beyond `last_week`.
    """
    end = last_week(start, length, today, last_due)
    first, last = wanted
    first = min(max(first, 1), end) if first else 1
    usual = max(min(max(length, week_of(today, start)), end), first)
    return Window(start, first, min(max(last, first), end) if last else usual)


def last_week(start: date, length: int, today: date, last_due: date | None) -> int:
    """The last week that there is anything to see of: of the rollout, of today, or of what is due after both."""
    due = week_of(last_due, start) if last_due else 0
    return min(max(length, week_of(today, start), due, 1), MOST_WEEKS)


def filled(
    shown: Window, counts: Mapping[tuple[date | None, State], int], within: tuple[float, float]
) -> list[tuple[Literal["done", "late"], float, float]]:
    """How far the bar of many tasks is filled, as (key, left edge, width): in each week as much of it as of the tasks
    that are due in it is done, and beside that as much as is late or blocked. `within` is the bar.
    """
    weeks: dict[int, Counter[State]] = {}
    for (due, state), number in counts.items():
        if due is not None:
            weeks.setdefault(week_of(due, shown.start), Counter())[state] += number
    found: list[tuple[Literal["done", "late"], float, float]] = []
    for no in range(shown.first, shown.last + 1):
        here = weeks.get(no, Counter())
        done, late, total = here[State.DONE], here[State.LATE] + here[State.BLOCKED], here.total()
        for key, before, part in (("done", 0, done), ("late", done, late)):
            if part and (bar := _part(shown, no, before / total, (before + part) / total, within)):
                found.append((cast(Literal["done", "late"], key), *bar))
    return found


def _part(
    shown: Window, week: int, first: float, last: float, within: tuple[float, float]
) -> tuple[float, float] | None:
    """From one share of a week (0 to 1) to another, as far as it lies within a bar."""
    edge, width = shown.week(week), 100 / shown.weeks
    left = max(edge + first * width, within[0])
    right = min(edge + last * width, within[0] + within[1])
    return (round(left, 2), round(right - left, 2)) if right - left > 0.01 else None


def key_of(state: State, begun: bool) -> Key:
    """How a task's bar is drawn; `begun`: its first day has come."""
    if state is State.DONE:
        return "done"
    if state in (State.LATE, State.BLOCKED):
        return "late"
    return "run" if begun or state is State.TRACK else "next"
