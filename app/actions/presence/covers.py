"""A cover opened for a change: its slots, who can be asked, and what they have already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlmodel import Session, col, func, or_, select

from app.actions.issues.cases import calendar_at
from app.actions.loading import key_of
from app.actions.occasions.opening import OpenOccasion, open_occasion
from app.errors import Forbidden, NotFound
from app.models import Duty, Leave, Membership, Person, StaffMember
from app.plan.format.rhythm import Coverage
from app.plan.terms import Recurring
from app.rules.people.access import Viewer
from app.rules.presence.attendance import Held
from app.rules.presence.crew import Crew
from app.rules.presence.rights import may_assign
from app.rules.presence.slots import Cover, Slot
from app.stored import leaves_among, members_among


@dataclass(frozen=True)
class OpenCover:
    """A stored cover of the playbook at its place, locked, with what the playbook asks for."""

    at: OpenOccasion
    asked: Coverage
    cover: Cover

    @property
    def id(self) -> int:
        return self.at.id

    @cached_property
    def slots(self) -> Sequence[Slot]:
        """All of them, in order of time."""
        return tuple(self.cover.slots())

    @property
    def roles(self) -> Sequence[str]:
        """Whose turn it is."""
        return self.asked.owner.roles if self.asked.owner else ()


def open_cover(session: Session, occasion_id: int, *, by: Viewer) -> OpenCover:
    """The cover for somebody who says who is on duty: at a location whoever assigns work there, for what the network
    shares whoever manages the rollout or holds a role that takes turns.

    Raises NotFound, Forbidden, and Refused where nothing is changed any more.
    """
    opened = open_occasion(session, occasion_id, Recurring.COVERAGE, by=by)
    cover = _with_slots(session, opened)
    if not may_assign(by, opened.occasion.rollout_id, opened.occasion.location_id, cover.roles):
        raise Forbidden("You may see who is on duty here, but not change it.")
    return cover


def _with_slots(session: Session, opened: OpenOccasion) -> OpenCover:
    row = opened.occasion
    asked = opened.playbook.coverage.get(row.entry)
    if asked is None:
        raise NotFound("cover")
    calendar = calendar_at(opened.rollout, opened.location, opened.playbook)
    crowd = _crowd(session, row.rollout_id, row.location_id, asked.audience) if asked.ratio else 0
    return OpenCover(opened, asked, Cover(asked, calendar, row.begins, row.due, crowd))


def _crowd(session: Session, rollout_id: int, location_id: int | None, roles: Collection[str]) -> int:
    """How many work at the place in the roles that a ratio counts: on the staff list, and those with accounts."""
    listed = select(func.count()).where(
        StaffMember.rollout_id == rollout_id, col(StaffMember.role).in_(roles), col(StaffMember.left_at).is_(None)
    )
    known = select(StaffMember.person_id).where(
        StaffMember.rollout_id == rollout_id,
        col(StaffMember.person_id).is_not(None),
        col(StaffMember.left_at).is_(None),
    )
    accounts = (
        select(func.count(func.distinct(Membership.person_id)))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.rollout_id == rollout_id, col(Person.deactivated_at).is_(None))
        .where(col(Membership.role).in_(roles), col(Membership.person_id).not_in(known))
    )
    if location_id is not None:
        listed = listed.where(StaffMember.location_id == location_id)
        accounts = accounts.where(Membership.location_id == location_id)
    return session.exec(listed).one() + session.exec(accounts).one()


def crew_of(session: Session, rollout_id: int, since: datetime) -> Crew:
    """Everybody who can be asked, with the leaves that end after a moment."""
    here = or_(col(Membership.rollout_id) == rollout_id, col(Membership.rollout_id).is_(None))
    return Crew(rollout_id, members_among(session, here), leaves_among(session, col(Leave.until_at) > since))


def standing_of(session: Session, cover: OpenCover) -> list[Duty]:
    """The duties of a cover that were not called off."""
    statement = select(Duty).where(Duty.occasion_id == cover.id, col(Duty.ended_at).is_(None))
    return list(session.exec(statement.order_by(col(Duty.from_at), col(Duty.id))))


def held_by(session: Session, people: Collection[int], begins: datetime, ends: datetime) -> Mapping[int, list[Held]]:
    """What these people have in a stretch, in every rollout, by person."""
    found: dict[int, list[Held]] = {person: [] for person in people}
    statement = select(Duty).where(
        col(Duty.person_id).in_(people), Duty.until_at > begins, Duty.from_at < ends, col(Duty.ended_at).is_(None)
    )
    for row in session.exec(statement.order_by(col(Duty.from_at))):
        found[row.person_id].append(held_of(row))
    return found


def held_of(row: Duty) -> Held:
    """A stored duty as the rules know it."""
    return Held(
        key_of(row), row.occasion_id, row.entry, row.location_id, row.person_id, row.from_at, row.until_at, row.on_call,
        row.instead_of,
    )  # fmt: skip
