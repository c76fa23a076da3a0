"""An issue is solved, the fix confirmed, or it is not solved after all."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.issues.cases import OpenIssue
from app.actions.issues.changes import end_standstill, standstill_of
from app.actions.issues.opening import changed, demand_version, open_issue, place_of, tellings_of
from app.actions.people.viewers import staff_of
from app.errors import Forbidden, Refused
from app.models import Issue, Resolution
from app.rules.issues.law import stored
from app.rules.issues.recipients import holders_of, people_of
from app.rules.people.access import Permission, Viewer


def resolve_issue(
    session: Session, issue_id: int, *, cause: str, fix: str, seen: int, by: Viewer, now: datetime
) -> Issue:
    """Say that it is solved, why it happened and what was done: the clock stops. Whoever reported it, or whom the
    playbook names, is asked to confirm. Solved already is quiet.

    Raises NotFound, Forbidden, Stale and Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    issue = opened.issue
    if issue.resolved_at is not None:
        return issue
    demand_version(session, opened, seen)
    if (waiting := standstill_of(session, opened)) is not None:
        end_standstill(session, waiting, by, now)
    row = Resolution(
        issue_id=opened.id,
        cause=texts.prose("cause", cause),
        fix=texts.prose("fix", fix),
        by_id=by.person,
        at=now,
    )
    session.add(row)
    if issue.acknowledged_at is None:
        issue.acknowledged_at, issue.acknowledged_by = now, by.person
    issue.resolved_at = now
    session.flush()
    told = tellings_of(opened, "issue_confirm", sorted(confirmers(session, opened, now)), by)
    return changed(session, opened, "resolved", by=by, now=now, tellings=told)


def confirm_issue(session: Session, issue_id: int, *, by: Viewer, now: datetime) -> Issue:
    """Whoever reported it, or whom the playbook names, says that it is solved: the issue is closed. Nobody confirms
    an own fix. Confirmed already is quiet. Raises NotFound, Forbidden and Refused.
    """
    opened = open_issue(session, issue_id, by=by)
    issue, row = opened.issue, resolution_of(session, opened)
    if issue.closed_at is not None:
        return issue
    if row is None:
        raise Refused("Nobody has said that it is solved.")
    if row.by_id == by.person:
        raise Forbidden("You solved it; somebody else confirms that.")
    if by.person not in confirmers(session, opened, now) and not by.can(Permission.ASSIGN, **opened.place):
        raise Forbidden("Whoever reported it confirms that it is solved.")
    row.confirmed_at, row.confirmed_by = now, by.person
    issue.closed_at = now
    session.add(row)
    return changed(session, opened, "confirmed", by=by, now=now)


def reopen_issue(session: Session, issue_id: int, *, reason: str, by: Viewer, now: datetime) -> Issue:
    """It is not solved after all, and why: the clock goes on where it stopped. Open already is quiet.

    Raises NotFound, Forbidden and Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    issue, row = opened.issue, resolution_of(session, opened)
    if row is None:
        return issue
    row.reopened_at, row.reopened_by = now, by.person
    row.reopened_reason = texts.prose("reason", reason)
    session.add(row)
    issue.resolved_at = issue.closed_at = None
    issue.told_at = now
    session.flush()
    told = tellings_of(opened, "issue_again", _holders(session, opened, now), by)
    return changed(session, opened, "reopened", by=by, now=now, tellings=told)


def confirmers(session: Session, opened: OpenIssue, now: datetime) -> set[int]:
    """Who may confirm a fix: whoever reported it, and those whom the playbook names."""
    staff = staff_of(session, opened.issue.rollout_id, now=now)
    to = [["role", role, role] for role in opened.law.confirm]
    found = set(people_of(staff, place_of(opened.issue), to, []))
    return found | ({opened.issue.by_id} if opened.issue.by_id is not None else set())


def resolution_of(session: Session, opened: OpenIssue) -> Resolution | None:
    """The solution that stands."""
    statement = select(Resolution).where(Resolution.issue_id == opened.id, col(Resolution.reopened_at).is_(None))
    return session.exec(statement).first()


def _holders(session: Session, opened: OpenIssue, now: datetime) -> list[int]:
    staff = staff_of(session, opened.issue.rollout_id, now=now, rota=True)
    rungs = stored(opened.issue.law).rungs
    return holders_of(staff, place_of(opened.issue), rungs[0].to if rungs else [])
