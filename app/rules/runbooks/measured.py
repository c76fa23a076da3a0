"""Minutes that were measured in runs, and the steps whose plan they do not bear out. Pure.

A rehearsal replaces estimates with measurements: what goes wrong most often is not that a step is missing, but that
the real minutes drift away from the planned ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

from app.plan.format.runbooks import Runbook, Step
from app.plan.inherit import leaves
from app.plan.minutes import length

LEAST: Final = timedelta(minutes=5)
SHARE: Final = 4
"""So many times the difference is at least the planned time: a quarter of it."""
GRAIN: Final = timedelta(minutes=5)
RULE: Final = (
    "New minutes are proposed for a step when the middle of what was measured is at least 5 minutes and at least a "
    "quarter of its plan away from that plan; they are that middle, rounded up to 5 minutes. Every run of this runbook "
    "that went to its end counts, rehearsed or live, at every centre. Blocked time does not count, nor does a step "
    "that was skipped, one that nobody began before finishing it, one that is done in rounds, or one whose end waits "
    "for another step."
)
"""Why: practice of rehearsals, where the most common failure is drift between planned and actual minutes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A step of a runbook with the minutes that it took, `n` times; `planned` is what the playbook says."""

    step: str
    title: str
    planned: timedelta
    n: int
    median: timedelta
    lowest: timedelta
    highest: timedelta

    @property
    def drifts(self) -> bool:
        away = abs(self.median - self.planned)
        return away >= LEAST and SHARE * away >= self.planned

    @property
    def proposed(self) -> timedelta:
        """The middle, rounded up; never nothing."""
        return max(-(-self.median // GRAIN), 1) * GRAIN

    @property
    def minutes(self) -> int:
        """What is proposed, in minutes."""
        return self.proposed // timedelta(minutes=1)


def measured(runbook: Runbook, took: Mapping[str, Sequence[timedelta]]) -> tuple[Measured, ...]:
    """Every step of a runbook, forward and back, that was measured, in the order of the file. `took` are the measured
    times by the ids of steps, as these are or were before.
    """
    back = leaves(runbook.back_out.steps) if runbook.back_out else ()
    return tuple(_found((*leaves(runbook.steps), *back), took))


def drifting(found: Iterable[Measured]) -> tuple[Measured, ...]:
    """Those whose plan is not borne out."""
    return tuple(one for one in found if one.drifts)


def _found(steps: Iterable[Step], took: Mapping[str, Sequence[timedelta]]) -> Iterable[Measured]:
    for step in steps:
        times = [*took.get(step.id, ()), *(took.get(step.was, ()) if step.was else ())]
        if times and step.repeat is None and not step.done_after:
            middle = timedelta(seconds=median(one.total_seconds() for one in times))
            yield Measured(step.id, step.title, length(step.takes), len(times), middle, min(times), max(times))
