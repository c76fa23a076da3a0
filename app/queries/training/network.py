"""Training over the whole rollout: every location that the reader may see, every training, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.training.coverage import Cover, covers
from app.queries.training.facts import Days, StaffLine, TrainingFacts, training_facts
from app.rules.people.access import Permission, Viewer
from app.rules.training.demand import Demand
from app.rules.training.tally import Tally


@dataclass(frozen=True)
class Counted:
    """One training at one location. `short` are those who have not passed, for a reader who may know their names."""

    demand: Demand
    tally: Tally
    days: Days
    short: tuple[StaffLine, ...] | None


@dataclass(frozen=True)
class PlaceCounted:
    """A location with its trainings, and how go-live day is covered."""

    place: PlaceFacts
    trainings: tuple[Counted, ...]
    cover: Cover
    people: int


def network(session: Session, rollout: RolloutFacts, viewer: Viewer, now: datetime) -> list[PlaceCounted]:
    """The locations in opening order. The number of queries is fixed."""
    places = [place for place in rollout.opening_order(now) if place.planned]
    facts = training_facts(session, rollout, places)
    covered = covers(session, facts, places)
    return [place_counted(facts, place, covered, viewer, now) for place in places]


def place_counted(
    facts: TrainingFacts, place: PlaceFacts, covered: Mapping[int, Cover], viewer: Viewer, now: datetime
) -> PlaceCounted:
    """One location of those that were read."""
    trainings = tuple(_counted(facts, place, demand, viewer, now) for demand in facts.demands(place))
    return PlaceCounted(place, trainings, covered[place.id], len(facts.staff.get(place.id, ())))


def _counted(facts: TrainingFacts, place: PlaceFacts, demand: Demand, viewer: Viewer, now: datetime) -> Counted:
    found = facts.tally(place, demand, now)
    lacking = set(found.short)
    named = reads_names(viewer, facts.rollout.id, place.id, demand)
    short = tuple(one for one in facts.audience(place, demand) if one.id in lacking) if named else None
    return Counted(demand, found, facts.days_of(place, demand), short)


def reads_names(viewer: Viewer, rollout: int, place: int, demand: Demand | None = None) -> bool:
    """Whether the reader may know who the staff are: those who work there, and the owners of the training."""
    owners = demand.owners if demand else ()
    return viewer.can(Permission.SEE_DETAIL, rollout=rollout, location=place, named=owners)
