"""Who may be a buddy at a place with a training, and in which days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlmodel import Session, col

from app.actions.training.opening import Place
from app.actions.training.roster import go_live_day
from app.errors import Refused
from app.models import Membership
from app.plan.format.training import Buddy
from app.plan.moments import Unresolvable
from app.plan.places import Spot
from app.plan.terms import Scope
from app.stored import members_among
from app.stored.timelines import timeline_now

USUAL: Final = timedelta(days=6)
"""Without dates in the playbook a buddy is there for the first week."""


def buddies(session: Session, place: Place, role: str) -> list[int]:
    """Those who hold the buddy's role at the place, else for the network."""
    known = members_among(
        session, col(Membership.rollout_id) == place.location.rollout_id, col(Membership.role) == role
    )
    here = [one.person for one in known if one.location == place.id]
    return list(dict.fromkeys(here or [one.person for one in known if one.location is None]))


def wanted_buddy(place: Place, entry: str) -> Buddy:
    """What the playbook says of the buddy. Raises NotFound, and Refused where it asks for none."""
    found = place.training(entry).buddy
    if found is None:
        raise Refused("The playbook asks for no buddy with this training.")
    return found


def buddy_days(session: Session, place: Place, buddy: Buddy) -> tuple[date, date]:
    """From when to when, at the place."""
    if buddy.when is not None:
        spot = Spot(Scope.LOCATION, place.location.wave, place.location.slug)
        try:
            found = timeline_now(session, place.rollout).span(buddy.when, spot)
        except Unresolvable:
            found = None
        if found:
            return found
    day = go_live_day(place)
    return day, day + USUAL
