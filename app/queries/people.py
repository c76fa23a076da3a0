"""People: who holds which role where, the people page of a rollout, and the devices of one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Location, Membership, Person, SignIn
from app.rules.access import Extent


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a role; `location` None is the whole network."""

    person: int
    name: str
    role: str
    location: int | None


@dataclass(frozen=True)
class Holders:
    """Who holds each role of one rollout; inactive people are left out."""

    found: tuple[Holder, ...]
    _by_role: Mapping[str, tuple[Holder, ...]] = field(init=False)

    def __post_init__(self) -> None:
        by_role: dict[str, tuple[Holder, ...]] = {}
        for holder in self.found:
            by_role[holder.role] = (*by_role.get(holder.role, ()), holder)
        object.__setattr__(self, "_by_role", by_role)

    def of(self, role: str, location: int | None) -> tuple[Holder, ...]:
        """Holders of a role at a location, else of the network; without a location every holder."""
        every = self._by_role.get(role, ())
        if location is None:
            return every
        here = tuple(holder for holder in every if holder.location == location)
        return here or tuple(holder for holder in every if holder.location is None)

    def names(self, roles: Iterable[str], location: int | None) -> tuple[str, ...]:
        """The holders' names of several roles, each once."""
        return tuple(dict.fromkeys(holder.name for role in roles for holder in self.of(role, location)))


def holders(session: Session, rollout_id: int, extent: Extent) -> Holders:
    """One query: who holds each role of a rollout, for the network and at the locations within `extent`, by name."""
    found = session.exec(
        select(Person.id, Person.name, Membership.role, Membership.location_id)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.rollout_id == rollout_id, col(Person.deactivated_at).is_(None))
        .order_by(Person.name)
    )
    return Holders(
        tuple(
            Holder(person or 0, name, role, location)
            for person, name, role, location in found
            if location is None or location in extent
        )
    )


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
    """One place where a person is signed in."""

    id: int
    user_agent: str
    address: str
    own: bool
    created_at: datetime
    last_seen_at: datetime


def devices(session: Session, person_id: int, now: datetime) -> list[Device]:
    """Where a person is signed in now, last used first."""
    found = session.exec(
        select(SignIn)
        .where(SignIn.person_id == person_id, col(SignIn.ended_at).is_(None), SignIn.expires_at > now)
        .order_by(col(SignIn.last_seen_at).desc())
    )
    return [
        Device(row.id or 0, row.user_agent, row.address, row.own_device, row.created_at, row.last_seen_at)
        for row in found
    ]
