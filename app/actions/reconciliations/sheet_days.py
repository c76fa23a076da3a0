"""The days that a table of counts speaks of: what is asked there, what stands, and whether anything can be entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from app.actions.loading import key_of
from app.models import Location, Occasion, Reconciliation, ReconciliationCount, Rollout
from app.plan.format.rhythm import Reconciliation as Asked
from app.plan.terms import Recurring
from app.rules.people.access import Permission, Viewer
from app.rules.reconciliations.access import may_count
from app.rules.reconciliations.sheet import Row
from app.stored import playbook_of

NETWORK: Final = "network"
"""What the column `location` holds for a count of the whole network."""
Key = tuple[str, str, date]


@dataclass(frozen=True)
class KnownDay:
    """A day that has come or will: what is asked there, what stands, and why nothing can be entered (empty: it can)."""

    occasion: int
    version: int
    asked: Asked
    counts: Mapping[str, ReconciliationCount]
    shut: str


@dataclass(frozen=True)
class Known:
    """The places that the person sees, by id, and the days that the rows speak of."""

    places: Mapping[str, str]
    entries: frozenset[str]
    days: Mapping[Key, KnownDay]


def known_days(session: Session, rollout: Rollout, rows: Sequence[Row], by: Viewer, now: datetime) -> Known:
    """Four queries, however many rows there are, and one for each playbook version that holds for one of them."""
    places = _places(session, rollout, by)
    network = playbook_of(session, rollout.playbook_version_id)
    books = {rollout.playbook_version_id: network}
    occasions = _occasions(session, rollout, places, rows)
    records = _records(session, [key_of(row) for row in occasions])
    counts = _counts(session, [key_of(row) for row in records.values()])
    found: dict[Key, KnownDay] = {}
    for row in occasions:
        place, record = places.get(row.location_id), records.get(key_of(row))
        version = record.playbook_version_id if record else row.playbook_version_id
        version = version or (place and place.playbook_version_id) or rollout.playbook_version_id
        if version not in books:
            books[version] = playbook_of(session, version)
        asked = books[version].reconciliation.get(row.entry)
        if asked is None or row.due is None or (row.location_id is not None and place is None):
            continue
        today = now.astimezone(ZoneInfo(place.zone if place else network.calendar.zone)).date()
        shut = _shut(place, record, may_count(by, asked, _at(row)), row.due > today)
        key = (place.slug if place else NETWORK, row.entry, row.due)
        standing = counts.get(key_of(record), {}) if record else {}
        found[key] = KnownDay(key_of(row), record.version if record else 0, asked, standing, shut)
    names = {NETWORK: "The whole network", **{place.slug: place.name for place in places.values()}}
    return Known(names, frozenset(network.reconciliation), found)


def _at(row: Occasion) -> dict[str, Any]:
    return {"rollout": row.rollout_id, "location": row.location_id}


def _places(session: Session, rollout: Rollout, by: Viewer) -> dict[int | None, Location]:
    """The locations that the person sees, by key."""
    rows = session.exec(select(Location).where(Location.rollout_id == rollout.id))
    return {row.id: row for row in rows if by.can(Permission.SEE_PLAN, rollout=rollout.id, location=row.id)}


def _occasions(
    session: Session, rollout: Rollout, places: Mapping[int | None, Location], rows: Sequence[Row]
) -> Sequence[Occasion]:
    wanted = {row.cell("location") for row in rows}
    keys = [key for key, place in places.items() if place.slug in wanted]
    days = {row.day for row in rows if row.day is not None}
    statement = select(Occasion).where(
        Occasion.rollout_id == rollout.id,
        Occasion.kind == Recurring.RECONCILIATION,
        col(Occasion.due).in_(days),
        or_(col(Occasion.location_id).in_(keys), col(Occasion.location_id).is_(None)),
    )
    return session.exec(statement).all()


def _records(session: Session, occasions: Sequence[int]) -> dict[int, Reconciliation]:
    rows = session.exec(select(Reconciliation).where(col(Reconciliation.occasion_id).in_(occasions)))
    return {row.occasion_id: row for row in rows}


def _counts(session: Session, records: Sequence[int]) -> dict[int, dict[str, ReconciliationCount]]:
    statement = select(ReconciliationCount).where(
        col(ReconciliationCount.reconciliation_id).in_(records), col(ReconciliationCount.replaced_at).is_(None)
    )
    found: dict[int, dict[str, ReconciliationCount]] = {}
    for row in session.exec(statement):
        found.setdefault(row.reconciliation_id, {})[row.line] = row
    return found


def _shut(place: Location | None, record: Reconciliation | None, may: bool, ahead: bool) -> str:
    """Why nothing can be entered on that day."""
    if not may:
        return "Counting there is not yours to do."
    if place is not None and (place.dropped_at is not None or place.planned_at is None):
        return f"Nothing is counted at {place.name}."
    if ahead:
        return "This day has not come yet."
    return "This day is closed." if record is not None and record.reviewed_at is not None else ""
