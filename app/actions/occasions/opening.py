"""An occasion opened for a change: loaded through what the person may see, with the playbook that holds there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.actions.loading import key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import NotFound
from app.models import Location, Occasion, Rollout
from app.plan import Playbook
from app.plan.terms import Recurring
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_under


@dataclass(frozen=True)
class OpenOccasion:
    """A stored occasion, and where it stands."""

    occasion: Occasion
    playbook: Playbook
    rollout: Rollout
    location: Location | None

    @property
    def id(self) -> int:
        return key_of(self.occasion)

    @property
    def zone(self) -> str:
        """The zone of its place: of the location, or of the playbook's network."""
        return self.location.zone if self.location else self.playbook.calendar.zone

    @property
    def place(self) -> dict[str, Any]:
        """Where it is, as permissions ask for it."""
        return {"rollout": self.occasion.rollout_id, "location": self.occasion.location_id}


def open_occasion(session: Session, occasion_id: int, kind: Recurring, *, by: Viewer) -> OpenOccasion:
    """The occasion of that kind for somebody who may see it; locked. Raises NotFound, and Refused where nothing is
    changed any more: in a rollout that is closed, at a location that has left it.
    """
    occasion = load(session, Occasion, occasion_id, str(kind))
    rollout, location = occasion.rollout_id, occasion.location_id
    if occasion.kind != kind or not by.can(Permission.SEE_PLAN, rollout=rollout, location=location):
        raise NotFound(str(kind))
    opened = with_playbook(session, occasion)
    demand_open(opened.rollout, opened.location)
    return opened


def with_playbook(session: Session, occasion: Occasion) -> OpenOccasion:
    """The occasion with the version of the playbook that it stands under."""
    location = session.get_one(Location, occasion.location_id) if occasion.location_id is not None else None
    rollout = session.get_one(Rollout, occasion.rollout_id)
    return OpenOccasion(occasion, playbook_under(session, rollout, location, occasion), rollout, location)
