"""A session opened for a change: loaded through what the person may see, locked; and what every change ends with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions.events import record, stale
from app.actions.loading import count_version, key_of, load
from app.actions.training.opening import Place, demand_trains, open_place
from app.errors import NotFound
from app.models import TrainingSession
from app.rules.people.access import Viewer
from app.rules.training.demand import Demand


@dataclass(frozen=True)
class OpenSession:
    """A stored session with its place, and what its training asks for there."""

    row: TrainingSession
    place: Place
    demand: Demand

    @property
    def id(self) -> int:
        return key_of(self.row)


def open_session(session: Session, session_id: int, *, by: Viewer) -> OpenSession:
    """The session for somebody who holds it. Raises NotFound, Forbidden and Refused."""
    row = load(session, TrainingSession, session_id, "session")
    if row.location_id is None:
        raise NotFound("session")
    try:
        place = open_place(session, row.location_id, by=by)
    except NotFound:
        raise NotFound("session") from None
    opened = OpenSession(row, place, place.demand(row.entry))
    if not by.answers_for(row.trainer_id):
        demand_trains(place, opened.demand, by)
    return opened


def demand_seen(session: Session, opened: OpenSession, seen: int | None) -> None:
    """Raises Stale when the session changed after the form was drawn. `seen` None: whatever it is now."""
    if seen is not None and opened.row.version != seen:
        raise stale(session, ("session", opened.id))


def changed_session(
    session: Session,
    opened: OpenSession,
    verb: str,
    *,
    by: Viewer,
    now: datetime,
    after: dict[str, Any] | None = None,
    mail: Callable[[], object] | None = None,
) -> TrainingSession:
    """Count one more version of the session, send the `mail` that tells of it, and record the event; last step of
    every change. Who is asked to it is part of it: a form that showed another list is stale.
    """
    count_version(session, opened.row, "entry")
    if mail:
        mail()
    record(session, f"session.{verb}", ("session", opened.id), by=by, now=now, **opened.place.ids, after=after)
    return opened.row
