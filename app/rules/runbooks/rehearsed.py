"""A rehearsal that went to its end, as a gate asks for it: inside its window, with so many steps blocked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.plan.minutes import NO_TIME
from app.rules.clock import duration, plain_day


@dataclass(frozen=True)
class Rehearsed:
    """One rehearsal of a runbook at a place. `day` is that of its end there; `over` how much later than its window its
    last step was over, nothing inside it or without one; `outdated`: the steps of the runbook have changed since.
    """

    number: int
    ended: datetime
    day: date
    blocked: int = 0
    over: timedelta = NO_TIME
    outdated: bool = False

    @property
    def inside(self) -> bool:
        return self.over <= NO_TIME

    @property
    def said(self) -> str:
        """`rehearsal 2 on 12 January, none blocked`; the day stands without a year, and never changes with today's."""
        late = "" if self.inside else f", {duration(self.over)} after its window"
        since = ", before its steps changed" if self.outdated else ""
        return f"rehearsal {self.number} on {plain_day(self.day)}{late}, {self.blocked or 'none'} blocked{since}"


def best(found: Sequence[Rehearsed], enough: Callable[[Rehearsed], bool]) -> Rehearsed | None:
    """The one that counts of several: one that is enough, one inside its window, the fewest blocked, the last."""
    return max(found, key=lambda one: (enough(one), one.inside, -one.blocked, one.ended), default=None)
