"""A period of productivity, or the place for one, opened for a change by somebody who enters figures there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from app.actions.events import record, stale
from app.actions.loading import count_version, key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, NotFound
from app.models import Location, ProductivityPeriod, Rollout
from app.rules.people.access import Permission, Viewer

SUBJECT: Final = "productivity"


@dataclass(frozen=True)
class OpenPeriod:
    """A period that may be changed, locked."""

    row: ProductivityPeriod

    @property
    def id(self) -> int:
        return key_of(self.row)


def demand_period(session: Session, period_id: int, *, by: Viewer, now: datetime) -> None:
    """Before a file is even read: raises what `open_period` raises."""
    open_period(session, period_id, by=by)


def open_period(session: Session, period_id: int, *, by: Viewer, seen: int | None = None) -> OpenPeriod:
    """The period, locked. Raises NotFound, Forbidden, Refused where nothing is changed any more, and Stale when it
    changed after the form was drawn. `seen` None: whatever it is now.
    """
    row = load(session, ProductivityPeriod, period_id, "period")
    place: dict[str, Any] = {"rollout": row.rollout_id, "location": row.location_id}
    if row.removed_at is not None or not by.can(Permission.SEE_PLAN, **place):
        raise NotFound("period")
    demand_place(session, row.location_id, by=by)
    if seen is not None and row.version != seen:
        raise stale(session, (SUBJECT, period_id))
    return OpenPeriod(row)


def demand_place(session: Session, location_id: int, *, by: Viewer) -> Location:
    """The location for somebody who enters its figures, locked. Raises NotFound, Forbidden and Refused."""
    location = load(session, Location, location_id, "location")
    place: dict[str, Any] = {"rollout": location.rollout_id, "location": location_id}
    if not by.can(Permission.SEE_PLAN, **place):
        raise NotFound("location")
    if not by.can(Permission.ENTER_FIGURES, **place):
        raise Forbidden("You may see this location, but entering its figures is not yours to do.")
    demand_open(session.get_one(Rollout, location.rollout_id), location)
    return location


def demand_network(session: Session, rollout_id: int, *, by: Viewer) -> Rollout:
    """The rollout for somebody who enters figures of the whole network, locked. Raises NotFound, Forbidden, Refused."""
    rollout = load(session, Rollout, rollout_id, "rollout")
    if not by.can(Permission.SEE_PLAN, rollout=rollout_id):
        raise NotFound("rollout")
    if not by.can(Permission.ENTER_FIGURES, rollout=rollout_id):
        raise Forbidden("You may see this rollout, but its files of values and benchmarks are not yours to keep.")
    demand_open(rollout, None)
    return rollout


def changed(
    session: Session,
    opened: OpenPeriod,
    verb: str,
    *,
    by: Viewer,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> ProductivityPeriod:
    """Count one more version of the period, and write the event; last step of every change. No name stands in it."""
    row = opened.row
    count_version(session, row, "first")
    record(
        session, f"{SUBJECT}.{verb}", (SUBJECT, opened.id), by=by, now=now, rollout_id=row.rollout_id,
        location_id=row.location_id, before=dict(before or {}), after=dict(after or {}),
    )  # fmt: skip
    return row
