"""What was done in a run and must be taken back: a lock, and the step that opens it again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.rules.runbooks.actuals import UNTOUCHED, Actuals
from app.rules.runbooks.steps import RunStep
from app.rules.runbooks.times import utc


@dataclass(frozen=True)
class OpenPair:
    """A finished step that must be taken back, by any of `undone_by` (nobody, if empty), until `deadline`."""

    step: RunStep
    undone_by: tuple[str, ...]
    deadline: datetime
    past: bool


def open_pairs(steps: Iterable[RunStep], actuals: Actuals, now: datetime) -> tuple[OpenPair, ...]:
    """What was done and must still be taken back, the most urgent first. `steps` are those of both ways."""
    steps = list(steps)
    found: list[OpenPair] = []
    for step in steps:
        finished = actuals.get(step.id, UNTOUCHED).finished
        if not finished or step.undo_within is None:
            continue
        undoing = tuple(one.id for one in steps if one.undoes == step.id)
        if not any(actuals.get(name, UNTOUCHED).finished for name in undoing):
            deadline = utc(finished) + step.undo_within
            found.append(OpenPair(step, undoing, deadline, now > deadline))
    return tuple(sorted(found, key=lambda pair: pair.deadline))
