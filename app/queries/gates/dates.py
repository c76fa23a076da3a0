"""Gates and their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.models import ScheduledEntry
from app.queries.rollouts.placed import Placed


@dataclass(frozen=True)
class GateDate(Placed):
    """A gate at one place: at a location, for a wave, or (neither) for the network."""

    gate: str
    location: int | None
    wave: str
    due: date | None
    id: int = 0
    due_at: datetime | None = None


def gate_dates(session: Session, rollout_id: int) -> list[GateDate]:
    """Every gate of a rollout with its day. One query."""
    found = session.exec(
        select(ScheduledEntry)
        .where(ScheduledEntry.rollout_id == rollout_id, ScheduledEntry.kind == "gate")
        .order_by(col(ScheduledEntry.position))
    )
    return [GateDate(row.entry, row.location_id, row.wave, row.due, row.id or 0, row.due_at) for row in found]
