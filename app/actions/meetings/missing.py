"""A meeting of which nothing was recorded on its day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.actions.meetings.opening import OpenMeeting, changed, new_record, record_of
from app.actions.occasions.opening import with_playbook
from app.models import Occasion, Pause


def miss_meeting(session: Session, occasion: Occasion, *, now: datetime) -> None:
    """Record that a meeting was missed, once its day has ended at its place without a word. It stays missed, also
    where it is entered later.

    For the worker, which has claimed the occasion. Quiet where something was recorded, where its day was over before
    there was a plan, at a location that stands still or has left, and in a rollout that does not run.
    """
    opened = OpenMeeting(with_playbook(session, occasion), None)
    if not _is_expected(session, opened):
        return
    opened.record = record_of(session, opened.id)
    if opened.record is not None:
        return
    row = new_record(opened)
    row.missed_at = now
    changed(session, opened, row, "missed", by=None, now=now)


def settle_missed(session: Session, opened: OpenMeeting, *, now: datetime) -> None:
    """Before something is entered after its day: what the worker would have done by now, if it has not."""
    occasion = opened.opened.occasion
    if occasion.next_at is not None and occasion.late_at is not None and occasion.late_at <= now:
        occasion.next_at = None
        session.add(occasion)
        session.flush()
        miss_meeting(session, occasion, now=now)
        opened.record = record_of(session, opened.id)


def _is_expected(session: Session, opened: OpenMeeting) -> bool:
    """Whether anybody was to meet at all."""
    location, ended = opened.opened.location, opened.opened.occasion.late_at
    if opened.opened.rollout.state != "running":
        return False
    planned = location.planned_at if location else opened.opened.rollout.planned_at
    if planned is None or (ended is not None and ended <= planned):
        return False
    if location is None:
        return True
    stood = select(Pause.id).where(
        Pause.location_id == location.id,
        col(Pause.at) <= ended,
        or_(col(Pause.ended_at).is_(None), col(Pause.ended_at) > ended),
    )
    return location.dropped_at is None and session.exec(stood).first() is None
