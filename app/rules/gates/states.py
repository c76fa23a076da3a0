"""Where a gate stands, in a word. Pure."""

from __future__ import annotations

from enum import StrEnum

from app.rules.gates.voting import Outcome


class GateState(StrEnum):
    """Where a gate at one place stands: what was decided last, unless a vote is open since, or the go fell."""

    NOT_HELD = "not held"
    OPEN = "vote open"
    GO = "go"
    CONDITIONS = "go-with-conditions"
    NO_GO = "no-go"
    DEFERRED = "deferred"
    CLOSED = "closed again"


def gate_state(outcome: Outcome | None, *, opened: bool, fallen: bool) -> GateState:
    """`fallen`: a condition of the go expired unmet."""
    if opened:
        return GateState.OPEN
    if fallen:
        return GateState.CLOSED
    return GateState(outcome.value) if outcome is not None else GateState.NOT_HELD
