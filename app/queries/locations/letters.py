"""What a message says of a location that was handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.models import Delivery, Location, Rollout
from app.queries.dropped import GONE, NotToSend
from app.queries.locations.handover import phase_at
from app.queries.rollouts.facts import facts_of
from app.rules.gates.handover import handed_words
from app.rules.people.access import Permission, Viewer
from app.stored.handovers import handed_over

Letter = tuple[str, dict[str, str]]
NO_MORE: Final = "The go that handed it over fell, or another decision took its place."


def handover_facts(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> Letter:
    """The path of the handover, and what the location is handed over to. Raises NotToSend, also once it is not."""
    location = session.get(Location, row.subject_id)
    if location is None or not viewer.can(Permission.SEE_PLAN, rollout=location.rollout_id, location=location.id):
        raise NotToSend(GONE)
    rollout = facts_of(session, session.get_one(Rollout, location.rollout_id))
    place = rollout.location(location.id)
    if place is None or place.left_at is not None:
        raise NotToSend(GONE)
    at = rollout.as_of(now)
    found = handed_over(session, rollout.book_at(place.id), place.id, place.zone, place.cutover_at, at)
    if found is None or found.dated.due is None:
        raise NotToSend(NO_MORE)
    said = handed_words(phase_at(rollout, place, found.dated.due, now), place.today(now))
    facts = {"title": place.name, "rollout": rollout.title, "due": f"{said[:1].upper()}{said[1:]}."}
    return f"/rollouts/{rollout.slug}/locations/{place.slug}#handover", facts
