"""A place opened for a change of its training: loaded through what the person may see, locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.actions.loading import key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, NotFound
from app.models import Location, Rollout
from app.plan import Playbook
from app.plan.facts import Facts
from app.plan.format.training import Training
from app.rules.people.access import Permission, Viewer
from app.rules.training.demand import Demand, demand_of
from app.stored import playbook_at


@dataclass(frozen=True)
class Place:
    """A location of a running rollout, with the playbook that holds there."""

    rollout: Rollout
    location: Location
    playbook: Playbook

    @property
    def id(self) -> int:
        return key_of(self.location)

    @property
    def where(self) -> dict[str, Any]:
        """As permissions ask for it."""
        return {"rollout": key_of(self.rollout), "location": self.id}

    @property
    def ids(self) -> dict[str, Any]:
        """As an event says where it happened."""
        return {"rollout_id": key_of(self.rollout), "location_id": self.id}

    def training(self, entry: str) -> Training:
        """A training of the playbook. Raises NotFound."""
        found = next((one for one in self.playbook.sessions if one.id == entry), None)
        if found is None:
            raise NotFound("training")
        return found

    def demand(self, entry: str) -> Demand:
        """What the training asks for here. Raises NotFound, also where it is not for this place."""
        found = demand_of(self.training(entry), Facts(self.location.wave, self.location.attributes))
        if found is None:
            raise NotFound("training")
        return found


def open_place(session: Session, location_id: int, *, by: Viewer) -> Place:
    """The location for somebody who may see it. Raises NotFound, and Refused where nothing is changed any more."""
    location = load(session, Location, location_id, "location")
    if not by.can(Permission.SEE_PLAN, rollout=location.rollout_id, location=location_id):
        raise NotFound("location")
    rollout = session.get_one(Rollout, location.rollout_id)
    demand_open(rollout, location)
    return Place(rollout, location, playbook_at(session, rollout, location))


def keep_place(session: Session, location_id: int, *, by: Viewer) -> Place:
    """The same for somebody who keeps the staff list there. Raises Forbidden too."""
    place = open_place(session, location_id, by=by)
    if not by.can(Permission.CHECK_OFF, **place.where):
        raise Forbidden("You may see this location, but not keep its staff list.")
    return place


def demand_trains(place: Place, demand: Demand, by: Viewer) -> None:
    """Raises Forbidden for everybody but the owners of the training and those who work at the place."""
    if not by.can(Permission.CHECK_OFF, **place.where, named=demand.owners):
        raise Forbidden("You may see this training, but it is not yours to hold.")
