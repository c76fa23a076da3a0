"""What happened at a location lately, with the task or issue that each event speaks of. One query."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, select
from sqlmodel import Session, col

from app.models import Event, Issue, Person, Task
from app.queries.events import HistoryLine

LATELY: Final = 10


def happened(session: Session, location: int, limit: int = LATELY) -> tuple[tuple[HistoryLine, str], ...]:
    """The newest events of a location, newest first, each with the title of its task or the number of
    its issue (empty: it is of neither). What people wrote is left out.
    """
    found = session.execute(
        select(col(Event.id), col(Event.at), col(Person.name), col(Event.verb), col(Task.title), col(Issue.number))
        .outerjoin(Person, col(Person.id) == col(Event.actor_id))
        .outerjoin(Task, and_(col(Event.subject_kind) == "task", col(Task.id) == col(Event.subject_id)))
        .outerjoin(Issue, and_(col(Event.subject_kind) == "issue", col(Issue.id) == col(Event.subject_id)))
        .where(col(Event.location_id) == location)
        .order_by(col(Event.id).desc())
        .limit(limit)
    )
    return tuple(
        (HistoryLine(id_ or 0, at, name, verb, {}), title or (f"issue {number}" if number else ""))
        for id_, at, name, verb, title, number in found
    )
