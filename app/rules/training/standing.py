"""How one person stands with one training, and what still makes the difference to passed. Pure.

Passed means all of it: the person attended a session or, where it is recorded, watched the recording; every piece of
practice was passed; and the check, where there is a pass mark, was passed once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.rules.training.demand import Demand


class Standing(StrEnum):
    """Where somebody is, from nothing to passed."""

    UNASKED = "unasked"
    MISSED = "missed"
    RECORDING = "recording"
    ENROLLED = "enrolled"
    ATTENDED = "attended"
    PRACTISING = "practising"
    FAILED = "failed"
    PASSED = "passed"


class Shown(StrEnum):
    """What somebody can have shown: the kinds of a stored result."""

    RECORDING = "recording"
    PRACTICE = "practice"
    CHECK = "check"


@dataclass(frozen=True)
class Seat:
    """Somebody is asked to a session that was not called off; `attended` None: nobody has noted it yet."""

    session: int
    starts_at: datetime
    attended: bool | None = None


@dataclass(frozen=True)
class Result:
    """One thing that somebody has shown, in the order in which it was noted."""

    kind: str
    passed: bool
    line: str = ""
    score: int | None = None


@dataclass(frozen=True)
class Progress:
    """How somebody stands. `practised` of `pieces`; `attempts` at the check and the `score` of the last one in percent;
    `seat` is the session that they are to come to next.
    """

    standing: Standing
    practised: int = 0
    pieces: int = 0
    attempts: int = 0
    score: int | None = None
    seat: Seat | None = None

    @property
    def passed(self) -> bool:
        return self.standing is Standing.PASSED


NOTHING_SHOWN: Final[Sequence[Result]] = ()


def progress(demand: Demand, seats: Iterable[Seat], results: Sequence[Result] = NOTHING_SHOWN) -> Progress:
    """Where somebody is with what they were asked to and have shown."""
    asked = sorted(seats, key=lambda seat: seat.starts_at)
    there = any(seat.attended for seat in asked) or any(one.kind == Shown.RECORDING for one in results)
    checks = [one for one in results if one.kind == Shown.CHECK]
    practised = _practised(demand, results)
    coming = next((seat for seat in asked if seat.attended is None), None)
    missed = any(seat.attended is False for seat in asked)
    whole = practised >= demand.pieces
    return Progress(
        standing=_present(demand, whole, checks) if there else _absent(demand, coming is not None, missed),
        practised=practised,
        pieces=demand.pieces,
        attempts=len(checks),
        score=checks[-1].score if checks else None,
        seat=coming,
    )


def _practised(demand: Demand, results: Iterable[Result]) -> int:
    """Pieces that were passed; of no line more than it asks for."""
    passed = Counter(one.line for one in results if one.kind == Shown.PRACTICE and one.passed)
    return sum(min(passed[line], piece.wanted) for line, piece in demand.practice.items())


def _present(demand: Demand, whole: bool, checks: Sequence[Result]) -> Standing:
    """Of somebody who knows what was taught."""
    checked = demand.pass_mark is None or any(one.passed for one in checks)
    if whole and checked:
        return Standing.PASSED
    if checks and not checked:
        return Standing.FAILED
    return Standing.ATTENDED if whole else Standing.PRACTISING


def _absent(demand: Demand, comes: bool, missed: bool) -> Standing:
    """Of somebody who was not there yet."""
    if comes:
        return Standing.ENROLLED
    if not missed:
        return Standing.UNASKED
    return Standing.RECORDING if demand.recorded else Standing.MISSED


def reaches(demand: Demand, score: int) -> bool:
    """Whether a check with that score in percent is passed."""
    return demand.pass_mark is None or score >= demand.pass_mark
