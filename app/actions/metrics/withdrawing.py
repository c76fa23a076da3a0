"""A figure over wrong days is taken out: it counts no more, and nothing takes its place."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.events import record
from app.actions.loading import load
from app.actions.metrics.recording import REASON_LIMIT, SUBJECT
from app.actions.metrics.restanding import restand
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, NotFound, Refused
from app.models import Location, MetricReading, Rollout
from app.rules.metrics.access import At, may_enter
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_of
from app.stored.metrics import Place, place_at


def withdraw_reading(session: Session, reading_id: int, *, reason: str, by: Viewer, now: datetime) -> MetricReading:
    """The figure is kept with who took it out and why; another one may be entered for its days. A second time is quiet.

    Raises NotFound, Forbidden, Refused where nothing is changed or another figure took its place, and Invalid without a
    reason.
    """
    row = load(session, MetricReading, reading_id, "reading")
    rollout = session.get_one(Rollout, row.rollout_id)
    location = session.get_one(Location, row.location_id) if row.location_id is not None else None
    place = place_at(rollout, location, row.wave)
    _demand_right(session, row, place, by)
    demand_open(rollout, location)
    if row.withdrawn_by is not None:
        return row
    if row.replaced_at is not None:
        raise Refused("Another figure took the place of this one. Take that one out instead.")
    why = texts.prose("reason", reason, REASON_LIMIT)
    row.replaced_at, row.withdrawn_by, row.withdrawn_reason = now, by.person, why
    session.add(row)
    session.flush()
    record(
        session, f"{SUBJECT}.withdrawn", (SUBJECT, reading_id), by=by, now=now, rollout_id=row.rollout_id,
        location_id=row.location_id, before={"value": f"{row.value:f}"},
        after={"metric": row.metric, "first": row.first.isoformat(), "last": row.last.isoformat()},
    )  # fmt: skip
    restand(session, rollout, [place], {(row.metric, row.first, row.last)} if location else ())
    return row


def _demand_right(session: Session, row: MetricReading, place: Place, by: Viewer) -> None:
    at: At = {"rollout": row.rollout_id, "location": row.location_id}
    if not by.can(Permission.SEE_PLAN, **at):
        raise NotFound("reading")
    metric = playbook_of(session, place.version_id).figures.get(row.metric)
    if not (may_enter(by, metric, at) if metric else by.can(Permission.ENTER_FIGURES, **at)):
        raise Forbidden("You may see this figure, but it is not yours to take out.")
