"""Buddies: somebody of the staff has a person beside them for the days that a training says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from app.actions.events import record
from app.actions.loading import key_of
from app.actions.schedule.planning import timeline_now
from app.actions.training.opening import OpenMember, Place, demand_trains, open_member, open_place
from app.actions.training.roster import go_live_day
from app.errors import Invalid, Refused
from app.models import Membership, Pairing, StaffMember
from app.plan.format.training import Buddy
from app.plan.moments import Unresolvable
from app.plan.places import Spot
from app.plan.terms import Scope
from app.rules.people.access import Viewer
from app.rules.training.pairs import Pair, proposed
from app.stored import members_among

USUAL = timedelta(days=6)
"""Without dates in the playbook a buddy is there for the first week."""


def pair(session: Session, staff_id: int, entry: str, buddy_id: int, *, by: Viewer, now: datetime) -> Pairing:
    """Give somebody a buddy, or another one. The same again is quiet.

    Raises NotFound, Forbidden, Refused, and Invalid for a person who does not hold the buddy's role there.
    """
    opened = open_member(session, staff_id, by=by)
    place = opened.place
    demand = place.demand(entry)
    demand_trains(place, demand, by)
    buddy = _buddy(place, entry)
    if opened.row.role not in demand.audience or opened.row.left_at is not None:
        raise Refused("This training is not for this person.")
    if buddy_id not in buddies(session, place, buddy.role):
        raise Invalid({"buddy": "Choose somebody who holds that role."})
    first, last = _days(session, place, buddy)
    return _pair(session, opened, entry, buddy_id, first, last, by, now)


def pair_everybody(session: Session, location_id: int, entry: str, *, by: Viewer, now: datetime) -> Sequence[Pairing]:
    """A buddy for everybody of the audience at a location who has none, those with the fewest first; who has one keeps
    them, in the days as they are now.

    Nobody left to pair is quiet. Raises NotFound, Forbidden, and Refused where nobody holds the buddy's role.
    """
    place = open_place(session, location_id, by=by)
    demand = place.demand(entry)
    demand_trains(place, demand, by)
    buddy = _buddy(place, entry)
    known = buddies(session, place, buddy.role)
    if not known:
        raise Refused("Nobody holds the role of the buddy yet.")
    first, last = _days(session, place, buddy)
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
    paired = {row.staff_id: row.buddy_id for row in _standing(session, place, entry) if row.staff_id in people}
    alone = [one for one in people if one not in paired]
    made = [*paired.items(), *proposed(alone, known, _taken(session, place, first, last))]
    return [
        _pair(session, OpenMember(people[newcomer], place), entry, buddy_id, first, last, by, now)
        for newcomer, buddy_id in made
    ]


def unpair(session: Session, staff_id: int, entry: str, *, by: Viewer, now: datetime) -> None:
    """Somebody has no buddy any more. None is quiet. Raises NotFound, Forbidden and Refused."""
    opened = open_member(session, staff_id, by=by)
    demand_trains(opened.place, opened.place.demand(entry), by)
    for row in _standing(session, opened.place, entry):
        if row.staff_id == staff_id:
            row.ended_at = now
            session.add(row)
            session.flush()
            _tell(session, opened, "unpaired", entry, by, now)


def buddies(session: Session, place: Place, role: str) -> list[int]:
    """Those who hold the buddy's role at the place, else for the network."""
    known = members_among(
        session, col(Membership.rollout_id) == place.location.rollout_id, col(Membership.role) == role
    )
    here = [one.person for one in known if one.location == place.id]
    return list(dict.fromkeys(here or [one.person for one in known if one.location is None]))


def _buddy(place: Place, entry: str) -> Buddy:
    found = place.training(entry).buddy
    if found is None:
        raise Refused("The playbook asks for no buddy with this training.")
    return found


def _days(session: Session, place: Place, buddy: Buddy) -> tuple[date, date]:
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


def _pair(
    session: Session, opened: OpenMember, entry: str, buddy: int, first: date, last: date, by: Viewer, now: datetime
) -> Pairing:
    before = next((one for one in _standing(session, opened.place, entry) if one.staff_id == opened.id), None)
    if before is not None and (before.buddy_id, before.first, before.last) == (buddy, first, last):
        return before
    if before is not None:
        before.ended_at = now
        session.add(before)
        session.flush()
    row = Pairing(staff_id=opened.id, entry=entry, buddy_id=buddy, first=first, last=last, by_id=by.person, at=now)
    session.add(row)
    session.flush()
    _tell(session, opened, "paired", entry, by, now, buddy)
    return row


def _standing(session: Session, place: Place, entry: str) -> Sequence[Pairing]:
    return session.exec(
        select(Pairing)
        .join(StaffMember, col(StaffMember.id) == col(Pairing.staff_id))
        .where(StaffMember.location_id == place.id, Pairing.entry == entry, col(Pairing.ended_at).is_(None))
    ).all()


def _taken(session: Session, place: Place, first: date, last: date) -> list[Pair]:
    """Pairs of the whole rollout in these days."""
    rows = session.exec(
        select(Pairing)
        .join(StaffMember, col(StaffMember.id) == col(Pairing.staff_id))
        .where(
            StaffMember.rollout_id == place.location.rollout_id,
            col(Pairing.ended_at).is_(None),
            Pairing.first <= last,
            Pairing.last >= first,
        )
    )
    return [Pair(row.staff_id, row.buddy_id, row.first, row.last) for row in rows]


def _tell(
    session: Session, opened: OpenMember, verb: str, entry: str, by: Viewer, now: datetime, buddy: int | None = None
) -> None:
    after = {"entry": entry, **({"buddy": buddy} if buddy is not None else {})}
    record(session, f"training.{verb}", ("staff", opened.id), by=by, now=now, **opened.place.ids, after=after)
