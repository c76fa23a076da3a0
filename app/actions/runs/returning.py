"""The run goes back: decided by the role that the runbook names, with a reason, as long as there is a way back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.runs.making import step_row
from app.actions.runs.opening import OpenRun, changed, open_run
from app.actions.runs.telling import tell_team
from app.errors import Forbidden, ProofWanted, Refused
from app.models import Run
from app.rules.people.access import Viewer
from app.rules.runbooks.access import may_return
from app.rules.runbooks.back_out import no_way_back
from app.rules.runbooks.forecast import forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.way_back import way_back
from app.rules.signoffs import is_fresh


def go_back(session: Session, run_id: int, *, reason: str, by: Viewer, now: datetime) -> Run:
    """Decide that the run goes back: what was done is undone, the last first, then the runbook's way back. The team is
    told. Decided already is quiet.

    Raises NotFound, Forbidden for whoever does not decide, ProofWanted, Refused after the point of no return or where
    the runbook has no way back, and Invalid without a reason.
    """
    opened = open_run(session, run_id, by=by)
    if opened.runbook.back_out is None:
        raise Refused("This runbook has no way back.")
    if not may_return(by, opened.runbook, opened.place):
        raise Forbidden("Only the role that the runbook names decides to go back.")
    run = opened.run
    if run.returning_at is not None:
        return run
    said = texts.prose("reason", reason)
    if no_way_back(opened.found.plan, opened.found.actuals()):
        raise Refused("The point of no return is passed. There is no way back any more.")
    if not is_fresh(by.proven_at, now):
        raise ProofWanted("the decision to go back")
    _lay_out(session, opened, now)
    run.returning_at, run.returning_by, run.returning_reason = now, by.person, said
    session.add(run)
    changed(session, opened, "returning", by=by, now=now)
    tell_team(session, opened, "run_returning", text="", by=by, now=now)
    return run


def _lay_out(session: Session, opened: OpenRun, now: datetime) -> None:
    """The steps of the way back, those that undo a single step before the others, each with its times from now on."""
    steps = way_back(opened.found.plan, opened.found.actuals())
    spans = forecast(Graph(steps), {}, now).spans
    for step in steps:
        row = opened.found.rows.get(step.id)
        fresh = step_row(opened.run, step, spans[step.id], back=True)
        if row is None:
            session.add(fresh)
            continue
        row.number, row.after = fresh.number, fresh.after
        row.planned_begins, row.planned_ends = fresh.planned_begins, fresh.planned_ends
        session.add(row)
    session.flush()
