"""The selections of a rollout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.models import ScheduledEntry, SelectionChoice, SelectionRecord
from app.plan.format.frame import Selection
from app.queries.rollouts.facts import RolloutFacts


@dataclass(frozen=True)
class SelectionLine:
    """One selection: what the playbook says of it, whether a set was proposed, and whether everybody has signed it."""

    id: int
    selection: Selection
    due: date | None
    proposed: bool
    settled: bool


def selection_lines(session: Session, rollout: RolloutFacts) -> list[SelectionLine]:
    """Those that the playbook has, in its order. One query, or none."""
    known = rollout.playbook.selection
    if not known:
        return []
    statement = (
        select(ScheduledEntry, SelectionChoice.id, SelectionChoice.settled_at)
        .outerjoin(SelectionRecord, col(SelectionRecord.dated_id) == col(ScheduledEntry.id))
        .outerjoin(
            SelectionChoice,
            (col(SelectionChoice.record_id) == SelectionRecord.id) & col(SelectionChoice.replaced_at).is_(None),
        )
        .where(ScheduledEntry.rollout_id == rollout.id, ScheduledEntry.kind == "selection")
        .order_by(col(ScheduledEntry.position), col(ScheduledEntry.id))
    )
    return [
        SelectionLine(row.id or 0, known[row.entry], row.due, choice is not None, settled is not None)
        for row, choice, settled in session.exec(statement)
        if row.entry in known
    ]
