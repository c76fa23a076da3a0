"""Recordings of sessions that one person missed and has not watched yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.models import Rollout, StaffMember
from app.queries.rollouts.facts import facts_of
from app.queries.training.facts import training_facts
from app.rules.people.access import Extent, Viewer
from app.rules.training.standing import Standing


@dataclass(frozen=True)
class MyRecording:
    """A recording that they owe, until the catch-up day."""

    title: str
    place: str
    until: date | None
    href: str


def recordings_of(session: Session, viewer: Viewer, own: list[StaffMember]) -> list[MyRecording]:
    """What somebody owes, by the lines of the staff that are theirs (`own`)."""
    found = []
    for rollout_id in dict.fromkeys(one.rollout_id for one in own):
        rollout = facts_of(session, session.get_one(Rollout, rollout_id)).within(Extent(True, frozenset()))
        mine = [one for one in own if one.rollout_id == rollout_id]
        places = [place for place in rollout.locations if place.id in {one.location_id for one in mine}]
        if rollout.state != "running" or not places:
            continue
        facts = training_facts(session, rollout, places)
        for place in places:
            lines = [line for line in facts.staff.get(place.id, ()) if line.person == viewer.person]
            for line in lines:
                for demand in facts.demands(place):
                    owes = line.role in demand.audience and facts.progress(line, demand).standing is Standing.RECORDING
                    if owes:
                        until = facts.days_of(place, demand).catch_up
                        found.append(MyRecording(demand.title, place.name, until, f"/training/people/{line.id}"))
    return found
