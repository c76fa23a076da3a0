"""What was recorded of gates: answers, waivers that hold, decisions that stand. Three queries at most for a rollout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models import GateAnswer, GateCondition, GateDecision, GateRecord
from app.rules.gates.voting import Outcome
from app.stored.gates import fell


@dataclass(frozen=True)
class HeldGate:
    """What counts of one gate at one place now. `answers` by criterion, with the key of each; `waived` are criteria
    whose waiver holds; `fell_at`: when a condition of its go expired unmet, told or not.
    """

    record: int | None = None
    opened_at: datetime | None = None
    answers: Mapping[str, tuple[int, Any]] = field(default_factory=dict)
    waived: frozenset[str] = frozenset()
    outcome: Outcome | None = None
    decided_at: datetime | None = None
    fell_at: datetime | None = None

    @property
    def goes_on(self) -> bool | None:
        """Whether a go stands; None where nothing is decided."""
        return None if self.outcome is None else self.outcome.goes_on and self.fell_at is None

    @property
    def fallen(self) -> bool:
        return self.fell_at is not None


NOT_HELD: Final = HeldGate()
Held = Mapping[int, HeldGate]
"""By the key of the gate in the schedule."""


def held_gates(session: Session, rollout_id: int, now: datetime) -> Held:
    """Every gate of a rollout of which something was recorded."""
    columns: Any = (
        GateRecord.id, GateRecord.dated_id, GateRecord.opened_at, GateDecision.outcome, GateDecision.at,
        fell(now),
    )  # fmt: skip
    stands = (col(GateDecision.record_id) == col(GateRecord.id)) & col(GateDecision.replaced_at).is_(None)
    statement = (
        select_columns(*columns)
        .select_from(GateRecord)
        .outerjoin(GateDecision, stands)
        .where(col(GateRecord.rollout_id) == rollout_id)
    )
    rows = session.execute(statement).all()
    if not rows:
        return {}
    answers, waived = _answers(session, rollout_id), _waived(session, rollout_id, now)
    return {
        dated: HeldGate(
            record=record,
            opened_at=opened,
            answers=answers.get(record or 0, {}),
            waived=frozenset(waived.get(record or 0, ())),
            outcome=Outcome(outcome) if outcome else None,
            decided_at=decided_at,
            fell_at=fell_at,
        )
        for record, dated, opened, outcome, decided_at, fell_at in rows
    }


def _answers(session: Session, rollout_id: int) -> dict[int, dict[str, tuple[int, Any]]]:
    statement = (
        select(GateAnswer.record_id, GateAnswer.criterion, GateAnswer.id, GateAnswer.value)
        .join(GateRecord, col(GateRecord.id) == col(GateAnswer.record_id))
        .where(GateRecord.rollout_id == rollout_id, col(GateAnswer.replaced_at).is_(None))
    )
    found: dict[int, dict[str, tuple[int, Any]]] = {}
    for record, criterion, key, value in session.exec(statement):
        found.setdefault(record, {})[criterion] = (key or 0, value)
    return found


def _waived(session: Session, rollout_id: int, now: datetime) -> dict[int, set[str]]:
    """The criteria whose waiver was accepted, is not over, and is still wanted."""
    statement = (
        select(GateCondition.record_id, GateCondition.criterion)
        .join(GateRecord, col(GateRecord.id) == col(GateCondition.record_id))
        .where(
            GateRecord.rollout_id == rollout_id,
            GateCondition.criterion != "",
            col(GateCondition.accepted_at).is_not(None),
            col(GateCondition.expired_at).is_(None),
            col(GateCondition.met_at).is_(None),
            GateCondition.expires_at > now,
        )
    )
    found: dict[int, set[str]] = {}
    for record, criterion in session.exec(statement):
        found.setdefault(record, set()).add(criterion)
    return found
