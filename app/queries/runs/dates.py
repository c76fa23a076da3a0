"""Runbooks and their T, and whether they were run for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Run, ScheduledEntry
from app.queries.rollouts.placed import Placed


@dataclass(frozen=True)
class RunbookDate(Placed):
    """A runbook at one place; `ran`: a live run of it has finished."""

    runbook: str
    location: int | None
    wave: str
    zero: datetime | None
    id: int = 0
    ran: bool = False


def runbook_dates(session: Session, rollout_id: int) -> list[RunbookDate]:
    """Every runbook of a rollout with its T. Two queries."""
    ran = select(Run.dated_id).where(Run.rollout_id == rollout_id, col(Run.live).is_(True), Run.outcome == "finished")
    finished = set(session.exec(ran))
    found = session.exec(
        select(ScheduledEntry)
        .where(ScheduledEntry.rollout_id == rollout_id, ScheduledEntry.kind == "runbook")
        .order_by(col(ScheduledEntry.position), col(ScheduledEntry.id))
    )
    return [
        RunbookDate(row.entry, row.location_id, row.wave, row.due_at, row.id or 0, row.id in finished) for row in found
    ]
