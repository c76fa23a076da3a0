"""What a step of a live run asks for beyond the run: a gate that stands, a day of counts that is closed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from app.actions.runs.opening import OpenRun
from app.errors import Refused
from app.models import GateDecision, GateRecord, Occasion, Reconciliation
from app.plan.terms import Recurring
from app.rules.gates.voting import Outcome
from app.rules.runbooks.steps import RunStep as Planned


def demand_beyond(session: Session, opened: OpenRun, planned: Planned, at: datetime) -> None:
    """Raises Refused where the gate of a step does not stand, or its day of counts is not closed. A rehearsal asks for
    neither.
    """
    if not opened.run.live:
        return
    if planned.asked.gate and not _stands(session, opened, planned.asked.gate):
        title = opened.found.playbook.gates[planned.asked.gate].title
        raise Refused("Something is still missing.", (f"a go that stands at “{title}”",))
    if planned.asked.reconcile and not _closed(session, opened, planned.asked.reconcile, at):
        title = opened.found.playbook.reconciliation[planned.asked.reconcile].title
        raise Refused("Something is still missing.", (f"“{title}” of that day, closed",))


def _stands(session: Session, opened: OpenRun, gate: str) -> bool:
    run = opened.run
    here = or_(
        GateRecord.location_id == run.location_id, col(GateRecord.location_id).is_(None) & (GateRecord.wave == "")
    )
    statement = (
        select(GateDecision.id)
        .join(GateRecord, col(GateRecord.id) == col(GateDecision.record_id))
        .where(GateRecord.rollout_id == run.rollout_id, GateRecord.gate == gate, here)
        .where(
            col(GateDecision.replaced_at).is_(None),
            col(GateDecision.fell_at).is_(None),
            col(GateDecision.outcome).in_([one.value for one in Outcome if one.goes_on]),
        )
    )
    return session.exec(statement.limit(1)).first() is not None


def _closed(session: Session, opened: OpenRun, entry: str, at: datetime) -> bool:
    run = opened.run
    zone = opened.location.zone if opened.location else opened.found.playbook.calendar.zone
    day = at.astimezone(ZoneInfo(zone)).date()
    statement = (
        select(Reconciliation.id)
        .join(Occasion, col(Occasion.id) == col(Reconciliation.occasion_id))
        .where(
            Occasion.rollout_id == run.rollout_id,
            Occasion.kind == Recurring.RECONCILIATION,
            Occasion.entry == entry,
            or_(Occasion.location_id == run.location_id, col(Occasion.location_id).is_(None)),
            Occasion.due == day,
            col(Reconciliation.reviewed_at).is_not(None),
        )
    )
    return session.exec(statement.limit(1)).first() is not None
