"""The worker says that it is there, so that its absence is noticed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, or_, select, update

from app.models import Heartbeat

BEAT_EVERY = timedelta(seconds=10)


def beat(session: Session, *, now: datetime) -> None:
    """A worker has just looked. Written at most every ten seconds: a look that finds nothing should cost nothing."""
    stale = or_(col(Heartbeat.at) <= now - BEAT_EVERY, col(Heartbeat.at) > now)
    written = session.exec(update(Heartbeat).where(col(Heartbeat.id) == 1, stale).values(at=now)).rowcount
    if written or session.exec(select(Heartbeat.id).where(Heartbeat.id == 1)).first() is not None:
        return
    try:
        with session.begin_nested():
            session.add(Heartbeat(id=1, at=now))
    except IntegrityError:
        return  # another worker's first look
