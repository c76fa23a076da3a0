"""Minutes that runs have measured become a proposed change of the playbook, decided as every other proposal is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.actions.intents import once
from app.actions.lessons.opening import demand_open_rollout, newest_of
from app.actions.lessons.proposing import make_proposal
from app.actions.loading import load
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Proposal, Rollout, Run
from app.plan.draft.guided import SetMinutes, applied, kept
from app.rules.clock import count
from app.rules.lessons.standing import may_propose
from app.rules.people.access import Permission, Viewer
from app.rules.playbooks import parsed
from app.rules.runbooks.measured import Measured, drifting, measured
from app.stored.measured import minutes_in, minutes_of, minutes_proposals, proposed_before

CHANGED: Final = "Other minutes are measured now than those that you saw. Look at them once more."
Figures = Mapping[str, int]
"""Minutes by the ids of steps."""


def propose_minutes(
    session: Session, run_id: int, *, minutes: Figures, token: str = "", by: Viewer, now: datetime
) -> Proposal:
    """Propose that the playbook plans these steps of a run's runbook with the minutes that were measured for them; in
    all runs, this one is only where somebody stands. Just these wait in a proposal already: quiet, and that one.

    Raises NotFound, Forbidden, PlaybookError, Invalid without a step, and Refused where other minutes are measured now,
    or the same ones were proposed before.
    """
    run = load(session, Run, run_id, "run")
    if not by.can(Permission.SEE_PLAN, rollout=run.rollout_id, location=run.location_id):
        raise NotFound("run")
    if not may_propose(by, run.rollout_id):
        raise Forbidden("Only whoever may change the playbook proposes that.")
    if not minutes:
        raise Invalid({"minutes": "Tick at least one step."})
    return once(
        session, token, Proposal, lambda: _proposed(session, run, minutes, by, now),
        asked={"run": run_id, "minutes": dict(minutes)}, by=by, now=now,
    )  # fmt: skip


def _proposed(session: Session, run: Run, minutes: Figures, by: Viewer, now: datetime) -> Proposal:
    rollout = load(session, Rollout, run.rollout_id, "rollout")
    demand_open_rollout(rollout)
    if (same := _same(session, run, minutes)) is not None:
        return same
    playbook = parsed(newest_of(session, rollout).text)
    runbook = playbook.runbooks.get(run.runbook)
    found = minutes_of(session, run.rollout_id, run.runbook)
    known = {one.step: one for one in drifting(measured(runbook, found.took))} if runbook else {}
    if runbook is None or {step: known[step].minutes for step in minutes if step in known} != dict(minutes):
        raise Refused(CHANGED)
    chosen = [one for one in known.values() if one.step in minutes]
    title = f"Minutes of {runbook.title}, measured in {count(found.runs, 'run')}"
    changes = [_change(run, one) for one in chosen]
    return make_proposal(
        session, run.rollout_id, lambda text: (title, _written(text, changes)), edits=[kept(one) for one in changes],
        behind={"run": run.id}, by=by, now=now,
    )  # fmt: skip


def _same(session: Session, run: Run, minutes: Figures) -> Proposal | None:
    """The proposal that waits with just these minutes. Raises Refused where some of them stand in one, or did."""
    proposals = minutes_proposals(session, run.rollout_id, run.runbook)
    before = proposed_before(proposals, run.runbook)
    known = [before[one] for one in minutes.items() if one in before]
    if not known:
        return None
    first = known[0]
    if not first.outcome and {edit.step: edit.minutes for edit in minutes_in(first)} == dict(minutes):
        return first
    end = "were rejected in" if first.outcome else "wait in"
    raise Refused(f"The same minutes {end} proposal {first.number}.")


def _change(run: Run, one: Measured) -> SetMinutes:
    return SetMinutes(entry=run.runbook, step=one.step, minutes=one.minutes)


def _written(text: str, changes: list[SetMinutes]) -> str:
    for change in changes:
        text = applied(text, parsed(text), change)
    return text
