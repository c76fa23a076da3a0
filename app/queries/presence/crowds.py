"""How many people the ratio of a cover counts: the staff of a place in some roles, and those with accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from app.models import Membership, Person, StaffMember
from app.plan.format.rhythm import Coverage

Where = tuple[int | None, str]


@dataclass(frozen=True)
class Crowds:
    """People by location and role."""

    people: Mapping[Where, int]

    def of(self, roles: Collection[str], location: int | None) -> int:
        """So many of these roles at a location; without one in the whole network."""
        return sum(
            count
            for (place, role), count in self.people.items()
            if role in roles and (location is None or place == location)
        )


def crowds(session: Session, rollout_id: int, asked: Iterable[Coverage]) -> Crowds:
    """What the ratios of these covers count. Two queries, none where no cover has a ratio."""
    roles = {role for one in asked if one.ratio for role in one.audience}
    if not roles:
        return Crowds({})
    staff = (StaffMember.rollout_id == rollout_id, col(StaffMember.left_at).is_(None))
    listed = select(StaffMember.location_id, StaffMember.role, func.count()).where(
        *staff, col(StaffMember.role).in_(roles)
    )
    known = select(StaffMember.person_id).where(*staff, col(StaffMember.person_id).is_not(None))
    people = func.count(func.distinct(Membership.person_id))
    accounts = (
        select(Membership.location_id, Membership.role, people)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.rollout_id == rollout_id, col(Person.deactivated_at).is_(None))
        .where(col(Membership.role).in_(roles), col(Membership.person_id).not_in(known))
    )
    found: Counter[Where] = Counter()
    for place, role, count in session.exec(listed.group_by(col(StaffMember.location_id), col(StaffMember.role))):
        found[place, role] += count
    for at, held, count in session.exec(accounts.group_by(col(Membership.location_id), col(Membership.role))):
        found[at, held] += count
    return Crowds(found)
