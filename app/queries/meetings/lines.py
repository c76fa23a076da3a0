"""Times of meetings as lines: when, where, and what became of each. The number of queries is fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import col

from app.models import MeetingRecord, Occasion
from app.plan.terms import Recurring
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.meetings.people import takes_of, where_of
from app.rules.meetings.states import MeetingState, Recorded, Slot, state_of

NETWORK: Final = "network"


@dataclass(frozen=True)
class Wanted:
    """Which meetings: an entry of the playbook, and a location's id or `network`; empty is all of them."""

    entry: str = ""
    location: str = ""


@dataclass(frozen=True)
class MeetingLine:
    """One time of a meeting. `place` None is the network, or the wave; `room` is where they meet; `entered`: it was
    missed, and entered later.
    """

    id: int
    entry: str
    title: str
    place: PlaceFacts | None
    wave: str
    slot: Slot
    room: str
    state: MeetingState
    entered: bool


def columns() -> Select[*tuple[Any, ...]]:
    """What `lines_of` needs of each."""
    occasion = Occasion
    return select(
        col(occasion.id),
        col(occasion.entry),
        col(occasion.title),
        col(occasion.location_id),
        col(occasion.wave),
        col(occasion.due),
        col(occasion.due_at),
        col(occasion.late_at),
        col(MeetingRecord.held_at),
        col(MeetingRecord.called_off_at),
        col(MeetingRecord.missed_at),
    ).outerjoin(MeetingRecord, col(MeetingRecord.occasion_id) == col(occasion.id))


def of_rollout(rollout: RolloutFacts, wanted: Wanted = Wanted()) -> Iterator[ColumnElement[bool]]:
    """Meetings of a rollout at the locations that the reader may see. At one that has left only what was recorded."""
    yield col(Occasion.rollout_id) == rollout.id
    yield col(Occasion.kind) == str(Recurring.MEETING)
    here = col(Occasion.location_id)
    gone = here.in_([place.id for place in rollout.left]) & col(MeetingRecord.id).is_not(None)
    yield or_(here.is_(None), here.in_([place.id for place in rollout.locations]), gone)
    if wanted.entry:
        yield col(Occasion.entry) == wanted.entry
    if wanted.location == NETWORK:
        yield here.is_(None)
    elif wanted.location:
        places = (*rollout.locations, *rollout.left)
        yield here.in_([place.id for place in places if place.slug == wanted.location])


def same_meeting(occasion: Occasion) -> Iterator[ColumnElement[bool]]:
    """All times of the same meeting at the same place: a location stays one when it changes its wave."""
    yield col(Occasion.rollout_id) == occasion.rollout_id
    yield col(Occasion.kind) == occasion.kind
    yield col(Occasion.entry) == occasion.entry
    yield col(Occasion.location_id).is_not_distinct_from(occasion.location_id)
    if occasion.location_id is None:
        yield col(Occasion.wave) == occasion.wave


def between(first: date, last: date) -> ColumnElement[bool]:
    return col(Occasion.due).between(first, last)


def is_missed() -> ColumnElement[bool]:
    """Missed, and nobody has entered anything since."""
    entered = or_(col(MeetingRecord.held_at).is_not(None), col(MeetingRecord.called_off_at).is_not(None))
    return col(MeetingRecord.missed_at).is_not(None) & ~entered


def lines_of(rollout: RolloutFacts, rows: Sequence[Any], now: datetime) -> tuple[MeetingLine, ...]:
    """Rows of `columns` as lines."""
    return tuple(_line(rollout, row, now) for row in rows)


def _line(rollout: RolloutFacts, row: Sequence[Any], now: datetime) -> MeetingLine:
    id_, entry, title, location, wave, due, due_at, late_at, held_at, called_off_at, missed_at = row
    slot, room = slot_of(rollout, location, entry, due, due_at, late_at)
    recorded = Recorded(held_at is not None, called_off_at is not None, missed_at is not None)
    return MeetingLine(
        id=id_, entry=entry, title=title, place=rollout.location(location), wave=wave, slot=slot, room=room,
        state=state_of(slot, recorded, now), entered=recorded.missed and (recorded.held or recorded.called_off),
    )  # fmt: skip


def slot_of(
    rollout: RolloutFacts,
    location: int | None,
    entry: str,
    due: date,
    due_at: datetime | None,
    late_at: datetime | None,
) -> tuple[Slot, str]:
    """When it is, and where they meet, as far as the playbook that holds there says so."""
    place, meeting = rollout.location(location), rollout.book_at(location).meetings.get(entry)
    zone = place.zone if place else rollout.zone
    at = due_at.astimezone(ZoneInfo(zone)) if due_at else None
    return Slot(due, zone, due_at, late_at, takes_of(meeting, at)), where_of(meeting, at)
