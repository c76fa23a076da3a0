"""Somebody's inbox: how much of it waits to be looked at, and that it was looked at."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select, update

from app.actions.events import record
from app.actions.loading import load
from app.errors import NotFound
from app.models import Notice
from app.rules.people.access import Viewer


def unseen(session: Session, person_id: int) -> int:
    """How many lines the person has not looked at."""
    statement = select(func.count()).select_from(Notice)
    return session.exec(statement.where(Notice.person_id == person_id, col(Notice.seen_at).is_(None))).one()


def see_notice(session: Session, notice_id: int, *, by: Viewer, now: datetime) -> Notice:
    """One's own line was looked at. Seen already is quiet. Raises NotFound."""
    row = load(session, Notice, notice_id, "notice")
    if row.person_id != by.person:
        raise NotFound("notice")
    if row.seen_at is None:
        row.seen_at = now
        session.add(row)
        _recorded(session, 1, by, now)
    return row


def see_all(session: Session, *, by: Viewer, now: datetime) -> int:
    """Everything up to now was looked at. Returns how many lines that were."""
    waiting = update(Notice).where(
        col(Notice.person_id) == by.person, col(Notice.seen_at).is_(None), col(Notice.at) <= now
    )
    seen = session.exec(waiting.values(seen_at=now)).rowcount
    if seen:
        _recorded(session, seen, by, now)
    return seen


def _recorded(session: Session, lines: int, by: Viewer, now: datetime) -> None:
    record(session, "person.saw_notices", ("person", by.person), by=by, now=now, after={"lines": lines})
