"""A step is started, handed over, skipped, taken up again, and noted on."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.people.viewers import viewer_of
from app.actions.runs.opening import OpenRun, demand_hand, demand_lead, demand_seen, enter, open_run, open_step
from app.actions.runs.telling import tell_handed, tell_next
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import RunEntry, RunStep
from app.rules.people.access import Permission, Viewer
from app.rules.runbooks.access import may_lead
from app.rules.runbooks.acts import before_start
from app.rules.runbooks.ledger import OVER, Act, StepState


def start_step(
    session: Session,
    run_id: int,
    step: str,
    *,
    happened: datetime | None = None,
    paper: bool = False,
    why: str = "",
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> RunEntry | None:
    """Begin a step, now or (`happened`, from `paper`) earlier. Begun already is quiet. Out of order, or before its
    hour, only whoever leads the run begins it, and says `why`.

    Raises NotFound, Forbidden, Stale, Refused with what it waits for, and Invalid.
    """
    opened, row, planned = open_step(session, run_id, step, by=by)
    stand = opened.found.told[step]
    if stand.state is not StepState.TODO:
        if stand.started is not None and stand.over is None:
            return None
        if stand.state is StepState.BLOCKED:
            raise Refused("This step is blocked. Say first that it goes on.")
        raise Refused("This step is over already.")
    demand_seen(session, opened, row, seen)
    demand_way(opened, row)
    said = texts.prose("why", why, required=False)
    at = hour(opened, happened, now)
    waits = before_start(planned, opened.found.told, opened.found.steps, at)
    if waits and not (said and may_lead(by, opened.runbook, opened.place)):
        raise Refused("This step waits.", tuple(f"for {one}" for one in waits))
    return enter(session, opened, Act.STARTED, row, by=by, now=now, happened=at, paper=paper, why=said)


def demand_way(opened: OpenRun, row: RunStep) -> None:
    """Raises Refused for a step of the way that is not gone now."""
    if row.back and not opened.found.goes_back:
        raise Refused("This step belongs to the way back. Nobody has decided to go back.")
    if opened.found.goes_back and not row.back:
        raise Refused("The run goes back: what is ahead is not done any more.")


def hour(opened: OpenRun, happened: datetime | None, now: datetime) -> datetime:
    """When it happened: not ahead, and not before the run was made by more than its own length. Raises Invalid."""
    if happened is None:
        return now
    if happened > now:
        raise Invalid({"happened": "This is still ahead."})
    first = min((row.baseline_begins for row in opened.found.rows.values()), default=opened.run.made_at)
    if happened < min(first, opened.run.made_at):
        raise Invalid({"happened": "The run had not begun then."})
    return happened


def skip_step(
    session: Session, run_id: int, step: str, *, reason: str, seen: int | None, by: Viewer, now: datetime
) -> RunEntry | None:
    """Leave a step out, with a reason (an optional one may go without). Left out already is quiet.

    Raises NotFound, Forbidden, Stale, Refused for a critical step or one that is over, and Invalid.
    """
    opened, row, _ = open_step(session, run_id, step, by=by)
    state = opened.found.told[step].state
    if state is StepState.SKIPPED:
        return None
    demand_seen(session, opened, row, seen)
    demand_way(opened, row)
    said = texts.prose("reason", reason, required=not row.optional)
    if row.critical:
        raise Refused("A critical step cannot be skipped.")
    if state in (StepState.DONE, StepState.CHECK):
        raise Refused("This step is over already.")
    entry = enter(session, opened, Act.SKIPPED, row, by=by, now=now, why=said)
    tell_next(session, opened, row, by=by, now=now)
    return entry


def reopen_step(
    session: Session, run_id: int, step: str, *, reason: str, seen: int | None, by: Viewer, now: datetime
) -> RunEntry | None:
    """Say that a step was not over after all: finished or skipped by mistake. What was entered stays, this entry counts
    against it. Not over is quiet. Whoever leads, or whoever entered it.

    Raises NotFound, Forbidden, Stale, Refused and Invalid.
    """
    opened, row, _ = open_step(session, run_id, step, by=by)
    stand = opened.found.told[step]
    if stand.state not in (*OVER, StepState.CHECK):
        return None
    demand_lead(opened, by)
    demand_seen(session, opened, row, seen)
    said = texts.prose("reason", reason)
    return enter(session, opened, Act.REOPENED, row, by=by, now=now, why=said)


def hand_over(
    session: Session, run_id: int, step: str, *, person: int, seen: int | None, by: Viewer, now: datetime
) -> RunEntry | None:
    """Give a step to somebody: the backup, or whoever is there. That person is told. Theirs already is quiet.

    Raises NotFound, Forbidden, Stale, Refused for a step that is over, and Invalid for field `person`.
    """
    opened, row, _ = open_step(session, run_id, step, by=by)
    if row.holder_id == person:
        return None
    demand_seen(session, opened, row, seen)
    if opened.found.told[step].state in OVER:
        raise Refused("This step is over already.")
    name = _name(session, opened, person, now)
    row.holder_id = person
    session.add(row)
    entry = enter(session, opened, Act.HANDED, row, by=by, now=now, value={"to": person, "name": name})
    tell_handed(session, opened, row, person, by=by, now=now)
    return entry


def _name(session: Session, opened: OpenRun, person: int, now: datetime) -> str:
    try:
        found = viewer_of(session, person, now=now)
    except NotFound:
        found = None
    if found is None or not found.can(Permission.SEE_PLAN, **opened.place):
        raise Invalid({"person": "Choose somebody of this rollout."})
    return found.name


def note_on(session: Session, run_id: int, *, step: str = "", text: str, by: Viewer, now: datetime) -> RunEntry:
    """Write a line in the log of a run, of one step or of none. Raises NotFound, Forbidden, Refused and Invalid."""
    opened = open_run(session, run_id, by=by, over=True)
    row: RunStep | None = None
    if step:
        row, planned = opened.step(step)
        demand_hand(opened, row, planned, by)
    elif not _takes_part(opened, by):
        raise Forbidden("You may see this run, but not write in its log.")
    return enter(session, opened, Act.NOTED, row, by=by, now=now, why=texts.prose("text", text))


def _takes_part(opened: OpenRun, by: Viewer) -> bool:
    return may_lead(by, opened.runbook, opened.place) or by.can(Permission.CHECK_OFF, **opened.place)
