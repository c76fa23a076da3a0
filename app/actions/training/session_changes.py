"""A planned session is changed or called off; whoever was invited is told."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.training.mailing import mail_session
from app.actions.training.session_opening import OpenSession, changed_session, demand_seen, open_session
from app.actions.training.sitting import Sitting, checked_sitting
from app.errors import Invalid, Refused
from app.models import Enrolment, TrainingSession
from app.rules.people.access import Viewer

TOLD: Final = ("starts_at", "minutes", "place", "trainer_id")
"""What those who were invited hear of when it changes."""


def change_session(
    session: Session, session_id: int, sitting: Sitting, *, seen: int, by: Viewer, now: datetime
) -> TrainingSession:
    """Say something else of a session; whoever was invited gets the new date. The same again is quiet.

    Raises NotFound, Forbidden, Stale, Invalid, and Refused for one that was held or called off.
    """
    opened = open_session(session, session_id, by=by)
    checked = checked_sitting(session, opened.place, opened.demand, sitting)
    columns = [name for name, value in checked.items() if getattr(opened.row, name) != value]
    if not columns:
        return opened.row
    demand_seen(session, opened, seen)
    demand_coming(opened)
    if checked["seats"] is not None and checked["seats"] < (taken := seats_taken(session, session_id)):
        raise Invalid({"seats": f"{taken} are enrolled already."})
    for name in columns:
        setattr(opened.row, name, checked[name])
    told = any(name in TOLD for name in columns)
    mail = partial(mail_session, session, opened, "training_moved", by=by, now=now) if told else None
    return changed_session(session, opened, "changed", by=by, now=now, after={"columns": columns}, mail=mail)


def call_off_session(
    session: Session, session_id: int, *, reason: str, seen: int, by: Viewer, now: datetime
) -> TrainingSession:
    """It does not take place; whoever was invited is told, and is to be asked anew. Called off already is quiet.

    Raises NotFound, Forbidden, Stale, Invalid without a reason, and Refused for one that was held.
    """
    opened = open_session(session, session_id, by=by)
    if opened.row.called_off_at is not None:
        return opened.row
    demand_seen(session, opened, seen)
    demand_coming(opened)
    opened.row.called_off_at, opened.row.called_off_reason = now, texts.prose("reason", reason)
    mail = partial(mail_session, session, opened, "training_off", by=by, now=now)
    return changed_session(session, opened, "called_off", by=by, now=now, mail=mail)


def demand_coming(opened: OpenSession) -> None:
    """Raises Refused for a session that was held or called off."""
    if opened.row.called_off_at is not None:
        raise Refused("This session was called off. Plan another one.")
    if opened.row.held_at is not None:
        raise Refused("This session was held. What was noted there can still be corrected.")


def seats_taken(session: Session, session_id: int) -> int:
    """How many are enrolled in a session."""
    found = select(Enrolment.id).where(Enrolment.session_id == session_id, col(Enrolment.ended_at).is_(None))
    return len(session.exec(found).all())
