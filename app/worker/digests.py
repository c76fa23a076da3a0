"""The daily digest: whoever has something to hear is queued one message, on the morning of their own place."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from app.actions.deliveries.digests import due_reader, plan_digest
from app.actions.deliveries.queue import queue_delivery
from app.actions.people.viewers import viewer_of
from app.errors import LostClaim
from app.plan.calendars import NoOpenDay, PlaceCalendar
from app.queries.digests import digest, home_calendar, last_digest
from app.rules.deliveries.digests import digest_day, next_digest

MOST_A_LOOK = 20
LOOK_AGAIN = timedelta(hours=1)
FIRST_LOOKS_BACK = timedelta(days=7)

log = structlog.get_logger(__name__)


def queue_digests(session: Session, now: datetime) -> None:
    """Queue the digests that are due and plan the next ones, one person a transaction."""
    for _ in range(MOST_A_LOOK):
        found = due_reader(session, now=now)
        if found is None:
            break
        person_id, due = found
        try:
            _queue(session, person_id, due, now)
            session.commit()
        except LostClaim:  # another worker was quicker
            session.rollback()
        except Exception:  # one person's plan must not keep the others' mail back
            session.rollback()
            log.exception("the digest could not be made", person=person_id)
            plan_digest(session, person_id, seen=due, at=now + LOOK_AGAIN)
            session.commit()
    session.commit()


def _queue(session: Session, person_id: int, due: datetime | None, now: datetime) -> None:
    calendar = home_calendar(session, person_id)
    plan_digest(session, person_id, seen=due, at=_next(calendar, now))
    day = digest_day(calendar, due, now) if calendar else None
    if day is None:
        return
    since = last_digest(session, person_id) or now - FIRST_LOOKS_BACK
    if digest(session, viewer_of(session, person_id, now=now), since=since, now=now):
        data = {"since": since.isoformat()}
        key, subject = day.isoformat(), ("person", person_id)
        queue_delivery(session, kind="digest", person_id=person_id, key=key, subject=subject, data=data, now=now)


def _next(calendar: PlaceCalendar | None, now: datetime) -> datetime:
    try:
        return next_digest(calendar, now) if calendar else now + LOOK_AGAIN
    except NoOpenDay:
        return now + LOOK_AGAIN
