"""A person as what they may do, at this moment: by roles of their own, and by those they stand in for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from app.errors import NotFound
from app.models import Leave, Location, Membership, Person
from app.rules.people.access import Grant, Permission, Viewer, allowed
from app.rules.people.responsibility import Away, Member, Staff, backups

Rollouts = dict[int, list[int]]


def viewer_of(session: Session, person_id: int, *, now: datetime) -> Viewer:
    """The person with all memberships, and with what they stand in for now. Raises NotFound for nobody and for
    somebody deactivated.
    """
    found = session.exec(select(Person.name, Person.deactivated_at).where(Person.id == person_id)).first()
    if found is None or found[1] is not None:
        raise NotFound("person")
    leaves = _leaves(session, now)
    covered = [leave.person for leave in leaves if leave.cover == person_id]
    members = _members(session, col(Membership.person_id).in_([person_id, *covered]))
    own = [one for one in members if one.person == person_id]
    grants = tuple(Grant(one.role, one.access, one.rollout, one.location) for one in own)
    wanted = {(one.rollout, backup.role) for one in members for backup in backups(one.steps_in) if one.rollout}
    if not covered and not wanted:
        return Viewer(person_id, found[0], grants)
    staff = Staff([*members, *_others(session, members, wanted)], leaves, now)
    places = _places(session, members)
    return Viewer(
        person_id, found[0], (*grants, *staff.stand_ins(person_id, places)), covers=staff.covered_by(person_id)
    )


def staff_of(session: Session, rollout_id: int, *, now: datetime) -> Staff:
    """Who answers for which role of a rollout now. Two queries."""
    here = or_(col(Membership.rollout_id) == rollout_id, col(Membership.rollout_id).is_(None))
    return Staff(_members(session, here), _leaves(session, now), now)


def _leaves(session: Session, now: datetime) -> list[Away]:
    """Everybody who is on leave now. A cover who is out of use stands in for nobody."""
    cover = aliased(Person)
    statement = (
        select(Leave, Person.name, cover.id, cover.name)
        .join(Person, col(Person.id) == col(Leave.person_id))
        .outerjoin(cover, (cover.id == Leave.cover_id) & cover.deactivated_at.is_(None))  # type: ignore[union-attr]
        .where(col(Leave.ended_at).is_(None), col(Leave.from_at) <= now, col(Leave.until_at) > now)
    )
    return [
        Away(
            row.id or 0, row.person_id, name, row.first, row.last, row.from_at, row.until_at, cover_id, cover_name or ""
        )
        for row, name, cover_id, cover_name in session.exec(statement.order_by(col(Leave.id)))
    ]


def _members(session: Session, only: object) -> list[Member]:
    statement = (
        select(
            Membership.person_id,
            Person.name,
            Membership.role,
            Membership.access,
            Membership.rollout_id,
            Membership.location_id,
            Membership.steps_in,
        )  # type: ignore[call-overload]
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(only, col(Person.deactivated_at).is_(None))
        .order_by(col(Membership.id))
    )
    return [Member(*row) for row in session.exec(statement)]


def _others(session: Session, known: Iterable[Member], wanted: Collection[tuple[int, str]]) -> list[Member]:
    """Those who hold the roles for which somebody might have to step in."""
    if not wanted:
        return []
    of_rollouts = col(Membership.rollout_id).in_({rollout for rollout, _ in wanted})
    with_roles = col(Membership.role).in_({role for _, role in wanted})
    there = set(known)
    return [one for one in _members(session, of_rollouts & with_roles) if one not in there]


def _places(session: Session, members: Iterable[Member]) -> Rollouts:
    """The locations of the rollouts in which somebody of the whole network might step in at each of them."""
    asked = {
        one.rollout
        for one in members
        if one.location is None and any(not backup.everywhere for backup in backups(one.steps_in))
    }
    found: Rollouts = {}
    if asked:
        rows = session.exec(select(Location.rollout_id, Location.id).where(col(Location.rollout_id).in_(asked)))
        for rollout, location in rows:
            found.setdefault(rollout, []).append(location or 0)
    return found


def holds_everywhere(viewer: Viewer, permission: Permission) -> bool:
    """Whether an account's own right gives the permission: one grant that does both, not one for each."""
    return any(grant.rollout is None and allowed(permission, grant.holder) for grant in viewer.grants)


def in_charge_of(viewer: Viewer, grants: Iterable[Grant]) -> bool:
    """Whether every one of somebody's roles is one that the viewer may give."""
    if holds_everywhere(viewer, Permission.MANAGE_PEOPLE):
        return True
    return all(
        grant.rollout is not None and viewer.can(Permission.MANAGE_PEOPLE, rollout=grant.rollout) for grant in grants
    )
