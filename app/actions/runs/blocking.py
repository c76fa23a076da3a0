"""A step cannot go on: an issue with a severity, and an hour at which it should be over, which the forecast takes."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.issues.reporting import report_from_work
from app.actions.loading import key_of
from app.actions.runs.opening import demand_seen, enter, open_step
from app.actions.runs.stepping import demand_way
from app.actions.runs.telling import tell_team
from app.errors import Invalid, Refused
from app.models import RunEntry
from app.rules.people.access import Viewer
from app.rules.runbooks.ledger import OVER, Act, StepState


def block_step(
    session: Session,
    run_id: int,
    step: str,
    *,
    reason: str,
    severity: str,
    until: datetime | None,
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> RunEntry | None:
    """Say that a step cannot go on, why, how grave it is, and when it should be over. An issue is opened, and the team
    is told. Blocked already: a later hour is entered beside the first, for the same issue.

    Raises NotFound, Forbidden, Stale, Refused for a step that is over, and Invalid.
    """
    opened, row, _ = open_step(session, run_id, step, by=by)
    demand_seen(session, opened, row, seen)
    demand_way(opened, row)
    stand = opened.found.told[step]
    if stand.state in (*OVER, StepState.CHECK):
        raise Refused("This step is over already.")
    said = texts.prose("reason", reason)
    severities = opened.found.playbook.issues.severities if opened.found.playbook.issues else {}
    faults = {}
    if severities and severity not in severities:
        faults["severity"] = "Say how grave it is."
    if until is None or until <= now:
        faults["until"] = "Say when it should be over: a moment ahead."
    if faults or until is None:
        raise Invalid(faults)
    if stand.state is StepState.BLOCKED:
        return enter(session, opened, Act.BLOCKED, row, by=by, now=now, happened=stand.blocked, why=said,
                     value={"until": until.isoformat(), "severity": severity, "again": True})  # fmt: skip
    kind = "" if opened.run.live else " (rehearsal)"
    issue = report_from_work(
        session, opened.run.rollout_id, location_id=opened.run.location_id,
        title=f"{opened.runbook.title}{kind}, blocked: {row.title}"[:200], details=said, severity=severity, by=by,
        now=now,
    )  # fmt: skip
    entry = enter(
        session, opened, Act.BLOCKED, row, by=by, now=now, why=said,
        value={"until": until.isoformat(), "severity": severity}, issue=key_of(issue) if issue else None,
    )  # fmt: skip
    tell_team(session, opened, "run_blocked", text=row.title, by=by, now=now)
    return entry


def unblock_step(
    session: Session, run_id: int, step: str, *, note: str = "", seen: int | None, by: Viewer, now: datetime
) -> RunEntry | None:
    """Say that a step goes on. Its issue stays open until somebody solves it. Not blocked is quiet.

    Raises NotFound, Forbidden, Stale, Refused and Invalid.
    """
    opened, row, _ = open_step(session, run_id, step, by=by)
    if opened.found.told[step].state is not StepState.BLOCKED:
        return None
    demand_seen(session, opened, row, seen)
    return enter(session, opened, Act.UNBLOCKED, row, by=by, now=now, why=texts.prose("note", note, required=False))
