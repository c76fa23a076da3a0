"""A location stands still for a while: nothing is late there meanwhile, and it is on nobody's day."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.schedule.moves import directed
from app.errors import Refused
from app.models import Location, Pause, Person
from app.rules.clock import instant
from app.rules.people.access import Viewer


def pause_location(session: Session, location_id: int, *, reason: str, by: Viewer, now: datetime) -> Pause:
    """Let a location stand still. Paused already for the same reason is quiet.

    Raises NotFound, Forbidden, Refused where nothing is changed or somebody has paused it for another reason, and
    Invalid without a reason.
    """
    _, location = directed(session, location_id, by)
    reason = texts.prose("reason", reason)
    found = _open_pause(session, location_id)
    if found is not None and found.reason == reason:
        return found
    if found is not None:
        who = session.get_one(Person, found.by_id).name
        say = f"{location.name} stands still already: {who} paused it, {instant(found.at, location.zone, now)}."
        raise Refused(say, (found.reason,))
    pause = Pause(location_id=location_id, reason=reason, by_id=by.person, at=now)
    session.add(pause)
    session.flush()
    _record(session, "paused", location_id, by, now, {"reason": pause.reason})
    return pause


def resume_location(session: Session, location_id: int, *, by: Viewer, now: datetime) -> None:
    """Let the work go on, on the dates that it had. Not paused is quiet. Raises NotFound, Forbidden and Refused."""
    directed(session, location_id, by)
    pause = end_pause(session, location_id, by=by, now=now)
    if pause is not None:
        _record(session, "resumed", location_id, by, now, {"since": pause.at.isoformat()})


def end_pause(session: Session, location_id: int, *, by: Viewer, now: datetime) -> Pause | None:
    """End the pause of a location as part of another change; None where it does not stand still."""
    pause = _open_pause(session, location_id)
    if pause is not None:
        pause.ended_at, pause.ended_by = now, by.person
        session.add(pause)
        session.flush()
    return pause


def _open_pause(session: Session, location_id: int) -> Pause | None:
    statement = select(Pause).where(Pause.location_id == location_id, col(Pause.ended_at).is_(None))
    return session.exec(statement).first()


def _record(session: Session, verb: str, location_id: int, by: Viewer, now: datetime, after: dict[str, str]) -> None:
    rollout_id = session.get_one(Location, location_id).rollout_id
    record(
        session, f"location.{verb}", ("location", location_id), by=by, now=now, rollout_id=rollout_id,
        location_id=location_id, after=after,
    )  # fmt: skip
