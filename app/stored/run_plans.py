"""A run as it would be planned at its place, as things stand. Both sides read it so."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.models import Location, Rollout, ScheduledEntry
from app.plan.facts import Facts
from app.plan.format.runbooks import Runbook
from app.plan.minutes import zero_of
from app.plan.places import Spot
from app.plan.terms import Scope
from app.rules.runbooks.plans import RunPlan, plan_run
from app.stored.timelines import timeline_now


def planned_run(
    session: Session,
    rollout: Rollout,
    location: Location | None,
    dated: ScheduledEntry,
    runbook: Runbook,
    *,
    live: bool,
    straight: bool,
    zero: datetime | None,
) -> RunPlan:
    """The run of a runbook of which T is `zero` (a `straight` one begins then; None: the T of the plan), by the version
    of the playbook that holds there. Raises Refused without a start day, and `ValueError` where it cannot be planned.
    """
    version = (location and location.playbook_version_id) or rollout.playbook_version_id
    timeline = timeline_now(session, rollout, version)
    spot = Spot(Scope(dated.scope), dated.wave, location.slug if location else "")
    facts = Facts(location.wave, location.attributes) if location else Facts(dated.wave)
    zero = zero or dated.due_at or zero_of(runbook, spot, timeline)
    if zero is None:
        raise ValueError("the plan has no hour for it")
    return plan_run(runbook, facts, zero=zero, live=live, straight=straight, spot=spot, timeline=timeline)
