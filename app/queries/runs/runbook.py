"""A runbook at its place: its steps as a live run would be planned now, the way back, and its runs so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from app.errors import NotFound, Refused
from app.models import Location, Rollout, Run, RunEntry, ScheduledEntry
from app.plan.format.runbooks import Runbook
from app.queries.people import Holders, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.runs.standing import positions_of
from app.queries.runs.waits import waits_of_runbook
from app.rules.people.access import Permission, Viewer
from app.rules.runbooks.access import may_lead
from app.rules.runbooks.back_out import BackOut, back_out
from app.rules.runbooks.ledger import Act
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.position import Position
from app.stored.run_plans import planned_run


@dataclass(frozen=True)
class RunbookPage:
    """Everything the page of a runbook shows. `plan` is None where it cannot be planned, and `problem` says why;
    `back` are the figures of the way back before anything is done. `runs` are those made so far, the last first;
    `blocked` how many steps of each were held up; `waits` what a live run may not begin before.
    """

    rollout: RolloutFacts
    place: PlaceFacts | None
    dated: ScheduledEntry
    runbook: Runbook
    plan: RunPlan | None
    problem: str
    back: BackOut | None
    holders: Holders
    runs: tuple[Run, ...]
    blocked: Mapping[int, int]
    positions: Mapping[int, Position]
    waits: tuple[str, ...]
    lead: bool

    @property
    def id(self) -> int:
        return self.dated.id or 0

    @property
    def zone(self) -> str:
        return self.place.zone if self.place else self.rollout.zone

    @property
    def open(self) -> Run | None:
        """The run that is not over."""
        return next((run for run in self.runs if run.ended_at is None), None)


def runbook_row(session: Session, dated_id: int, viewer: Viewer) -> ScheduledEntry:
    """The runbook in the schedule. Raises NotFound for none, and for one at a location that the person may not see."""
    row = session.get(ScheduledEntry, dated_id) if 0 < dated_id < 2**31 else None
    if row is None or row.kind != "runbook":
        raise NotFound("runbook")
    if not viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.location_id):
        raise NotFound("runbook")
    return row


def waits_for_live_run(session: Session, dated_id: int, viewer: Viewer, now: datetime) -> tuple[str, ...]:
    """What a live run of a runbook still waits for, in words. Raises NotFound."""
    row = runbook_row(session, dated_id, viewer)
    whole = facts_of(session, session.get_one(Rollout, row.rollout_id))
    runbook = whole.book_at(row.location_id).runbooks.get(row.entry)
    extent = viewer.locations(row.rollout_id)
    return waits_of_runbook(session, whole, dated_id, runbook, now, extent) if runbook else ()


def runbook_page(session: Session, dated_id: int, viewer: Viewer, now: datetime) -> RunbookPage:
    """The page of a runbook. The number of queries is fixed. Raises NotFound."""
    dated = runbook_row(session, dated_id, viewer)
    whole = facts_of(session, session.get_one(Rollout, dated.rollout_id))
    runbook = whole.book_at(dated.location_id).runbooks.get(dated.entry)
    if runbook is None:
        raise NotFound("runbook")
    extent, at = viewer.locations(dated.rollout_id), whole.as_of(now)
    plan, problem = _plan(session, dated, runbook)
    runs = session.exec(select(Run).where(Run.dated_id == dated_id).order_by(col(Run.id).desc())).all()
    place: dict[str, Any] = {"rollout": dated.rollout_id, "location": dated.location_id}
    here = whole.location(dated.location_id)
    stays = whole.state == "running" and (here is None or here.left_at is None)
    return RunbookPage(
        rollout=whole.within(extent),
        place=here,
        dated=dated,
        runbook=runbook,
        plan=plan,
        problem=problem,
        back=back_out(plan, plan.planned, {}, plan.zero) if plan and plan.steps else None,
        holders=holders(session, whole.id, extent, at),
        runs=tuple(runs),
        blocked=_blocked(session, dated_id),
        positions=positions_of(session, whole, [run for run in runs if run.ended_at is None], at),
        waits=waits_of_runbook(session, whole, dated_id, runbook, at, extent),
        lead=stays and may_lead(viewer, runbook, place),
    )


def _plan(session: Session, dated: ScheduledEntry, runbook: Runbook) -> tuple[RunPlan | None, str]:
    """The plan of a live run, or why there is none."""
    rollout = session.get_one(Rollout, dated.rollout_id)
    location = session.get(Location, dated.location_id) if dated.location_id is not None else None
    try:
        plan = planned_run(session, rollout, location, dated, runbook, live=True, straight=False, zero=None)
    except (ValueError, Refused) as fault:
        return None, f"It cannot be planned here: {fault}."
    return plan, ""


def _blocked(session: Session, dated_id: int) -> Counter[int]:
    """How many steps of each run were blocked, once or more often."""
    counted = (
        select(RunEntry.run_id, func.count(func.distinct(col(RunEntry.step_id))))
        .join(Run, col(Run.id) == col(RunEntry.run_id))
        .where(Run.dated_id == dated_id, RunEntry.kind == Act.BLOCKED.value)
        .group_by(col(RunEntry.run_id))
    )
    return Counter(dict(session.exec(counted).all()))
