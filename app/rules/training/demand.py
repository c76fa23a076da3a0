"""What one training of the playbook asks of a person at one place. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from app.plan.facts import Facts, holds
from app.plan.format.answers import Answer
from app.plan.format.tasks import CheckItem
from app.plan.format.training import Training
from app.plan.language.durations import Duration
from app.rules.tasks.completion import leaves

MOST_PIECES: Final = 500
USUAL_MINUTES: Final = 60


@dataclass(frozen=True)
class Piece:
    """A line of practice: how many pieces of it somebody must have passed."""

    title: str
    wanted: int


@dataclass(frozen=True)
class Demand:
    """One training at one place. `minutes` is how long a session is, `seats` None: as many as come; `pass_mark` and
    `share` are percent, no `pass_mark`: there is no check; `practice` by the path of its line.
    """

    entry: str
    title: str
    audience: tuple[str, ...]
    owners: tuple[str, ...] = ()
    minutes: int = USUAL_MINUTES
    seats: int | None = None
    share: float = 100.0
    pass_mark: float | None = None
    recorded: bool = False
    critical: bool = False
    topics: tuple[str, ...] = ()
    practice: Mapping[str, Piece] = field(default_factory=dict)
    buddy: str = ""

    @property
    def pieces(self) -> int:
        """How many pieces of practice are wanted in all."""
        return sum(piece.wanted for piece in self.practice.values())

    def sessions_for(self, people: int) -> int:
        """How many sessions seat so many people."""
        return ceil(people / self.seats) if self.seats else int(people > 0)


def demand_of(training: Training, facts: Facts) -> Demand | None:
    """What is asked at a place of these facts; None where the training is not for it."""
    if holds(training.where, facts) is False:
        return None
    return Demand(
        entry=training.id,
        title=training.title,
        audience=training.audience,
        owners=training.owner.roles if training.owner else (),
        minutes=minutes_of(training.takes),
        seats=training.seats,
        share=100.0 if training.share is None else training.share,
        pass_mark=training.pass_mark,
        recorded=bool(training.recorded),
        critical=bool(training.critical),
        topics=training.topics,
        practice={path: _piece(line) for path, line in leaves(training.checklist, facts) if not line.optional},
        buddy=training.buddy.role if training.buddy else "",
    )


def minutes_of(takes: Duration | None) -> int:
    """How long a session is, in minutes; a length in days is one of working days, which no session is."""
    if takes is None or takes.unit != "s":
        return USUAL_MINUTES
    return max(1, round(takes.amount / 60))


def _piece(line: CheckItem) -> Piece:
    return Piece(line.title, _wanted(line.answer))


def _wanted(answer: Answer) -> int:
    """`pass: at least 20` of a number asks for twenty pieces; every other line for one."""
    test = answer.passes
    if answer.type != "number" or test is None or test.value.number is None:
        return 1
    more = 1 if test.operator == "over" else 0
    return max(1, min(MOST_PIECES, ceil(test.value.number) + more))
