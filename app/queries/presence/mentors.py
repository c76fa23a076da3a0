"""Which locations learn from which: mentors and visits.

Each of the two sees the name of the other, and of the mentor: whoever paired them meant it so. Of everybody else's
pairs a reader sees those of the locations within their extent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from app.models import Location, Membership, Mentorship, Person
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent, Permission, Viewer
from app.rules.presence.mentors import hindrance
from app.stored import members_among


@dataclass(frozen=True)
class MentorLine:
    """One mentor or visit. `learns` and `live` are the two locations, `note` only for who may read texts there."""

    id: int
    kind: str
    learns: str
    live: str
    learns_id: int
    live_id: int
    person: str
    day: date | None
    note: str
    zone: str
    held_at: datetime | None


def mentorships(
    session: Session, rollout: RolloutFacts, extent: Extent, viewer: Viewer, place: int | None = None
) -> list[MentorLine]:
    """Those that were not ended, mentors first, visits by their day; of one location where it is given. One query."""
    learns, live = aliased(Location), aliased(Location)
    columns: Any = (Mentorship, learns.name, learns.zone, live.name, Person.name)
    statement = (
        select(*columns)
        .join(learns, col(learns.id) == col(Mentorship.location_id))
        .join(live, col(live.id) == col(Mentorship.from_location_id))
        .outerjoin(Person, col(Person.id) == col(Mentorship.person_id))
        .where(Mentorship.rollout_id == rollout.id, col(Mentorship.ended_at).is_(None))
        .order_by(col(Mentorship.kind), col(Mentorship.day), col(Mentorship.id))
    )
    if not extent.everywhere:
        statement = statement.where(
            or_(col(Mentorship.location_id).in_(extent.ids), col(Mentorship.from_location_id).in_(extent.ids))
        )
    if place is not None:
        statement = statement.where(
            or_(col(Mentorship.location_id) == place, col(Mentorship.from_location_id) == place)
        )
    return [_line(viewer, *found) for found in session.exec(statement)]


def _line(viewer: Viewer, row: Mentorship, learns: str, zone: str, live: str, person: str | None) -> MentorLine:
    reads = any(
        viewer.can(Permission.SEE_DETAIL, rollout=row.rollout_id, location=one)
        for one in (row.location_id, row.from_location_id)
    )
    return MentorLine(
        id=row.id or 0,
        kind=row.kind,
        learns=learns,
        live=live,
        learns_id=row.location_id,
        live_id=row.from_location_id,
        person=person or "",
        day=row.day,
        note=row.note if reads else "",
        zone=zone,
        held_at=row.held_at,
    )


@dataclass(frozen=True)
class Pairable:
    """What somebody may pair: locations that may learn, those that are live or will be, and the people of these."""

    learning: tuple[PlaceFacts, ...]
    live: tuple[PlaceFacts, ...]
    people: tuple[tuple[int, str, str], ...]


def pairable(session: Session, rollout: RolloutFacts, viewer: Viewer, now: datetime) -> Pairable:
    """What the form of a mentor offers, nothing for who may pair none: `people` are key, name, location. One query."""
    mine = [one for one in rollout.locations if viewer.can(Permission.ASSIGN, rollout=rollout.id, location=one.id)]
    live = [one for one in mine if any(not hindrance(other, one, None, now) for other in mine)]
    learning = [one for one in mine if any(not hindrance(one, other, None, now) for other in live)]
    if not learning:
        return Pairable((), (), ())
    at = {one.id: one.name for one in live}
    here = (col(Membership.rollout_id) == rollout.id, col(Membership.location_id).in_(at))
    people = dict.fromkeys((one.person, one.name, at[one.location or 0]) for one in members_among(session, *here))
    return Pairable(tuple(learning), tuple(live), tuple(sorted(people, key=lambda one: one[1])))
