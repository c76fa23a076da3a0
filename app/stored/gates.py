"""Whether the go of a gate stands, though the worker may not have said yet that it fell. Both sides read it so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlmodel import Session, col

from app.models import GateCondition, GateDecision
from app.rules.gates.voting import Outcome


def run_out(now: datetime) -> ColumnElement[bool]:
    """Of a condition: it was accepted, is unmet at its end, and the worker has not been there yet."""
    return and_(
        col(GateCondition.accepted_at).is_not(None),
        col(GateCondition.met_at).is_(None),
        col(GateCondition.expired_at).is_(None),
        col(GateCondition.expires_at) <= now,
    )


def fell(now: datetime) -> ColumnElement[Any]:
    """Of a decision: when its go fell, which is when the first condition ran out where nobody has told it yet; NULL for
    one that has not fallen.
    """
    first = select(func.min(GateCondition.expires_at)).where(
        col(GateCondition.record_id) == col(GateDecision.record_id), run_out(now)
    )
    carries = (col(GateDecision.outcome) == Outcome.CONDITIONS.value) & col(GateDecision.replaced_at).is_(None)
    untold = case((carries, first.correlate(GateDecision).scalar_subquery()))
    return func.coalesce(col(GateDecision.fell_at), untold)


def go_stands(now: datetime) -> ColumnElement[bool]:
    """Of a decision: it is the last one, it goes on, and no condition of it has expired unmet."""
    return and_(
        col(GateDecision.replaced_at).is_(None),
        col(GateDecision.outcome).in_([one.value for one in Outcome if one.goes_on]),
        fell(now).is_(None),
    )


def last_fall(session: Session, record_id: int, now: datetime) -> datetime | None:
    """When a go of this gate fell last; None where none did. One query."""
    found: datetime | None = session.scalar(select(func.max(fell(now))).where(col(GateDecision.record_id) == record_id))
    return found
