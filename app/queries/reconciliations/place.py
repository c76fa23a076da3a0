"""The days of one place, five weeks at a time: where each stands, what was outside, and how it went so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models import Occasion, ReconciliationCount
from app.plan.calendars import WEEKDAY_NAMES, PlaceCalendar
from app.plan.terms import Recurring
from app.queries.issues.cases import calendar_at
from app.queries.people import holders
from app.queries.reconciliations.rows import DayRow, at_places, day_rows
from app.queries.reconciliations.runs import runs_at
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent
from app.rules.reconciliations.days import Runs

WEEKS: Final = 5


@dataclass(frozen=True)
class EntryDays:
    """One entry at a place: its days in the window, why it is closed on others (by day), how it went so far, and its
    first and last day of all.
    """

    entry: str
    title: str
    first: date
    last: date
    rows: tuple[DayRow, ...]
    closed: Mapping[date, str]
    runs: Runs


@dataclass(frozen=True)
class PlaceDays:
    """A place's window, `first` to `last`; whether there are days before and after it; `outside` are the lines outside
    their tolerance by record, `names` people by key.
    """

    place: PlaceFacts | None
    first: date
    last: date
    earlier: bool
    later: bool
    entries: tuple[EntryDays, ...]
    outside: Mapping[int, tuple[str, ...]]
    names: Mapping[int, str]


def place_days(
    session: Session, rollout: RolloutFacts, place: PlaceFacts | None, extent: Extent, until: date | None, now: datetime
) -> PlaceDays:
    """The window that ends with the week of `until`; by default that of today, or of the days nearest to it; it never
    begins before the first day. The number of queries is fixed, and what they read follows the window.
    """
    spans = _spans(session, rollout, place)
    today = place.today(now) if place else rollout.today(now)
    ends = [day for _, _, begins, ends_ in spans for day in (begins, ends_)]
    anchor = until or (min(max(today, min(ends)), max(ends)) if ends else today)
    first = _monday(anchor) - timedelta(days=7 * (WEEKS - 1))
    first = max(first, _monday(min(ends))) if ends else first
    last = first + timedelta(days=7 * WEEKS - 1)
    key = place.id if place else None
    window = col(Occasion.due).between(first, last)
    rows = day_rows(session, rollout, now, window, at=at_places(rollout, [key])) if spans else []
    runs = runs_at(session, rollout, [key], now) if spans else {}
    calendar = calendar_at(rollout, place) if spans else None
    entries = []
    for entry, title, begins, ends_ in spans:
        own = tuple(row for row in rows if row.entry == entry)
        if own or not rows:
            closed = dict(_closed(own, max(begins, first), min(ends_, last), calendar))
            run = runs.get((key, entry), Runs())
            entries.append(EntryDays(entry, title, begins, ends_, own, closed, run))
    return PlaceDays(
        place=place,
        first=first,
        last=last,
        earlier=any(day < first for day in ends),
        later=any(day > last for day in ends),
        entries=tuple(entries),
        outside=outside_of(session, rollout, rows),
        names=holders(session, rollout.id, extent, now).known(),
    )  # fmt: skip


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _spans(session: Session, rollout: RolloutFacts, place: PlaceFacts | None) -> list[tuple[str, str, date, date]]:
    """Each entry there, with its first and its last day. One query."""
    due = col(Occasion.due)
    statement = (
        select(Occasion.entry, func.min(Occasion.title), func.min(due), func.max(due))  # type: ignore[call-overload]
        .where(at_places(rollout, [place.id if place else None]), col(Occasion.kind) == Recurring.RECONCILIATION)
        .group_by(Occasion.entry)
        .order_by(func.min(Occasion.position))
    )
    return [tuple(row) for row in session.execute(statement)]


def _closed(
    rows: Sequence[DayRow], day: date, last: date, calendar: PlaceCalendar | None
) -> Iterator[tuple[date, str]]:
    """Days on which it would be counted if the place were open, and why it is not; never a usual closing day."""
    known, weekdays = {row.day for row in rows}, {row.day.weekday() for row in rows}
    while calendar is not None and day <= last:
        if day not in known and day.weekday() in weekdays:
            why = calendar.closed_because(day)
            if why and why not in WEEKDAY_NAMES:
                yield day, why
        day += timedelta(days=1)


def outside_of(session: Session, rollout: RolloutFacts, rows: Sequence[DayRow]) -> dict[int, tuple[str, ...]]:
    """The lines that are outside their tolerance, by record, as the present playbook calls them. One query."""
    records = {row.record: row for row in rows if row.record is not None}
    statement = (
        select(col(ReconciliationCount.reconciliation_id), col(ReconciliationCount.line))
        .where(
            col(ReconciliationCount.reconciliation_id).in_(records),
            col(ReconciliationCount.replaced_at).is_(None),
            col(ReconciliationCount.within).is_(False),
        )
        .order_by(col(ReconciliationCount.id))
    )
    found: dict[int, tuple[str, ...]] = {}
    for record, line in session.execute(statement):
        row = records[record]
        asked = rollout.book_at(row.place.id if row.place else None).reconciliation.get(row.entry)
        title = asked.lines[line].title if asked and line in asked.lines else line
        found[record] = (*found.get(record, ()), title)
    return found
