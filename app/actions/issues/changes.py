"""What people do with an open issue: take it, give it to somebody, wait, judge it anew, raise it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.deliveries.telling import Telling
from app.actions.issues.cases import OpenIssue, case_of
from app.actions.issues.opening import changed, demand_unsolved, demand_version, open_issue, place_of, tellings_of
from app.actions.issues.reporting import law_at
from app.actions.issues.steps import carry_over, drop_steps, plan_steps, rungs_told
from app.actions.people.viewers import staff_of
from app.errors import Forbidden, Invalid, Refused
from app.models import Issue, IssueNote, IssueStep, Person, Standstill
from app.rules.issues import standing
from app.rules.issues.ladder import Step
from app.rules.issues.law import kept, rank
from app.rules.issues.recipients import directors, people_of
from app.rules.people.access import Viewer


def acknowledge(session: Session, issue_id: int, *, by: Viewer, now: datetime) -> Issue:
    """Take an issue: its rung is reminded no more. Taken already is quiet; whoever took it first stays named.

    Raises NotFound, Forbidden and Refused for one that is solved.
    """
    opened = open_issue(session, issue_id, by=by)
    demand_unsolved(opened)
    issue = opened.issue
    if issue.acknowledged_at is not None:
        return issue
    told = {person for rung in rungs_told(session, [opened.id]).get(opened.id, ()) for person in rung.told}
    if not standing.may_take(opened.law, by, issue.rollout_id, issue.location_id, issue.holder_id, told):
        raise Forbidden("Whoever is on the ladder of this issue, or was given it, takes it.")
    issue.acknowledged_at, issue.acknowledged_by = now, by.person
    issue.told_at = now
    return changed(session, opened, "acknowledged", by=by, now=now)


def assign_issue(session: Session, issue_id: int, *, person: int | None, seen: int, by: Viewer, now: datetime) -> Issue:
    """Give an issue to somebody who sees it, or (None) back to whom it falls by its ladder.

    The same again is quiet. Raises NotFound, Forbidden, Stale, Refused and Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    issue = opened.issue
    if issue.holder_id == person:
        return issue
    demand_version(session, opened, seen)
    demand_unsolved(opened)
    if person is not None:
        _demand_can(session, opened, person, now)
    before, issue.holder_id = issue.holder_id, person
    told = tellings_of(opened, "issue_given", [person] if person is not None else [], by)
    return changed(
        session, opened, "assigned", by=by, now=now, before={"holder": before}, after={"holder": person}, tellings=told
    )


def wait_on(
    session: Session,
    issue_id: int,
    *,
    waits_for: str,
    reason: str,
    stops_clock: bool,
    seen: int,
    by: Viewer,
    now: datetime,
) -> Issue:
    """The issue waits on somebody; `stops_clock` only for whoever the playbook lets stop it.

    Raises NotFound, Forbidden, Stale, Refused (also where it waits already) and Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    demand_version(session, opened, seen)
    demand_unsolved(opened)
    if stops_clock and not may_stop(opened, by):
        raise Forbidden("The playbook does not let you stop the clock of this issue.")
    if standstill_of(session, opened) is not None:
        raise Refused("It waits already. Say first that it goes on.")
    row = Standstill(
        issue_id=opened.id,
        waits_for=texts.one_line("waits_for", waits_for),
        reason=texts.prose("reason", reason),
        stops_clock=stops_clock,
        by_id=by.person,
        since=now,
    )
    session.add(row)
    session.flush()
    opened.issue.told_at = now
    return changed(session, opened, "put_off", by=by, now=now, after={"stops_clock": stops_clock})


def go_on(session: Session, issue_id: int, *, by: Viewer, now: datetime) -> Issue:
    """It waits no longer: a clock that stood runs on. Not waiting is quiet. Raises NotFound and Forbidden."""
    opened = open_issue(session, issue_id, by=by)
    row = standstill_of(session, opened)
    if row is None:
        return opened.issue
    end_standstill(session, row, by, now)
    return changed(session, opened, "taken_up", by=by, now=now)


def change_severity(
    session: Session, issue_id: int, *, severity: str, kind: str, reason: str, seen: int, by: Viewer, now: datetime
) -> Issue:
    """Judge an issue anew: another law holds, counted from its opening with every pause kept, so that one that rises
    may be out of time at once. What the new ladder has already reached is told now.

    The same again is quiet. Raises NotFound, Forbidden, Stale, Refused and Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    issue = opened.issue
    if (issue.severity, issue.kind) == (severity, kind):
        return issue
    demand_version(session, opened, seen)
    demand_unsolved(opened)
    said = texts.prose("reason", reason)
    law, _ = law_at(session, opened.rollout, opened.location, severity=severity, kind=kind, opened=issue.opened_at)
    milder = rank(opened.playbook, law.severity) > rank(opened.playbook, issue.severity)
    told = rungs_told(session, [opened.id]).get(opened.id, []) if milder else []
    before = {"severity": issue.severity, "kind": issue.kind}
    issue.severity, issue.kind, issue.law = law.severity, kind, kept(law)
    drop_steps(session, issue, now=now)
    session.flush()
    fresh = OpenIssue(issue, opened.rollout, opened.location, opened.playbook, opened.calendar, law)
    plan_steps(session, issue, case_of(session, fresh))
    session.flush()
    carry_over(session, issue, told, now=now)
    session.add(IssueNote(issue_id=opened.id, said=said, by_id=by.person, at=now))
    return changed(
        session, fresh, "judged_anew", by=by, now=now, before=before, after={"severity": severity, "kind": kind}
    )


def escalate_by_hand(session: Session, issue_id: int, *, reason: str, by: Viewer, now: datetime) -> Issue:
    """Tell the next rung now, with a reason; where nobody holds it, also the one above, and whoever directs.

    Raises NotFound, Forbidden, Refused where all were told, and Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    demand_unsolved(opened)
    said = texts.prose("reason", reason)
    staff = staff_of(session, opened.issue.rollout_id, now=now, rota=True)
    tellings, last = list[Telling](), None
    for step in _open_rungs(session, opened):
        people = people_of(staff, place_of(opened.issue), step.to, opened.law.rungs[0].to)
        step.settled_at, step.outcome, step.told = now, "told" if people else "vacant", people
        step.due_at, step.by_id = None, by.person
        session.add(step)
        kind, whom = ("issue_rung", people) if people else ("issue_vacant", directors(staff, opened.issue.rollout_id))
        tellings += tellings_of(opened, kind, whom, by, said=step.said, key=f"{step.id}")
        last = step
        if people:
            break
    if last is None:
        raise Refused("Everybody on its ladder has been told.")
    session.add(IssueNote(issue_id=opened.id, said=said, by_id=by.person, at=now))
    session.flush()
    after = {"step": Step.BY_HAND, "rung": last.number, "said": last.said, "told": last.told}
    return changed(session, opened, "escalated", by=by, now=now, after=after, tellings=tellings)


def _open_rungs(session: Session, opened: OpenIssue) -> list[IssueStep]:
    statement = select(IssueStep).where(
        IssueStep.issue_id == opened.id, IssueStep.kind == Step.RUNG, col(IssueStep.settled_at).is_(None)
    )
    return list(session.exec(statement.order_by(col(IssueStep.number))))


def may_stop(opened: OpenIssue, by: Viewer) -> bool:
    """Whether the person may stop the clock of this issue: as the playbook says, or whoever directs."""
    return standing.may_stop(opened.law, by, opened.issue.rollout_id, opened.issue.location_id)


def standstill_of(session: Session, opened: OpenIssue) -> Standstill | None:
    """What it waits for now."""
    statement = select(Standstill).where(Standstill.issue_id == opened.id, col(Standstill.until).is_(None))
    return session.exec(statement).first()


def end_standstill(session: Session, row: Standstill, by: Viewer, now: datetime) -> None:
    """It waits no longer."""
    row.until, row.until_by = now, by.person
    session.add(row)
    session.flush()


def _demand_can(session: Session, opened: OpenIssue, person: int, now: datetime) -> None:
    row = session.get(Person, person)
    staff = staff_of(session, opened.issue.rollout_id, now=now)
    if row is None or row.deactivated_at is not None or not staff.sees(person, opened.issue.location_id):
        raise Invalid({"person": "Choose somebody who sees this location."})
