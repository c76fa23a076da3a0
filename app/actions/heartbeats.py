"""The worker says that it is there, so that its absence is noticed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, or_, select, update

from app.models import Heartbeat

BEAT_EVERY = timedelta(seconds=10)
WORKER, SWEEP = 1, 2
"""Whose heartbeat a row is: that of looking at what is due, and that of the clocks of issues."""


def beat(session: Session, *, now: datetime, of: int = WORKER) -> None:
    """A worker has just looked, at everything or (SWEEP) at the clocks of issues.

    Written at most every ten seconds: a look that finds nothing should cost nothing.
    """
    stale = or_(col(Heartbeat.at) <= now - BEAT_EVERY, col(Heartbeat.at) > now)
    written = session.exec(update(Heartbeat).where(col(Heartbeat.id) == of, stale).values(at=now)).rowcount
    if written or session.exec(select(Heartbeat.id).where(Heartbeat.id == of)).first() is not None:
        return
    try:
        with session.begin_nested():
            session.add(Heartbeat(id=of, at=now))
    except IntegrityError:
        return  # another worker's first look
