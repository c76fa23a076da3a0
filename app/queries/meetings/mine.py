"""Today's meetings of one person: those that they lead, and those that they are asked to come to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from app.models import Location, MeetingRecord, Occasion, Pause, Rollout
from app.plan import Playbook
from app.plan.terms import Recurring
from app.rules.meetings.people import asked_roles, leading_roles, takes_of, where_of
from app.rules.meetings.states import MeetingState, Recorded, Slot, state_of
from app.rules.people.access import Viewer
from app.stored import playbook_of

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class MyMeeting:
    """A meeting of today. `place` is the name of its location, empty for the network or a wave; `room` is where they
    meet; `leads`: the person leads it.
    """

    id: int
    title: str
    rollout: int
    place: str
    room: str
    slot: Slot
    state: MeetingState
    leads: bool

    @property
    def address(self) -> str:
        return f"/meetings/{self.id}"


def meetings_of(session: Session, viewer: Viewer, now: datetime) -> tuple[MyMeeting, ...]:
    """The meetings of a person today, by the days of their places, the first one first; not those of a location that
    stands still or has left. Two queries, and one for each version of a playbook that holds among them.
    """
    own = {grant.rollout for grant in viewer.grants if grant.rollout is not None}
    rows = _near(session, own, now) if own else ()
    waves = _waves(session, {row[0].rollout_id for row in rows if row[0].wave})
    books: dict[int, Playbook] = {}
    found = []
    for occasion, location, rollout, *marks in rows:
        version = (location and location.playbook_version_id) or rollout.playbook_version_id
        if version not in books:
            books[version] = playbook_of(session, version)
        held = _held_there(viewer, occasion, waves.get((occasion.rollout_id, occasion.wave), ()))
        found.append(_mine(books[version], occasion, location, held, marks, now))
    return tuple(sorted((one for one in found if one is not None), key=_by_hour))


def _waves(session: Session, rollouts: Collection[int]) -> dict[tuple[int, str], list[int]]:
    """The locations of each wave of some rollouts."""
    found: dict[tuple[int, str], list[int]] = {}
    statement = select(col(Location.rollout_id), col(Location.wave), col(Location.id))
    for rollout, wave, id_ in session.execute(statement.where(col(Location.rollout_id).in_(rollouts))):
        found.setdefault((rollout, wave), []).append(id_)
    return found


def _near(session: Session, rollouts: Iterable[int], now: datetime) -> Sequence[Any]:
    """Everything of today somewhere in the world, in rollouts that run."""
    still = select(col(Pause.location_id)).where(col(Pause.ended_at).is_(None))
    statement = (
        select(Occasion, Location, Rollout, col(MeetingRecord.held_at), col(MeetingRecord.called_off_at),
               col(MeetingRecord.missed_at))
        .join(Rollout, col(Rollout.id) == col(Occasion.rollout_id))
        .outerjoin(Location, col(Location.id) == col(Occasion.location_id))
        .outerjoin(MeetingRecord, col(MeetingRecord.occasion_id) == col(Occasion.id))
        .where(
            col(Occasion.rollout_id).in_(rollouts), col(Occasion.kind) == str(Recurring.MEETING),
            col(Occasion.due).between(now.date() - _ONE_DAY, now.date() + _ONE_DAY),
            col(Rollout.planned_at).is_not(None), col(Rollout.closed_at).is_(None),
            col(Location.dropped_at).is_(None),
            col(Occasion.location_id).is_(None) | col(Occasion.location_id).not_in(still),
        )
    )  # fmt: skip
    return session.execute(statement).all()


def _mine(
    book: Playbook,
    occasion: Occasion,
    location: Location | None,
    held: frozenset[str],
    marks: Sequence[datetime | None],
    now: datetime,
) -> MyMeeting | None:
    zone = location.zone if location else book.calendar.zone
    there, meeting = now.astimezone(ZoneInfo(zone)), book.meetings.get(occasion.entry)
    if occasion.due != there.date():
        return None
    leads = bool(held & set(leading_roles(meeting)))
    if not leads and not held & set(asked_roles(meeting, book)):
        return None
    at = occasion.due_at.astimezone(ZoneInfo(zone)) if occasion.due_at else None
    slot = Slot(occasion.due, zone, occasion.due_at, occasion.late_at, takes_of(meeting, at))
    recorded = Recorded(*(mark is not None for mark in marks))
    return MyMeeting(
        id=occasion.id or 0, title=occasion.title, rollout=occasion.rollout_id, place=location.name if location else "",
        room=where_of(meeting, at), slot=slot, state=state_of(slot, recorded, now), leads=leads,
    )  # fmt: skip


def _held_there(viewer: Viewer, occasion: Occasion, wave: Iterable[int]) -> frozenset[str]:
    """The roles that the person holds where it is: at its location, at one of its wave, else anywhere."""
    if occasion.location_id is None and occasion.wave:
        return frozenset(role for place in wave for role in viewer.roles(occasion.rollout_id, place))
    return viewer.roles(occasion.rollout_id, occasion.location_id)


def _by_hour(one: MyMeeting) -> tuple[bool, datetime, int]:
    return one.slot.at is None, one.slot.at or one.slot.ends or datetime.max.replace(tzinfo=ZoneInfo("UTC")), one.id
