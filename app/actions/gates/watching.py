"""Gates that time asks to be looked at: the evidence of an open vote, and conditions at their end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select, update

from app.actions.gates.conditions import expire_conditions
from app.actions.gates.opening import Measure, OpenGate, gate_at
from app.actions.gates.packs import refreeze, set_next_look
from app.models import GateRecord, ScheduledEntry

LOOK: int = 200
WHILE_CLOSED: Final = timedelta(hours=1)
"""A closed rollout may be taken up again."""


def due_gates(session: Session, *, now: datetime) -> Sequence[int]:
    """The keys in the schedule of gates whose next look has come, the first ones first. One indexed query."""
    statement = select(GateRecord.dated_id).where(col(GateRecord.next_at) <= now).order_by(col(GateRecord.next_at))
    return list(session.exec(statement.limit(LOOK)))


def claim_gate(session: Session, dated_id: int, *, now: datetime) -> OpenGate | None:
    """The gate, if its look has come and nobody else has taken it. Raises NotFound for one that is in no playbook."""
    found = session.execute(
        update(GateRecord)
        .where(col(GateRecord.dated_id) == dated_id, col(GateRecord.next_at) <= now)
        .values(next_at=None)
    )
    if not found.rowcount:  # type: ignore[attr-defined]
        return None
    return gate_at(session, session.get_one(ScheduledEntry, dated_id, with_for_update=True, populate_existing=True))


def watch_gate(session: Session, opened: OpenGate, *, measure: Measure, now: datetime) -> None:
    """Let what is over expire, then compare the evidence of an open vote with what was frozen."""
    row = opened.row
    if row is None:
        return
    if opened.rollout.closed_at is not None:
        row.next_at = now + WHILE_CLOSED
        session.add(row)
        return
    expire_conditions(session, opened, now=now)
    if row.opened_at is not None:
        refreeze(session, opened, row, measure(), by=None, now=now)
    set_next_look(session, row, now=now)


def put_off_gate(session: Session, dated_id: int, *, until: datetime) -> None:
    """Look at it again then: what fails is not tried in a tight loop."""
    session.execute(update(GateRecord).where(col(GateRecord.dated_id) == dated_id).values(next_at=until))
