"""What a message says of a duty, or of a location that learns from another."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.models import Delivery, Duty, Location, Mentorship, Occasion, Rollout
from app.queries.dropped import GONE, NotToSend
from app.rules.clock import short_day
from app.rules.people.access import Permission, Viewer

Letter = tuple[str, dict[str, str]]


def duty_facts(session: Session, row: Delivery, viewer: Viewer) -> Letter:
    """The path of the rota, and when the reader is on duty, or no longer. Raises NotToSend."""
    duty = session.get(Duty, row.subject_id)
    if duty is None or not viewer.can(Permission.SEE_PLAN, rollout=duty.rollout_id, location=duty.location_id):
        raise NotToSend(GONE)
    if row.kind == "duty" and (duty.ended_at is not None or duty.person_id != viewer.person):
        raise NotToSend("They were taken off duty since.")
    rollout = session.get_one(Rollout, duty.rollout_id)
    facts = {
        "title": session.get_one(Occasion, duty.occasion_id).title,
        "place": _name(session, duty.location_id),
        "rollout": rollout.title,
        "due": str(row.data.get("said", "")),
    }
    return f"/rollouts/{rollout.slug}/rota", facts


def mentor_facts(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> Letter:
    """The path of the mentors, and whom the reader helps, on which day. Raises NotToSend."""
    found = session.get(Mentorship, row.subject_id)
    if found is None or found.ended_at is not None or found.person_id != viewer.person:
        raise NotToSend(GONE)
    rollout = session.get_one(Rollout, found.rollout_id)
    facts = {
        "title": "a visit" if found.kind == "visit" else "a mentor",
        "place": _name(session, found.location_id),
        "rollout": rollout.title,
        "due": short_day(found.day, now.date()) if found.day else "",
    }
    return f"/rollouts/{rollout.slug}/rota", facts


def _name(session: Session, location_id: int | None) -> str:
    found = session.get(Location, location_id) if location_id is not None else None
    return found.name if found else ""
