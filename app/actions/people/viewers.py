"""A person as what they may do, at this moment: by roles of their own, and by those they stand in for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session, col, or_, select

from app.errors import NotFound
from app.models import Leave, Location, Membership, Person
from app.rules.people.access import Grant, Permission, Viewer, allowed
from app.rules.people.responsibility import Away, Member, Staff, backups
from app.stored import leaves_among, members_among, on_duty_at

Rollouts = dict[int, list[int]]


def viewer_of(session: Session, person_id: int, *, now: datetime) -> Viewer:
    """The person with all memberships, and with what they stand in for now. Raises NotFound for nobody and for
    somebody deactivated.
    """
    found = session.exec(select(Person.name, Person.deactivated_at).where(Person.id == person_id)).first()
    if found is None or found[1] is not None:
        raise NotFound("person")
    away = _leaves(session, now)
    covered = [leave.person for leave in away if leave.cover == person_id]
    known = members_among(session, col(Membership.person_id).in_([person_id, *covered]))
    own = [one for one in known if one.person == person_id]
    grants = tuple(Grant(one.role, one.access, one.rollout, one.location) for one in own)
    wanted = {(one.rollout, backup.role) for one in known for backup in backups(one.steps_in) if one.rollout}
    if not covered and not wanted:
        return Viewer(person_id, found[0], grants)
    staff = Staff([*known, *_others(session, known, wanted)], away, now)
    places = _places(session, known)
    return Viewer(
        person_id, found[0], (*grants, *staff.stand_ins(person_id, places)), covers=staff.covered_by(person_id)
    )


def staff_of(session: Session, rollout_id: int, *, now: datetime, rota: bool = False) -> Staff:
    """Who answers for which role of a rollout now; `rota`: and who is on duty. Two queries, or three."""
    here = or_(col(Membership.rollout_id) == rollout_id, col(Membership.rollout_id).is_(None))
    duties = on_duty_at(session, rollout_id, now) if rota else ()
    return Staff(members_among(session, here), _leaves(session, now), now, duties)


def _leaves(session: Session, now: datetime) -> list[Away]:
    """Everybody who is on leave now."""
    return leaves_among(session, col(Leave.from_at) <= now, col(Leave.until_at) > now)


def _others(session: Session, known: Iterable[Member], wanted: Collection[tuple[int, str]]) -> list[Member]:
    """Those who hold the roles for which somebody might have to step in."""
    if not wanted:
        return []
    of_rollouts = col(Membership.rollout_id).in_({rollout for rollout, _ in wanted})
    with_roles = col(Membership.role).in_({role for _, role in wanted})
    there = set(known)
    return [one for one in members_among(session, of_rollouts & with_roles) if one not in there]


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
