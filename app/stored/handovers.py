"""Whether a location has left its first weeks, as it was recorded. Both sides read it so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models import GateDecision, GateRecord, ScheduledEntry
from app.plan import Playbook
from app.rules.gates.handover import last_gate
from app.stored.gates import go_stands


@dataclass(frozen=True)
class HandedOver:
    """The last gate of a location, and the decision by which it goes on."""

    dated: ScheduledEntry
    decision: GateDecision


def last_gate_at(
    session: Session, playbook: Playbook, location_id: int, zone: str, cutover_at: datetime | None
) -> ScheduledEntry | None:
    """The gate that hands a location over; None where the playbook holds none there after its opening. One query."""
    if cutover_at is None:
        return None
    found = session.exec(
        select(ScheduledEntry)
        .where(ScheduledEntry.location_id == location_id, ScheduledEntry.kind == "gate")
        .order_by(col(ScheduledEntry.position), col(ScheduledEntry.id))
    )
    days = [(row, row.due) for row in found if row.entry in playbook.gates]
    return last_gate(days, cutover_at.astimezone(ZoneInfo(zone)).date())


def handed_over(
    session: Session, playbook: Playbook, location_id: int, zone: str, cutover_at: datetime | None, now: datetime
) -> HandedOver | None:
    """The decision that handed a location over and still stands; None before it, and once it fell. Two queries."""
    dated = last_gate_at(session, playbook, location_id, zone, cutover_at)
    if dated is None:
        return None
    decision = session.exec(
        select(GateDecision)
        .join(GateRecord, col(GateRecord.id) == col(GateDecision.record_id))
        .where(GateRecord.dated_id == dated.id, go_stands(now))
    ).first()
    return HandedOver(dated, decision) if decision is not None else None
