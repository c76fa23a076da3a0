"""A meeting that somebody may see, and its rollout."""

from __future__ import annotations

from sqlmodel import Session

from app.errors import NotFound
from app.models import Occasion, Rollout
from app.plan.terms import Recurring
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.rules.people.access import Permission, Viewer


def seen_meeting(session: Session, occasion_id: int, viewer: Viewer) -> Occasion:
    """The stored occasion. Raises NotFound for none, and for one at a location that the person may not see."""
    found = session.get(Occasion, occasion_id)
    if found is None or found.kind != Recurring.MEETING:
        raise NotFound("meeting")
    if not viewer.can(Permission.SEE_PLAN, rollout=found.rollout_id, location=found.location_id):
        raise NotFound("meeting")
    return found


def rollout_of_meeting(session: Session, occasion: Occasion, viewer: Viewer) -> RolloutFacts:
    """Its rollout, with the locations that the person may see."""
    rollout = facts_of(session, session.get_one(Rollout, occasion.rollout_id))
    return rollout.within(viewer.locations(rollout.id))
