"""Somebody's own duties: those of today, and the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from app.models import Duty, Leave, Location, Occasion, Rollout
from app.rules.people.access import Viewer
from app.rules.presence.attendance import Held, There, attendance
from app.rules.presence.crew import Crew
from app.stored import leaves_among, playbook_of


@dataclass(frozen=True)
class MyDuty:
    """One duty of the reader: `place` is empty for what the network shares, `for_name` whom they stand in for, `path`
    leads to the rota; instants are UTC, `zone` is that of the place.
    """

    id: int
    title: str
    place: str
    from_at: datetime
    until_at: datetime
    zone: str
    path: str
    on_call: bool
    given_at: datetime
    for_name: str = ""


def duties_of(session: Session, viewer: Viewer, now: datetime) -> list[MyDuty]:
    """The duties of somebody that run now or begin today, by the clock of the place, and the next one after. Those of
    people for whom they stand in are theirs, and not those of their own leave.
    """
    found = coming_duties(session, viewer, now)
    today = [one for one in found if _day(one.from_at, one) <= _day(now, one)]
    return found[: len(today) + 1]


def coming_duties(session: Session, viewer: Viewer, now: datetime) -> list[MyDuty]:
    """All duties of somebody that are not over, the first to begin first. A fixed number of queries, one more for each
    rollout.
    """
    leaves = leaves_among(
        session, col(Leave.until_at) > now, or_(Leave.person_id == viewer.person, Leave.cover_id == viewer.person)
    )
    people = {viewer.person, *(one.person for one in leaves)}
    columns: Any = (Duty, Occasion.title, Location.name, Location.zone, Rollout)
    statement = (
        select(*columns)
        .join(Occasion, col(Occasion.id) == col(Duty.occasion_id))
        .join(Rollout, col(Rollout.id) == col(Duty.rollout_id))
        .outerjoin(Location, col(Location.id) == col(Duty.location_id))
        .where(col(Duty.person_id).in_(people), Duty.until_at > now, col(Duty.ended_at).is_(None))
        .where(col(Rollout.closed_at).is_(None), col(Location.dropped_at).is_(None))
        .order_by(col(Duty.from_at), col(Duty.id))
    )
    rows = {row.id: (row, title, place or "", *rest) for row, title, place, *rest in session.exec(statement)}
    crew, held = Crew(0, (), leaves), [_held(row) for row, *_ in rows.values()]
    mine = [one for one in attendance(held, crew) if one.person == viewer.person and one.until_at > now]
    versions = {rollout.playbook_version_id for *_, rollout in rows.values()}
    zones = {version: playbook_of(session, version).calendar.zone for version in versions}
    return [_mine(zones, one, *rows[one.held.id]) for one in sorted(mine, key=lambda one: one.from_at)]


def _held(row: Duty) -> Held:
    return Held(
        row.id or 0, row.occasion_id, row.entry, row.location_id, row.person_id, row.from_at, row.until_at, row.on_call,
        row.instead_of,
    )  # fmt: skip


def _mine(
    zones: Mapping[int, str], one: There, row: Duty, title: str, place: str, zone: str | None, rollout: Rollout
) -> MyDuty:
    return MyDuty(
        id=one.held.id,
        title=title,
        place=place,
        from_at=one.from_at,
        until_at=one.until_at,
        zone=zone or zones[rollout.playbook_version_id],
        path=f"/rollouts/{rollout.slug}/rota",
        on_call=one.held.on_call,
        given_at=row.at,
        for_name=one.leave.name if one.leave else "",
    )


def _day(at: datetime, one: MyDuty) -> date:
    return at.astimezone(ZoneInfo(one.zone)).date()
