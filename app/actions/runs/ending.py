"""A run ends: finished, back where it began, or abandoned; and what was entered is corrected by a second entry."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.loading import load
from app.actions.runs.opening import OpenRun, changed, demand_lead, enter, open_run
from app.actions.runs.stepping import hour
from app.actions.runs.telling import tell_team
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Run, RunEntry, RunStep
from app.rules.people.access import Viewer
from app.rules.runbooks.access import may_lead
from app.rules.runbooks.ledger import OVER, Act

FINISHED, BACKED_OUT, ABANDONED = "finished", "backed-out", "abandoned"
_TIMED = frozenset({Act.STARTED, Act.FINISHED, Act.VERIFIED, Act.SKIPPED, Act.BLOCKED, Act.UNBLOCKED})


def end_run(session: Session, run_id: int, *, reason: str = "", by: Viewer, now: datetime) -> Run:
    """End a run: finished, or backed out, when every step of its way is over; else abandoned, which needs a reason. The
    team is told. Ended already is quiet.

    Raises NotFound, Forbidden for whoever does not lead it, and Invalid without a reason.
    """
    opened = open_run(session, run_id, by=by, over=True)
    demand_lead(opened, by)
    run = opened.run
    if run.ended_at is not None:
        return run
    stands = opened.found.told
    open_ = [one for one in opened.found.way if stands[one.id].state not in OVER]
    said = texts.prose("reason", reason, required=bool(open_))
    run.outcome = ABANDONED if open_ else BACKED_OUT if opened.found.goes_back else FINISHED
    run.ended_at, run.ended_by, run.outcome_reason = now, by.person, said
    session.add(run)
    changed(session, opened, "ended", by=by, now=now, outcome=run.outcome)
    tell_team(session, opened, "run_ended", text="", by=by, now=now)
    return run


def correct_entry(
    session: Session, run_id: int, entry_id: int, *, happened: datetime, why: str, by: Viewer, now: datetime
) -> RunEntry:
    """Set the hour of an entry right, by a second one that says why; the first stays. Also when the run is over.

    Raises NotFound, Forbidden for whoever neither leads nor made the entry, Refused, and Invalid.
    """
    opened = open_run(session, run_id, by=by, over=True)
    entry = load(session, RunEntry, entry_id, "entry")
    if entry.run_id != opened.id or entry.step_id is None:
        raise NotFound("entry")
    row = session.get_one(RunStep, entry.step_id)
    if entry.by_id != by.person and not may_lead(by, opened.runbook, opened.place):
        raise Forbidden("Only whoever made an entry, or leads the run, sets it right.")
    if Act(entry.kind) not in _TIMED:
        raise Refused("Only an hour can be set right. Write a note instead.")
    said, at = texts.prose("why", why), hour(opened, happened, now)
    fixed = enter(
        session, opened, Act.CORRECTED, row, by=by, now=now, happened=at, why=said, corrects=entry_id,
        value={"was": entry.happened_at.isoformat()},
    )  # fmt: skip
    _demand_sense(opened, row)
    return fixed


def _demand_sense(opened: OpenRun, row: RunStep) -> None:
    stand = opened.found.told[row.step]
    for earlier, later in ((stand.started, stand.finished), (stand.finished, stand.verified)):
        if earlier is not None and later is not None and later < earlier:
            raise Invalid({"happened": "Then it would have ended before it began."})
