"""Somebody reports trouble: the issue opens, its law is frozen, and whoever stands first on its ladder is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.issues.cases import OpenIssue, calendar_at, case_of
from app.actions.issues.steps import plan_steps
from app.actions.issues.sweep import sweep_issue
from app.actions.loading import key_of, load
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Issue, Location, Rollout, Task
from app.plan.places import Spot
from app.plan.terms import Scope
from app.rules.issues.law import Law, NoLaw, kept, law_of
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_at, playbook_of
from app.stored.timelines import timeline_now


def report_issue(
    session: Session,
    rollout_id: int,
    *,
    location_id: int | None,
    title: str,
    details: str = "",
    severity: str = "",
    kind: str = "",
    task_id: int | None = None,
    token: str = "",
    by: Viewer,
    now: datetime,
) -> Issue:
    """Open an issue at a location, or (None) for the whole network. No severity: the playbook's default.

    The same form (`token`) again is quiet. Raises NotFound, Forbidden, Invalid, and Refused where the rollout is not
    running or its playbook says nothing about issues.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    if not by.can(Permission.SEE_PLAN, rollout=rollout_id, location=location_id):
        raise NotFound("location")
    if not by.can(Permission.RAISE_ISSUE, rollout=rollout_id, location=location_id):
        raise Forbidden("You may see this location, but not report an issue there.")
    given = {"title": title, "details": details, "severity": severity, "kind": kind, "task": task_id}

    def make() -> Issue:
        report = Report(title, details, severity, kind, task_id)
        return _open(session, rollout, location_id, report, by=by, now=now)

    asked = {"rollout": rollout_id, "location": location_id, **given}
    return once(session, token, Issue, make, asked=asked, by=by, now=now)


def report_from_outside(
    session: Session, location: Location, *, title: str, details: str, caller: str, kind: str, now: datetime
) -> Issue:
    """Somebody without an account reports by the help-desk link of a location, with the default severity."""
    rollout = load(session, Rollout, location.rollout_id, "rollout")
    who = texts.one_line("caller", caller, 120)
    report = Report(title, details, kind=kind, caller=who, source="help desk")
    return _open(session, rollout, key_of(location), report, by=None, now=now)


def report_from_work(
    session: Session,
    rollout_id: int,
    *,
    location_id: int | None,
    title: str,
    details: str,
    severity: str,
    by: Viewer | None,
    now: datetime,
) -> Issue | None:
    """A line of work did not pass, or nobody did it (`by` None): an issue with the severity that the playbook names.

    None where the playbook says nothing about issues, or sets no time for one there: then nobody could be told. A
    severity that a newer version no longer has is its default. Raises Refused where the rollout is not running.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    location = _location(session, rollout, location_id)
    issues = playbook_at(session, rollout, location).issues
    if issues is None:
        return None
    chosen = severity if severity in issues.severities else issues.default
    report = Report(title, details, chosen, source="work")
    try:
        law_at(session, rollout, location, severity=chosen, kind="", opened=now)
    except Refused:
        return None
    return _open(session, rollout, location_id, report, by=by, now=now)


@dataclass(frozen=True)
class Report:
    """What is wrong, and who says so: a person, the help desk, or work. No severity: the playbook's default."""

    title: str
    details: str = ""
    severity: str = ""
    kind: str = ""
    task_id: int | None = None
    caller: str = ""
    source: str = "person"


def _open(
    session: Session, rollout: Rollout, location_id: int | None, report: Report, *, by: Viewer | None, now: datetime
) -> Issue:
    if rollout.state != "running":
        raise Refused("This rollout is not running: there is nobody to tell.")
    location = _location(session, rollout, location_id)
    _demand_task(session, rollout, location_id, report.task_id)
    law, opened_in = law_at(session, rollout, location, severity=report.severity, kind=report.kind, opened=now)
    issue = Issue(
        rollout_id=key_of(rollout),
        location_id=location_id,
        number=_next_number(session, rollout),
        title=texts.one_line("title", report.title),
        details=texts.prose("details", report.details, required=False),
        severity=law.severity,
        kind=report.kind,
        source=report.source,
        by_id=by.person if by else None,
        caller=report.caller,
        opened_at=now,
        task_id=report.task_id,
        law=kept(law),
        told_at=now,
    )
    session.add(issue)
    session.flush()
    opened = OpenIssue(issue, rollout, location, opened_in, calendar_at(rollout, location, opened_in), law)
    plan_steps(session, issue, case_of(session, opened))
    session.add(issue)
    session.flush()
    after: dict[str, Any] = {"number": issue.number, "severity": law.severity, "kind": report.kind}
    after["breach"] = issue.breach_at.isoformat() if issue.breach_at else ""
    write = partial(
        record, session, "issue.opened", ("issue", opened.id), by=by, now=now, rollout_id=issue.rollout_id,
        location_id=location_id, after=after,
    )  # fmt: skip
    sweep_issue(session, opened.id, first=write, now=now)
    return issue


def law_at(
    session: Session, rollout: Rollout, location: Location | None, *, severity: str, kind: str, opened: datetime
) -> tuple[Law, Any]:
    """The law for an issue at a place, and the playbook it is from. Raises Refused and Invalid."""
    version = (location and location.playbook_version_id) or rollout.playbook_version_id
    playbook = playbook_of(session, version)
    if playbook.issues is None:
        raise Refused("The playbook of this rollout says nothing about issues.")
    spot = Spot(Scope.LOCATION, location.wave, location.slug) if location else Spot(Scope.NETWORK)
    timeline = timeline_now(session, rollout, version)
    wanted = severity or playbook.issues.default
    if wanted not in playbook.issues.severities:
        raise Invalid({"severity": "Choose one of the severities of the playbook."})
    if kind and kind not in playbook.issues.types:
        raise Invalid({"kind": "Choose one of the kinds of the playbook."})
    try:
        return law_of(playbook, wanted, kind, timeline, spot, opened), playbook
    except NoLaw as error:
        raise Refused(f"The playbook sets no time for this here: {error}.") from error


def _location(session: Session, rollout: Rollout, location_id: int | None) -> Location | None:
    if location_id is None:
        return None
    location = session.get(Location, location_id)
    if location is None or location.rollout_id != rollout.id:
        raise NotFound("location")
    if location.dropped_at is not None:
        raise Refused(f"{location.name} has left this rollout.")
    return location


def _demand_task(session: Session, rollout: Rollout, location_id: int | None, task_id: int | None) -> None:
    if task_id is None:
        return
    task = session.get(Task, task_id)
    if task is None or task.rollout_id != rollout.id or task.location_id not in (None, location_id):
        raise Invalid({"task": "Choose a task of this location."})


def _next_number(session: Session, rollout: Rollout) -> int:
    """One more than the last; the rollout's row is locked, so that no two get the same."""
    last = session.exec(select(func.max(col(Issue.number))).where(Issue.rollout_id == rollout.id)).one()
    return (last or 0) + 1
