"""A location that leaves its first weeks: which gate decides that, and what it is handed over to. Pure.

It is handed over when the last gate that the playbook holds at it after its opening goes on. A gate before the opening
lets it open and hands nothing over; what is held for a wave or for the network is not the location's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.rules.clock import short_day
from app.rules.selection.words import lowered

T = TypeVar("T")


@dataclass(frozen=True)
class Phase:
    """A phase as it is dated at a location, both days included."""

    title: str
    first: date
    last: date


def last_gate(gates: Iterable[tuple[T, date | None]], opening: date | None) -> T | None:
    """The gate of a location, in the order of the playbook with their days, that is held last; None where none is
    held after its opening.
    """
    after = [(gate, day) for gate, day in gates if day is not None and opening is not None and day > opening]
    last = max((day for _, day in after), default=None)
    return next((gate for gate, day in reversed(after) if day == last), None)


def phase_after(phases: Iterable[Phase], opening: date, decided_on: date, today: date) -> Phase | None:
    """The phase that a location is in after the day of that gate, or comes to next: of those that begin after its
    opening the first that is over neither by then nor today.
    """
    left = [one for one in phases if one.first > opening and one.last > decided_on and one.last >= today]
    return min(left, key=lambda one: (one.first, one.last), default=None)


def handed_words(phase: Phase | None, today: date) -> str:
    """`handed over to the optimisation sprint, which runs until Fri 23 Apr`; without a phase only the first words."""
    if phase is None:
        return "handed over"
    return f"handed over to the {lowered(phase.title)}, which runs until {short_day(phase.last, today)}"
