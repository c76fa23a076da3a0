"""People: who holds which role where, the people page of a rollout, and the devices of one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlmodel import Session, col, or_, select

from app.models import Leave, Location, Membership, Person, SignIn
from app.rules.people.access import Extent
from app.rules.people.responsibility import Away, Holder, Member, Staff
from app.rules.people.sessions import is_over
from app.stored import leaves_among, members_among, on_duty_at

ELSEWHERE: Final = "Somebody at another centre"


class Naming:
    """A page with the `names` of those who have to do with it, and whom the reader may know."""

    names: Mapping[int, str]

    def name(self, person: int | None) -> str:
        """What the page calls somebody; nobody has no name."""
        return self.names.get(person, ELSEWHERE) if person is not None else ""


@dataclass(frozen=True)
class Holders:
    """Who answers for each role of one rollout now: of the network, and of the locations within `extent`."""

    rollout: int
    extent: Extent
    staff: Staff
    leaves: tuple[Away, ...]
    _members: tuple[Member, ...]

    def of(self, role: str, location: int | None) -> tuple[Holder, ...]:
        """Those who answer for a role at a location, else for the network; without a location every one within the
        extent. Whoever is on leave is replaced; empty where nobody at all can.
        """
        return self._shown(self.staff.of(self.rollout, role, location))

    def owners(self, roles: Iterable[str], location: int | None, assigned: int | None = None) -> tuple[Holder, ...]:
        """Whose work a task is: of the person it is assigned to, where there is one who can, else of the roles."""
        given = self.staff.assignee(assigned, location) if assigned is not None else None
        if given:
            return (given,) if self._known(given) else (replace(given, person=0, name=ELSEWHERE),)
        return self._shown(self.staff.owners(self.rollout, roles, location))

    def names(self, roles: Iterable[str], location: int | None, assigned: int | None = None) -> tuple[str, ...]:
        """The names of the owners, each once."""
        return tuple(dict.fromkeys(holder.name for holder in self.owners(roles, location, assigned)))

    def held(self, roles: Iterable[str], location: int | None) -> bool:
        """Whether anybody at all answers for one of the roles there, seen by the reader or not."""
        return any(self.staff.of(self.rollout, role, location) for role in roles)

    def members(self) -> tuple[Member, ...]:
        """Every membership of the rollout, and every right everywhere, by name."""
        return self._members

    def known(self) -> dict[int, str]:
        """Everybody with a role in the rollout whom the reader may know, by name."""
        return {
            member.person: member.name
            for member in self._members
            if member.rollout is not None and (member.location is None or member.location in self.extent)
        }

    def later(self, at: datetime) -> Holders:
        """The same people at another moment."""
        return replace(self, staff=Staff(self._members, self.leaves, at))

    def _shown(self, found: Iterable[Holder]) -> tuple[Holder, ...]:
        return tuple(one for one in found if one.location is None or one.location in self.extent)

    def _known(self, one: Holder) -> bool:
        """Whether the reader may know the person: of the network, or of a location within the extent."""
        return self.extent.everywhere or any(
            member.location is None or member.location in self.extent
            for member in self._members
            if member.person == one.person
        )


def holders(session: Session, rollout_id: int, extent: Extent, now: datetime, *, rota: bool = False) -> Holders:
    """Two queries: who holds each role of a rollout or a right everywhere, by name, and who is or will be away; with
    `rota` a third: who is on duty.
    """
    here = or_(col(Membership.rollout_id) == rollout_id, col(Membership.rollout_id).is_(None))
    found = tuple(sorted(members_among(session, here), key=lambda one: one.name))
    away = tuple(coming_leaves(session, now))
    duties = on_duty_at(session, rollout_id, now) if rota else ()
    return Holders(rollout_id, extent, Staff(found, away, now, duties), away, found)


def names_of(
    session: Session, ids: Iterable[int | None], known: Mapping[int, str] = MappingProxyType({})
) -> dict[int, str]:
    """The names of these people besides those that are `known`: whoever had a hand in something is named for it, also
    who works elsewhere now.
    """
    wanted = {one for one in ids if one is not None}
    found = session.exec(select(Person.id, Person.name).where(col(Person.id).in_(wanted)))
    return {**known, **{id_ or 0: name for id_, name in found}}


def coming_leaves(session: Session, now: datetime) -> list[Away]:
    """Every leave that runs or is to come, the first to begin first."""
    return leaves_among(session, col(Leave.until_at) > now)


@dataclass(frozen=True)
class MemberLine:
    """One membership on the people page."""

    membership: int
    role: str
    location: str | None


@dataclass(frozen=True)
class PersonLine:
    """One person on the people page."""

    id: int
    name: str
    email: str
    joined: bool
    active: bool
    memberships: tuple[MemberLine, ...]


def members(session: Session, rollout_id: int) -> list[PersonLine]:
    """Everybody who is, or was, a member of a rollout, by name. Two queries."""
    lines: dict[int, list[MemberLine]] = {}
    for row in session.exec(
        select(Membership.id, Membership.person_id, Membership.role, Location.name)
        .outerjoin(Location, col(Location.id) == col(Membership.location_id))
        .where(Membership.rollout_id == rollout_id)
        .order_by(col(Membership.role), col(Location.name))
    ):
        lines.setdefault(row[1], []).append(MemberLine(row[0] or 0, row[2], row[3]))
    people = session.exec(select(Person).where(col(Person.id).in_(lines)).order_by(Person.name))
    return [_line(person, tuple(lines[person.id or 0])) for person in people]


def _line(person: Person, memberships: tuple[MemberLine, ...]) -> PersonLine:
    return PersonLine(
        id=person.id or 0,
        name=person.name,
        email=person.email,
        joined=person.password_hash is not None,
        active=person.deactivated_at is None,
        memberships=memberships,
    )


def accounts(session: Session) -> list[PersonLine]:
    """Every person of the installation with the rights that hold everywhere, by name. Two queries."""
    lines: dict[int, list[MemberLine]] = {}
    for row in session.exec(
        select(Membership.id, Membership.person_id, Membership.role).where(col(Membership.rollout_id).is_(None))
    ):
        lines.setdefault(row[1], []).append(MemberLine(row[0] or 0, row[2], None))
    people = session.exec(select(Person).order_by(Person.name))
    return [_line(person, tuple(lines.get(person.id or 0, ()))) for person in people]


@dataclass(frozen=True)
class Device:
    """One place where a person is signed in; `current`: the one that asks."""

    id: int
    current: bool
    user_agent: str
    address: str
    own: bool
    created_at: datetime
    last_seen_at: datetime


def devices(session: Session, person_id: int, now: datetime, current: str = "") -> list[Device]:
    """Where a person is signed in now, last used first; `current` is the hash of the token that asks."""
    found = session.exec(
        select(SignIn)
        .where(SignIn.person_id == person_id, col(SignIn.ended_at).is_(None), SignIn.expires_at > now)
        .order_by(col(SignIn.last_seen_at).desc())
    )
    return [
        Device(
            row.id or 0,
            row.token_hash == current,
            row.user_agent,
            row.address,
            row.own_device,
            row.created_at,
            row.last_seen_at,
        )
        for row in found
        if not is_over(own_device=row.own_device, last_seen=row.last_seen_at, expires=row.expires_at, now=now)
    ]
