"""When somebody last recorded something at each location, and whether that is too long ago. One query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from app.models import Event, Location
from app.plan.calendars import PlaceCalendar
from app.plan.sites import place_calendar
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.rollouts.heard import is_out_of_date
from app.rules.schedule.schedule import read_place

WORK: Final = ("task", "comment", "issue")
"""Events about work and trouble, and not about the account or the plan of a place."""


@dataclass(frozen=True)
class Heard:
    """The last word from a location, in its zone (None: none yet), and whether it is too old to stand on."""

    at: datetime | None
    out_of_date: bool

    def quiet(self) -> Heard:
        """The same where nothing is expected: never too old."""
        return replace(self, out_of_date=False)


def heard(session: Session, rollout: RolloutFacts, now: datetime) -> dict[int, Heard]:
    """The last word from each location of the rollout, by id."""
    last = (
        select(col(Event.at))
        .where(
            col(Event.location_id) == col(Location.id),
            col(Event.subject_kind).in_(WORK),
            col(Event.actor_id).is_not(None),
        )
        .order_by(col(Event.id).desc())
        .limit(1)
        .correlate(Location)
        .scalar_subquery()
    )
    rows = session.execute(select(col(Location.id), last).where(col(Location.rollout_id) == rollout.id))
    found = {row[0]: row[1] for row in rows}
    return {place.id: _of(rollout, place, found.get(place.id), now) for place in rollout.locations}


def _of(rollout: RolloutFacts, place: PlaceFacts, at: datetime | None, now: datetime) -> Heard:
    there = at.astimezone(ZoneInfo(place.zone)) if at else None
    since = there.date() if there else _expected_since(rollout, place)
    if since is None:
        return Heard(there, False)
    return Heard(there, _is_old(rollout, place, since, place.today(now)))


def _expected_since(rollout: RolloutFacts, place: PlaceFacts) -> date | None:
    """From when on a word is expected: the start day, or the day on which somebody started the rollout later."""
    if rollout.start is None or rollout.started_at is None:
        return rollout.start
    return max(rollout.start, rollout.started_at.astimezone(ZoneInfo(place.zone)).date())


def _is_old(rollout: RolloutFacts, place: PlaceFacts, since: date, today: date) -> bool:
    # Most were heard from yesterday: their calendar is not asked for.
    if (today - since).days <= 2 or rollout.start is None:
        return False
    return is_out_of_date(since, today, calendar_of(rollout, place).is_open)


def calendar_of(rollout: RolloutFacts, place: PlaceFacts) -> PlaceCalendar:
    """The calendar of a location: its opening days, holidays and closures. Raises ValueError without a start day."""
    if rollout.start is None:
        raise ValueError("a calendar begins with the start day of its rollout")
    stated = {"id": place.slug, "name": place.name, "zone": place.zone, "wave": place.wave, **place.calendar}
    return place_calendar(rollout.playbook, rollout.start, read_place(stated).calendar(rollout.playbook.calendar))
