"""Days to reconcile as rows: each occasion with what was recorded of it, and where it stands, by one rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session, col, or_

from app.models import Occasion, Reconciliation
from app.plan.terms import Recurring
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent
from app.rules.reconciliations.days import Day, DayState, state_of

FORTNIGHT: Final = timedelta(days=14)


@dataclass(frozen=True)
class DayRow:
    """One day of one entry at one place (None: of the whole network). `record` None: nothing was recorded yet;
    `version` is then 0.
    """

    occasion: int
    entry: str
    title: str
    place: PlaceFacts | None
    zone: str
    due_at: datetime | None
    record: int | None
    version: int
    counted_by: int | None
    reviewed_by: int | None
    issue: int | None
    facts: Day
    state: DayState

    @property
    def day(self) -> date:
        return self.facts.day


_COLUMNS: Any = (
    Occasion.id,
    Occasion.location_id,
    Occasion.entry,
    Occasion.title,
    Occasion.due,
    Occasion.due_at,
    Occasion.late_at,
    col(Occasion.next_at).is_not(None).label("watched"),
    col(Reconciliation.id).label("record"),
    Reconciliation.version,
    Reconciliation.counted_by,
    Reconciliation.counted_at,
    Reconciliation.reviewed_by,
    Reconciliation.reviewed_at,
    Reconciliation.clean,
    Reconciliation.missed_at,
    Reconciliation.issue_id,
)


def day_rows(
    session: Session, rollout: RolloutFacts, now: datetime, *where: ColumnElement[bool], order: Any = (),
    limit: int | None = None, at: ColumnElement[bool] | None = None,
) -> list[DayRow]:  # fmt: skip
    """The days that `where` picks among those of a rollout, or of the places `at`, by default the oldest first. One
    query.
    """
    order = order or (col(Occasion.due), col(Occasion.position), col(Occasion.id))
    found = days_at(in_rollout(rollout) if at is None else at, *_COLUMNS)
    statement = found.where(*where).order_by(*order)
    places = {place.id: place for place in (*rollout.locations, *rollout.left)}
    rows = session.execute(statement.limit(limit) if limit else statement)
    return [_row(rollout, places.get(row.location_id), row, now) for row in rows]


def days_at(at: ColumnElement[bool], *columns: Any) -> Select[Any]:
    """Days to reconcile of some places (or of all, with `in_rollout`), each beside its record."""
    return (
        select(*columns)
        .select_from(Occasion)
        .outerjoin(Reconciliation, col(Reconciliation.occasion_id) == col(Occasion.id))
        .where(at, col(Occasion.kind) == Recurring.RECONCILIATION)
    )


def in_rollout(rollout: RolloutFacts) -> ColumnElement[bool]:
    """Anywhere in a rollout."""
    return col(Occasion.rollout_id) == rollout.id


def _row(rollout: RolloutFacts, place: PlaceFacts | None, row: Any, now: datetime) -> DayRow:
    today = place.today(now) if place else rollout.today(now)
    facts = Day(
        row.due, row.late_at, row.watched, row.record is not None, row.counted_at, row.reviewed_at, row.clean,
        row.missed_at, bool(place and (place.paused or place.left_at)),
    )  # fmt: skip
    return DayRow(
        row.id, row.entry, row.title, place, place.zone if place else rollout.zone, row.due_at, row.record,
        row.version or 0, row.counted_by, row.reviewed_by, row.issue_id, facts, state_of(facts, today, now),
    )  # fmt: skip


def at_places(rollout: RolloutFacts, places: Collection[int | None]) -> ColumnElement[bool]:
    """At any of these locations; None is the whole network. A location is of one rollout only: naming that too would
    lead a database to read all of it.
    """
    located = col(Occasion.location_id).in_([key for key in places if key is not None])
    if None not in places:
        return located
    network = col(Occasion.location_id).is_(None) & in_rollout(rollout)
    return network if len(places) == 1 else or_(located, network)


def seen(extent: Extent) -> Iterator[ColumnElement[bool]]:
    """At no location but those that the reader may see."""
    if not extent.everywhere:
        yield or_(col(Occasion.location_id).is_(None), col(Occasion.location_id).in_(extent.ids))


def todays(rollout: RolloutFacts, now: datetime) -> dict[str, date]:
    """The day in each zone of a rollout: there are fewer zones than places."""
    zones = {rollout.zone, *(place.zone for place in (*rollout.locations, *rollout.left))}
    return {zone: now.astimezone(ZoneInfo(zone)).date() for zone in zones}


def come(rollout: RolloutFacts, now: datetime) -> ColumnElement[bool]:
    """Whose day has come at its place: everywhere up to some day, and where it is later by now on the days after."""
    there = todays(rollout, now)
    by_day: dict[date, list[int]] = {}
    for place in (*rollout.locations, *rollout.left):
        by_day.setdefault(there[place.zone], []).append(place.id)
    due, at, first = col(Occasion.due), col(Occasion.location_id), min([rollout.today(now), *by_day])
    found = [due <= first]
    if rollout.today(now) > first:
        found.append(at.is_(None) & (due <= rollout.today(now)))
    found += [at.in_(ids) & (due <= day) for day, ids in by_day.items() if day > first]
    return or_(*found)


def lately(rollout: RolloutFacts, now: datetime) -> ColumnElement[bool]:
    """Days of this week and the last one that have come."""
    return come(rollout, now) & (col(Occasion.due) >= rollout.today(now) - FORTNIGHT)
