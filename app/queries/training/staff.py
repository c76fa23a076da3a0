"""The staff list of a location, a page at a time, and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from app.errors import Forbidden
from app.models import RosterDay, StaffMember
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.training.network import reads_names
from app.rules.people.access import Permission, Viewer


@dataclass(frozen=True)
class StaffList:
    """Lines of the list, of `total` that the words pick; `works` are those on the roster of go-live day (keys)."""

    lines: tuple[StaffMember, ...]
    total: int
    works: frozenset[int]
    may_keep: bool


def staff_list(
    session: Session,
    rollout: RolloutFacts,
    place: PlaceFacts,
    viewer: Viewer,
    *,
    words: str = "",
    offset: int = 0,
    limit: int | None = None,
) -> StaffList:
    """Who works at a location now, by name. Three queries. Raises Forbidden for who may not know their names."""
    if not reads_names(viewer, rollout.id, place.id):
        raise Forbidden("You may see this location, but not who works there.")
    only = list(_only(place, words))
    total = session.exec(select(func.count()).select_from(StaffMember).where(*only)).one()
    statement = select(StaffMember).where(*only).order_by(col(StaffMember.name), col(StaffMember.id)).offset(offset)
    lines = session.exec(statement.limit(limit) if limit is not None else statement).all()
    hand = viewer if rollout.state == "running" else viewer.reading()
    may_keep = hand.can(Permission.CHECK_OFF, rollout=rollout.id, location=place.id)
    return StaffList(tuple(lines), total, _works(session, place), may_keep)


def _only(place: PlaceFacts, words: str) -> Sequence[ColumnElement[bool]]:
    here = [col(StaffMember.location_id) == place.id, col(StaffMember.left_at).is_(None)]
    columns = (StaffMember.name, StaffMember.number, StaffMember.role, StaffMember.shift)
    found = [col(one).icontains(words, autoescape=True) for one in columns]
    return [*here, or_(*found)] if words else here


def _works(session: Session, place: PlaceFacts) -> frozenset[int]:
    if place.cutover is None:
        return frozenset()
    found = select(RosterDay.staff_id).where(
        RosterDay.location_id == place.id, RosterDay.day == place.cutover.date(), col(RosterDay.ended_at).is_(None)
    )
    return frozenset(session.exec(found).all())


def staff_after(session: Session, place: PlaceFacts, after: int, limit: int) -> Sequence[StaffMember]:
    """Who works at a location now, in the order of their keys from one on."""
    statement = select(StaffMember).where(*_only(place, ""), col(StaffMember.id) > after)
    return session.exec(statement.order_by(col(StaffMember.id)).limit(limit)).all()
