"""What a step of a live run asks for beyond the run: a gate that stands, a day of counts that is closed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from app.actions.runs.opening import OpenRun
from app.errors import Refused
from app.models import GateDecision, GateRecord, Occasion, Reconciliation, RunStep
from app.plan.terms import Recurring
from app.rules.runbooks.steps import RunStep as Planned
from app.stored.gates import go_stands


def demand_beyond(session: Session, opened: OpenRun, row: RunStep, planned: Planned, now: datetime) -> None:
    """Raises Refused where the gate of a step does not stand, or its day of counts is not closed: the day on which the
    step is planned to begin, also where it is finished after midnight. A rehearsal asks for neither.
    """
    if not opened.run.live:
        return
    if planned.asked.gate and not _stands(session, opened, planned.asked.gate, now):
        title = opened.found.playbook.gates[planned.asked.gate].title
        raise Refused("Something is still missing.", (f"a go that stands at “{title}”",))
    if planned.asked.reconcile and not _closed(session, opened, planned.asked.reconcile, row):
        title = opened.found.playbook.reconciliation[planned.asked.reconcile].title
        raise Refused("Something is still missing.", (f"“{title}” of that day, closed",))


def _stands(session: Session, opened: OpenRun, gate: str, now: datetime) -> bool:
    statement = (
        select(GateDecision.id)
        .join(GateRecord, col(GateRecord.id) == col(GateDecision.record_id))
        .where(GateRecord.rollout_id == opened.run.rollout_id, GateRecord.gate == gate)
        .where(_meant_for(opened, GateRecord))
        .where(go_stands(now))
    )
    return session.exec(statement.limit(1)).first() is not None


def _closed(session: Session, opened: OpenRun, entry: str, row: RunStep) -> bool:
    zone = opened.location.zone if opened.location else opened.found.playbook.calendar.zone
    day = row.planned_begins.astimezone(ZoneInfo(zone)).date()
    statement = (
        select(Reconciliation.id)
        .join(Occasion, col(Occasion.id) == col(Reconciliation.occasion_id))
        .where(
            Occasion.rollout_id == opened.run.rollout_id,
            Occasion.kind == Recurring.RECONCILIATION,
            Occasion.entry == entry,
            _meant_for(opened, Occasion),
            Occasion.due == day,
            col(Reconciliation.reviewed_at).is_not(None),
        )
    )
    return session.exec(statement.limit(1)).first() is not None


def _meant_for(opened: OpenRun, model: type[GateRecord | Occasion]) -> ColumnElement[bool]:
    """What is at the place of a run, or speaks for it: of its own location, of its own wave, of the network."""
    location = opened.location
    wave = location.wave if location else opened.run.wave
    wider = col(model.location_id).is_(None) & col(model.wave).in_(("", wave))
    return wider if location is None else or_(col(model.location_id) == location.id, wider)
