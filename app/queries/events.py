"""The history of one thing, as its page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.models import Event, Person


@dataclass(frozen=True)
class HistoryLine:
    """One event: who did what (a past participle) when; `who` None is the worker."""

    id: int
    at: datetime
    who: str | None
    verb: str
    data: dict[str, Any]


def history(session: Session, kind: str, subject: int, limit: int = 100) -> list[HistoryLine]:
    """The newest `limit` events of one subject, newest first. One query."""
    found = session.exec(
        select(Event, Person.name)
        .outerjoin(Person, col(Person.id) == col(Event.actor_id))
        .where(Event.subject_kind == kind, Event.subject_id == subject)
        .order_by(col(Event.id).desc())
        .limit(limit)
    )
    return [HistoryLine(row.id or 0, row.at, name, row.verb, row.data) for row, name in found]
