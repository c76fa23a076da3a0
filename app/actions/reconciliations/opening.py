"""A day to reconcile, opened for a change: its occasion, its record if it has begun, and what is asked there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.actions.events import record, stale
from app.actions.loading import count_version, key_of
from app.actions.occasions.opening import OpenOccasion, open_occasion
from app.errors import NotFound, Refused
from app.models import Reconciliation, ReconciliationCount
from app.plan.format.rhythm import Reconciliation as Asked
from app.plan.terms import Recurring
from app.rules.clock import short_day
from app.rules.people.access import Viewer
from app.stored import playbook_of

SUBJECT: Final = "reconciliation"
"""Events speak of the occasion: a day has one before anything of it is recorded."""


@dataclass(frozen=True)
class OpenDay:
    """An opened occasion with its record (None before anything is recorded), what is asked, and what was counted."""

    opened: OpenOccasion
    asked: Asked
    record: Reconciliation | None
    counts: Mapping[str, ReconciliationCount]

    @property
    def id(self) -> int:
        return self.opened.id

    @property
    def place(self) -> dict[str, Any]:
        return self.opened.place

    @property
    def day(self) -> date:
        return day_of(self.opened)

    @property
    def version(self) -> int:
        """0 before anything is recorded."""
        return self.record.version if self.record else 0

    @property
    def counters(self) -> frozenset[int]:
        """Everybody of whom a count stands, and whoever handed them in."""
        by = {one.by_id for one in self.counts.values()}
        counted = self.record.counted_by if self.record else None
        return frozenset(by if counted is None else {*by, counted})

    def begun(self) -> Reconciliation:
        """The record of a day that has begun. Raises Refused for one of which nothing is recorded."""
        if self.record is None:
            raise Refused("Nothing has been counted for this day yet.")
        return self.record


def day_of(opened: OpenOccasion) -> date:
    """The day at its place."""
    if opened.occasion.due is None:
        raise ValueError("a day to reconcile has a date")
    return opened.occasion.due


def open_day(session: Session, occasion_id: int, *, by: Viewer, now: datetime) -> OpenDay:
    """The day for somebody who may see it; locked. Raises NotFound, and Refused where nothing is changed any more, and
    before the day has come at its place.
    """
    opened = open_occasion(session, occasion_id, Recurring.RECONCILIATION, by=by)
    today = now.astimezone(ZoneInfo(opened.zone)).date()
    if day_of(opened) > today:
        raise Refused(f"This day has not come yet: it is counted from {short_day(day_of(opened), today)} on.")
    return with_record(session, opened)


def with_record(session: Session, opened: OpenOccasion) -> OpenDay:
    """The occasion with what was recorded of it, under the playbook version under which that began."""
    found = session.exec(
        select(Reconciliation).where(Reconciliation.occasion_id == opened.id).with_for_update()
    ).one_or_none()
    playbook = playbook_of(session, found.playbook_version_id) if found else opened.playbook
    asked = playbook.reconciliation.get(opened.occasion.entry)
    if asked is None:
        raise NotFound("day to reconcile")
    return OpenDay(opened, asked, found, _standing(session, found))


def _standing(session: Session, found: Reconciliation | None) -> dict[str, ReconciliationCount]:
    if found is None:
        return {}
    rows = session.exec(
        select(ReconciliationCount).where(
            ReconciliationCount.reconciliation_id == found.id, col(ReconciliationCount.replaced_at).is_(None)
        )
    )
    return {row.line: row for row in rows}


def begin(session: Session, day: OpenDay) -> OpenDay:
    """The day with its record, made now if it has none: from here on the present playbook version holds for it."""
    if day.record is not None:
        return day
    opened, location = day.opened, day.opened.location
    held = opened.occasion.playbook_version_id or (location and location.playbook_version_id)
    row = Reconciliation(
        occasion_id=day.id,
        rollout_id=opened.occasion.rollout_id,
        location_id=opened.occasion.location_id,
        entry=opened.occasion.entry,
        day=day.day,
        playbook_version_id=held or opened.rollout.playbook_version_id,
    )
    session.add(row)
    session.flush()
    return replace(day, record=row)


def demand_version(session: Session, day: OpenDay, seen: int | None) -> None:
    """Raises Stale when the day changed after the form was drawn. `seen` None: whatever it is now."""
    if seen is not None and day.version != seen:
        raise stale(session, (SUBJECT, day.id))


def demand_not_closed(day: OpenDay) -> None:
    """Raises Refused for a day that is closed."""
    if day.record is not None and day.record.reviewed_at is not None:
        raise Refused("This day is closed. Whoever manages can open it again.")


def titles(day: OpenDay, lines: Collection[str]) -> tuple[str, ...]:
    """What the playbook calls some of its lines, in its order."""
    return tuple(line.title for id_, line in day.asked.lines.items() if id_ in lines)


def changed(
    session: Session,
    day: OpenDay,
    verb: str,
    *,
    by: Viewer | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Reconciliation:
    """Count one more version of the record, and write the event; last step of every change of a day.

    What people wrote never stands in an event: it may have to be taken away, and events are never changed.
    """
    row = day.begun()
    count_version(session, row, "entry")
    record(
        session, f"reconciliation.{verb}", (SUBJECT, day.id), by=by, now=now, rollout_id=row.rollout_id,
        location_id=row.location_id, before=before, after=after,
    )  # fmt: skip
    return row


def row_id(day: OpenDay) -> int:
    """The key of the record."""
    return key_of(day.begun())
