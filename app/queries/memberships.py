"""Memberships one by one: who holds which role of a rollout, or which right everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Location, Membership, Person


@dataclass(frozen=True)
class MembershipLine:
    """Somebody holds a role; `location` is the slug of the location, None for the whole network."""

    id: int
    person: int
    name: str
    role: str
    access: str
    location: str | None


def memberships(session: Session, rollout_id: int | None, person_id: int | None = None) -> list[MembershipLine]:
    """Those of a rollout, or (None) the rights that hold everywhere; of one person only, where one is named."""
    statement = (
        select(Membership, Person.name, Location.slug)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .outerjoin(Location, col(Location.id) == col(Membership.location_id))
        .where(col(Membership.rollout_id).is_not_distinct_from(rollout_id))
        .order_by(col(Membership.id))
    )
    if person_id is not None:
        statement = statement.where(Membership.person_id == person_id)
    return [
        MembershipLine(row.id or 0, row.person_id, name, row.role, row.access, slug)
        for row, name, slug in session.exec(statement)
    ]


def membership_of(
    session: Session, membership_id: int, rollout_id: int | None, person_id: int | None = None
) -> MembershipLine:
    """One of them. Raises NotFound."""
    found = next((one for one in memberships(session, rollout_id, person_id) if one.id == membership_id), None)
    if found is None:
        raise NotFound("role")
    return found
