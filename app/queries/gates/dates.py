"""Gates and their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.models import ScheduledEntry
from app.queries.rollouts.facts import PlaceFacts


@dataclass(frozen=True)
class GateDate:
    """A gate at one place: at a location, for a wave, or (neither) for the network."""

    gate: str
    location: int | None
    wave: str
    due: date | None
    id: int = 0

    def meant_for(self, place: PlaceFacts) -> bool:
        return self.location == place.id or (self.location is None and self.wave in ("", place.wave))


def gate_dates(session: Session, rollout_id: int) -> list[GateDate]:
    """Every gate of a rollout with its day. One query."""
    found = session.exec(
        select(ScheduledEntry)
        .where(ScheduledEntry.rollout_id == rollout_id, ScheduledEntry.kind == "gate")
        .order_by(col(ScheduledEntry.position))
    )
    return [GateDate(row.entry, row.location_id, row.wave, row.due, row.id or 0) for row in found]
