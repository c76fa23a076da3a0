"""The open tasks of a location that are due by a day, as lines of a list on paper. Two queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.models import CheckItem, Task
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.alone import is_open, overdue
from app.queries.tasks.rows import rows_by_due


class Soon(NamedTuple):
    """A task; `lines` says how many lines of its checklist are still open (0: it has none, or all are ticked)."""

    title: str
    due: date | None
    critical: bool
    lines: int


def soon(session: Session, rollout: RolloutFacts, place: PlaceFacts, until: date, now: datetime) -> list[Soon]:
    """What is open and due by a day, late ones first, in the order of due days."""
    near = or_(col(Task.due) <= until, overdue(now))
    rows = rows_by_due(session, rollout.id, {place.id}, col(Task.location_id) == place.id, is_open(), near)
    open_rows = [row for row in rows if row.completed_at is None]
    ids = [row.id for row in open_rows]
    found = session.exec(
        select(CheckItem.task_id).where(col(CheckItem.task_id).in_(ids), col(CheckItem.checked_at).is_(None))
    )
    lines: dict[int, int] = {}
    for task in found:
        lines[task] = lines.get(task, 0) + 1
    return [
        Soon(f"{row.title}: {row.value}" if row.value and row.value not in row.title else row.title, row.due,
             row.critical, lines.get(row.id, 0))
        for row in open_rows
    ]  # fmt: skip
