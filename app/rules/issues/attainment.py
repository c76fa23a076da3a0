"""How many promises were kept: of the issues whose time to resolve has been decided, those solved within it. Pure.

An issue is decided when it was solved, or when its time ran out; one that is open and in time is not counted yet. It
counts in the week in which it was opened. A clock that stood still has not run, so a solution after the instant first
promised may be in time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


class Promise(StrEnum):
    """What became of the promise of one issue."""

    KEPT = "kept"
    BROKEN = "broken"
    RUNNING = "running"


@dataclass(frozen=True)
class Promised:
    """One issue: where and when (the day there) it was opened, and how much of its time had run when it was solved, or
    has run by now.
    """

    id: int
    number: int
    location: int | None
    wave: str
    opened: date
    used: float
    allowed: float
    solved: bool

    @property
    def promise(self) -> Promise:
        """Solved in the last second of its time is in time."""
        if self.used > self.allowed:
            return Promise.BROKEN
        return Promise.KEPT if self.solved else Promise.RUNNING


@dataclass(frozen=True)
class Attained:
    """`kept` and `broken` are the issues behind the figure, `running` those that do not count yet."""

    kept: tuple[Promised, ...] = ()
    broken: tuple[Promised, ...] = ()
    running: tuple[Promised, ...] = ()

    @property
    def counted(self) -> int:
        return len(self.kept) + len(self.broken)

    @property
    def share(self) -> Fraction | None:
        """Kept of counted; None where nothing counts."""
        return Fraction(len(self.kept), self.counted) if self.counted else None

    @property
    def words(self) -> str:
        """`19 of 20, 95%`; `no issues` where there are none. Rounded down: 100% is said of all alone."""
        if self.share is None:
            return "none decided yet" if self.running else "no issues"
        return f"{len(self.kept)} of {self.counted}, {percent(self.share)}%"


def percent(share: Fraction) -> int:
    """A share in whole percent, rounded down, so that 100 means all of them."""
    return int(share * 100)


def attained(issues: Iterable[Promised]) -> Attained:
    """What became of the promises of some issues."""
    by: dict[Promise, list[Promised]] = {promise: [] for promise in Promise}
    for one in issues:
        by[one.promise].append(one)
    return Attained(tuple(by[Promise.KEPT]), tuple(by[Promise.BROKEN]), tuple(by[Promise.RUNNING]))


def grouped(issues: Iterable[Promised], key: Callable[[Promised], Key]) -> dict[Key, Attained]:
    """The same for each group of issues."""
    groups: dict[Key, list[Promised]] = defaultdict(list)
    for one in issues:
        groups[key(one)].append(one)
    return {name: attained(found) for name, found in groups.items()}


def monday(day: date) -> date:
    """The Monday of the week in which a day lies."""
    return day - timedelta(days=day.weekday())


def weeks(first: date, last: date) -> Sequence[date]:
    """The Mondays of all weeks from that of one day to that of another, so that a week without issues is seen too."""
    begun, ends = monday(first), monday(last)
    return [begun + timedelta(weeks=at) for at in range((ends - begun).days // 7 + 1)]
