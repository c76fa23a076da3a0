"""T of a run is moved: its hours, its window and its planned times with it. The baseline stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.runs.making import way_back_spans
from app.actions.runs.opening import OpenRun, demand_lead, enter, open_run
from app.actions.runs.telling import tell_team
from app.errors import Invalid, Refused
from app.models import RunEntry, ScheduledEntry
from app.rules.people.access import Viewer
from app.rules.runbooks.forecast import Span
from app.rules.runbooks.ledger import Act
from app.rules.runbooks.plans import RunPlan
from app.stored.run_plans import planned_run


def move_zero(
    session: Session, run_id: int, *, zero: datetime | None = None, why: str = "", by: Viewer, now: datetime
) -> RunEntry | None:
    """Move T of a run: that of a live one to where the plan has it by now, that of a rehearsal to `zero`, which needs a
    reason. The planned times of its steps follow, the baseline stays. The team is told. There already is quiet.

    Raises NotFound, Forbidden for whoever does not lead it, Refused for a run that keeps no hours or goes back and
    for a rehearsal that has begun, and Invalid for fields `zero` and `why`.
    """
    opened = open_run(session, run_id, by=by)
    demand_lead(opened, by)
    run = opened.run
    if run.straight:
        raise Refused("This rehearsal keeps no hours: it begins with its first step.")
    if not run.live and any(one.started is not None for one in opened.found.told.values()):
        raise Refused("This rehearsal has begun. What comes later than planned is told by its forecast.")
    if opened.found.goes_back:
        raise Refused("The run goes back. Its T is moved no more.")
    if run.live and zero is not None:
        raise Invalid({"zero": "A live run has the T of the plan. Move the cutover, then take its T over here."})
    if not run.live and zero is None:
        raise Invalid({"zero": "Say when T is."})
    said = texts.prose("why", why, required=not run.live)
    plan = _planned(session, opened, zero)
    if plan.zero == run.zero_at:
        return None
    was = run.zero_at
    _move(session, opened, plan)
    entry = enter(
        session, opened, Act.RETIMED, by=by, now=now, why=said,
        value={"was": was.isoformat(), "zero": plan.zero.isoformat()},
    )  # fmt: skip
    tell_team(session, opened, "run_retimed", text="", by=by, now=now)
    return entry


def _planned(session: Session, opened: OpenRun, zero: datetime | None) -> RunPlan:
    """The same runbook, as it was when the run was made, with the other T."""
    dated = session.get_one(ScheduledEntry, opened.run.dated_id)
    where = (opened.rollout, opened.location, dated, opened.runbook)
    try:
        return planned_run(session, *where, live=opened.run.live, straight=False, zero=zero)
    except ValueError as fault:
        raise Refused(f"It cannot be planned so: {fault}.") from fault


def _move(session: Session, opened: OpenRun, plan: RunPlan) -> None:
    """The steps stay those of the run. One that would not be among them today moves as far as T."""
    run, later = opened.run, plan.zero - opened.run.zero_at
    spans: Mapping[str, Span] = {**plan.planned.spans, **way_back_spans(plan)}
    hours = {one.id: one.not_before for one in (*plan.steps, *plan.way_back)}
    for id_, row in opened.found.rows.items():
        span = spans.get(id_)
        row.planned_begins = span.begin if span else row.planned_begins + later
        row.planned_ends = span.end if span else row.planned_ends + later
        row.not_before = hours.get(id_, row.not_before and row.not_before + later)
        session.add(row)
    run.zero_at, run.done_by = plan.zero, plan.done_by
    run.window_begins, run.window_ends = plan.window or (None, None)
    session.add(run)
    session.flush()
