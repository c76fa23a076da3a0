"""The one place that writes history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from app.errors import Stale
from app.models import Event, Person
from app.rules.people.access import Viewer

APPEND_LOCK = 718


def record(
    session: Session,
    verb: str,
    subject: tuple[str, int],
    *,
    by: Viewer | None,
    now: datetime,
    rollout_id: int | None = None,
    location_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append one event in the transaction of the change. `by` None is the worker or somebody not yet known.

    Call it last: on PostgreSQL appends are taken one after the other until the commit, so that whoever reads on from
    an id never misses one that was given earlier and committed later.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPEND_LOCK})
    kind, subject_id = subject
    data = {name: value for name, value in (("before", before), ("after", after)) if value}
    session.add(
        Event(
            at=now,
            actor_id=by.person if by else None,
            verb=verb,
            rollout_id=rollout_id,
            location_id=location_id,
            subject_kind=kind,
            subject_id=subject_id,
            data=data,
        )
    )
    session.flush()


def stale(session: Session, subject: tuple[str, int]) -> Stale:
    """The refusal of a form drawn before the subject's last change: who, when and what from that event."""
    kind, subject_id = subject
    statement = (
        select(Event.verb, Event.at, Person.name)
        .join(Person, col(Person.id) == Event.actor_id, isouter=True)
        .where(Event.subject_kind == kind, Event.subject_id == subject_id)
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    found = session.exec(statement).first()
    if found is None:
        return Stale("Somebody", None, "changed")
    verb, at, name = found
    return Stale(name or "Muster", at, verb.partition(".")[2])
