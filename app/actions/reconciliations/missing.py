"""A day that nobody counted by its hour: recorded as missed, for ever, and an issue that climbs by its own ladder."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, or_, select

from app.actions.issues.reporting import report_from_work
from app.actions.loading import key_of
from app.actions.occasions.opening import with_playbook
from app.actions.reconciliations.opening import OpenDay, begin, changed, with_record
from app.errors import NotFound
from app.models import Issue, Occasion, Pause, Reconciliation, ReconciliationReturn
from app.plan.terms import TITLE_LIMIT
from app.rules.clock import instant, long_day


def miss_day(session: Session, occasion: Occasion, *, now: datetime) -> None:
    """The hour of a day has passed, its grace included. Nothing was handed in by then: it is missed.

    Where the place stood still then, has left, or the rollout is closed, nothing was asked for: nothing is recorded.
    What was counted and waits for its review, or was given back, is not missed.
    """
    try:
        day = with_record(session, with_playbook(session, occasion))
    except NotFound:  # a newer playbook asks for it no more
        return
    if not _asked_for(session, day) or _counted_in_time(session, day):
        return
    day = begin(session, day)
    row = day.begun()
    if row.missed_at is not None:
        return
    row.missed_at = occasion.late_at or now
    issue = _report(session, day, now)
    row.issue_id = key_of(issue) if issue else None
    changed(session, day, "missed", by=None, now=now, after={"issue": issue.number} if issue else None)


def settle_missed(session: Session, occasion: Occasion, *, now: datetime) -> None:
    """Before a day is handed in after its hour: what the worker would have done by now, if it has not."""
    if occasion.next_at is not None and occasion.late_at is not None and occasion.late_at <= now:
        occasion.next_at = None
        session.add(occasion)
        session.flush()
        miss_day(session, occasion, now=now)


def _asked_for(session: Session, day: OpenDay) -> bool:
    """Whether somebody was to count then: not before the plan was there, and not where the place stood still."""
    rollout, location, late = day.opened.rollout, day.opened.location, day.opened.occasion.late_at
    planned = location.planned_at if location else rollout.planned_at
    if rollout.state != "running" or planned is None or (late is not None and late <= planned):
        return False
    if location is None:
        return True
    if location.dropped_at is not None:
        return False
    stood = select(Pause.id).where(
        Pause.location_id == location.id,
        col(Pause.at) <= late,
        or_(col(Pause.ended_at).is_(None), col(Pause.ended_at) > late),
    )
    return session.exec(stood).first() is None


def _counted_in_time(session: Session, day: OpenDay) -> bool:
    row, late = day.record, day.opened.occasion.late_at
    if row is None:
        return False
    if row.counted_at is not None:
        return late is None or row.counted_at < late
    return _given_back(session, row)


def _given_back(session: Session, row: Reconciliation) -> bool:
    """Whether it had been handed in before, and was given back since."""
    found = select(ReconciliationReturn.id).where(ReconciliationReturn.reconciliation_id == row.id)
    return session.exec(found).first() is not None


def _report(session: Session, day: OpenDay, now: datetime) -> Issue | None:
    occasion = day.opened.occasion
    if not day.asked.on_late:
        return None
    when = f"{long_day(day.day, day.day)} {day.day.year}"
    due = f" It was due {instant(occasion.due_at, day.opened.zone, now)}." if occasion.due_at else ""
    return report_from_work(
        session, occasion.rollout_id, location_id=occasion.location_id,
        title=f"{day.asked.title}: nobody counted {when}"[:TITLE_LIMIT],
        details=f"Nothing was handed in for {when}.{due} The day stays missed; its counts can still be entered.",
        severity=day.asked.on_late, by=None, now=now,
    )  # fmt: skip
