"""Buddies: somebody of the staff has a person beside them for the days that a training says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.actions.loading import key_of
from app.actions.training.buddies import buddies, buddy_days, wanted_buddy
from app.actions.training.member_opening import OpenMember, open_member
from app.actions.training.opening import demand_trains, open_place
from app.actions.training.pairs import keep_pair, standing_pairs, taken_pairs, tell_pair
from app.errors import Invalid, Refused
from app.models import Pairing, StaffMember
from app.rules.people.access import Viewer
from app.rules.training.pairs import proposed


def pair(session: Session, staff_id: int, entry: str, buddy_id: int, *, by: Viewer, now: datetime) -> Pairing:
    """Give somebody a buddy, or another one. The same again is quiet.

    Raises NotFound, Forbidden, Refused, and Invalid for a person who does not hold the buddy's role there.
    """
    opened = open_member(session, staff_id, by=by)
    place = opened.place
    demand = place.demand(entry)
    demand_trains(place, demand, by)
    buddy = wanted_buddy(place, entry)
    if opened.row.role not in demand.audience or opened.row.left_at is not None:
        raise Refused("This training is not for this person.")
    if buddy_id not in buddies(session, place, buddy.role):
        raise Invalid({"buddy": "Choose somebody who holds that role."})
    first, last = buddy_days(session, place, buddy)
    return keep_pair(session, opened, entry, buddy_id, first, last, by, now)


def pair_everybody(session: Session, location_id: int, entry: str, *, by: Viewer, now: datetime) -> Sequence[Pairing]:
    """A buddy for everybody of the audience at a location who has none, those with the fewest first; who has one keeps
    them, in the days as they are now.

    Nobody left to pair is quiet. Raises NotFound, Forbidden, and Refused where nobody holds the buddy's role.
    """
    place = open_place(session, location_id, by=by)
    demand = place.demand(entry)
    demand_trains(place, demand, by)
    buddy = wanted_buddy(place, entry)
    known = buddies(session, place, buddy.role)
    if not known:
        raise Refused("Nobody holds the role of the buddy yet.")
    first, last = buddy_days(session, place, buddy)
    staff = session.exec(
        select(StaffMember)
        .where(
            StaffMember.location_id == place.id,
            col(StaffMember.left_at).is_(None),
            col(StaffMember.role).in_(demand.audience),
        )
        .order_by(col(StaffMember.name), col(StaffMember.id))
    ).all()
    people = {key_of(row): row for row in staff}
    paired = {row.staff_id: row.buddy_id for row in standing_pairs(session, place, entry) if row.staff_id in people}
    alone = [one for one in people if one not in paired]
    made = [*paired.items(), *proposed(alone, known, taken_pairs(session, place, first, last))]
    return [
        keep_pair(session, OpenMember(people[newcomer], place), entry, buddy_id, first, last, by, now)
        for newcomer, buddy_id in made
    ]


def unpair(session: Session, staff_id: int, entry: str, *, by: Viewer, now: datetime) -> None:
    """Somebody has no buddy any more. None is quiet. Raises NotFound, Forbidden and Refused."""
    opened = open_member(session, staff_id, by=by)
    demand_trains(opened.place, opened.place.demand(entry), by)
    for row in standing_pairs(session, opened.place, entry):
        if row.staff_id == staff_id:
            row.ended_at = now
            session.add(row)
            session.flush()
            tell_pair(session, opened, "unpaired", entry, by, now)
