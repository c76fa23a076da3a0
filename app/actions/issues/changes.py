"""What people do with an issue: take it, give it to somebody, wait, solve, confirm, reopen, raise it, say something."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.issues.opening import OpenIssue, case_of, changed, demand_version, open_issue
from app.actions.issues.reporting import law_at
from app.actions.issues.steps import drop_steps, plan_steps
from app.actions.issues.sweep import sweep_issue
from app.actions.issues.telling import Telling, tell
from app.actions.loading import load
from app.actions.people.viewers import staff_of
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Issue, IssueNote, IssueStep, Location, Person, Resolution, SameIssue, Standstill
from app.rules.issues.ladder import Step
from app.rules.issues.law import kept, stored
from app.rules.issues.recipients import Place, holders_of, people_of
from app.rules.people.access import Permission, Viewer


def acknowledge(session: Session, issue_id: int, *, by: Viewer, now: datetime) -> Issue:
    """Take an issue: its rung is reminded no more. Taken already is quiet; whoever took it first stays named.

    Raises NotFound, Forbidden and Refused for one that is solved.
    """
    opened = open_issue(session, issue_id, by=by)
    _demand_unsolved(opened)
    issue = opened.issue
    if issue.acknowledged_at is not None:
        return issue
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
    _demand_unsolved(opened)
    if person is not None:
        _demand_can(session, opened, person, now)
    before, issue.holder_id = issue.holder_id, person
    changed(session, opened, "assigned", by=by, now=now, before={"holder": before}, after={"holder": person})
    if person is not None and person != by.person:
        _tell(session, opened, "issue_given", [person], f"given-{issue.version}", by, now)
    return issue


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
    _demand_unsolved(opened)
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
    _end(session, row, by, now)
    return changed(session, opened, "taken_up", by=by, now=now)


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
        _end(session, waiting, by, now)
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
    changed(session, opened, "resolved", by=by, now=now)
    _tell(
        session, opened, "issue_confirm", sorted(confirmers(session, opened, now) - {by.person}), _key(issue), by, now
    )
    return issue


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
    changed(session, opened, "reopened", by=by, now=now)
    _tell(session, opened, "issue_again", _holders(session, opened, now), _key(issue), by, now)
    sweep_issue(session, opened.id, now=now)
    return issue


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
    _demand_unsolved(opened)
    texts.prose("reason", reason)
    law, _ = law_at(session, opened.rollout, opened.location, severity=severity, kind=kind, opened=issue.opened_at)
    before = {"severity": issue.severity, "kind": issue.kind}
    issue.severity, issue.kind, issue.law = law.severity, kind, kept(law)
    drop_steps(session, issue, now=now)
    session.flush()
    fresh = OpenIssue(issue, opened.rollout, opened.location, opened.playbook, opened.calendar, law)
    plan_steps(session, issue, case_of(session, fresh))
    changed(session, fresh, "judged_anew", by=by, now=now, before=before, after={"severity": severity, "kind": kind})
    session.add(IssueNote(issue_id=opened.id, said=texts.prose("reason", reason), by_id=by.person, at=now))
    sweep_issue(session, opened.id, now=now)
    return issue


def escalate_by_hand(session: Session, issue_id: int, *, reason: str, by: Viewer, now: datetime) -> Issue:
    """Tell the next rung now, with a reason. Raises NotFound, Forbidden, Refused where all were told, and Invalid."""
    opened = open_issue(session, issue_id, by=by)
    _demand_unsolved(opened)
    said = texts.prose("reason", reason)
    statement = select(IssueStep).where(
        IssueStep.issue_id == opened.id, IssueStep.kind == Step.RUNG, col(IssueStep.settled_at).is_(None)
    )
    step = session.exec(statement.order_by(col(IssueStep.number)).limit(1)).first()
    if step is None:
        raise Refused("Everybody on its ladder has been told.")
    issue, staff = opened.issue, staff_of(session, opened.issue.rollout_id, now=now)
    people = people_of(staff, _place(issue), step.to, opened.law.rungs[0].to)
    step.settled_at, step.outcome, step.told = now, "told" if people else "vacant", people
    step.due_at, step.by_id = None, by.person
    session.add(step)
    session.add(IssueNote(issue_id=opened.id, said=said, by_id=by.person, at=now))
    session.flush()
    after = {"step": "hand", "rung": step.number, "said": step.said, "told": people}
    changed(session, opened, "escalated", by=by, now=now, after=after)
    _tell(session, opened, "issue_rung", people, f"{step.id}", by, now, said=step.said)
    return issue


def say(
    session: Session, issue_id: int, *, text: str, tell_too: Collection[int] = (), by: Viewer, now: datetime
) -> IssueNote:
    """Say how it stands: whoever holds it is reminded later. Those chosen (`tell_too`) are told, if they may read it.

    Raises NotFound, Forbidden and Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    row = IssueNote(issue_id=opened.id, said=texts.prose("text", text), by_id=by.person, at=now)
    session.add(row)
    opened.issue.told_at = now
    session.flush()
    staff = staff_of(session, opened.issue.rollout_id, now=now)
    called = [one for one in tell_too if one != by.person and staff.sees(one, opened.issue.location_id)]
    changed(session, opened, "noted", by=by, now=now, after={"note": row.id, "called": called} if called else None)
    _tell(session, opened, "issue_mention", called, f"note-{row.id}", by, now)
    return row


def same_elsewhere(session: Session, issue_id: int, *, location_id: int, by: Viewer, now: datetime) -> Issue:
    """Another location of the rollout has the same problem. Known already is quiet. Raises NotFound and Forbidden."""
    opened = open_issue(session, issue_id, by=by)
    location = load(session, Location, location_id, "location")
    seen = by.can(Permission.SEE_PLAN, rollout=location.rollout_id, location=location_id)
    if location.rollout_id != opened.issue.rollout_id or not seen:
        raise NotFound("location")
    known = select(SameIssue.id).where(SameIssue.issue_id == opened.id, SameIssue.location_id == location_id)
    if location_id == opened.issue.location_id or session.exec(known).first() is not None:
        return opened.issue
    session.add(SameIssue(issue_id=opened.id, location_id=location_id, by_id=by.person, at=now))
    session.flush()
    return changed(session, opened, "found_elsewhere", by=by, now=now, after={"location": location_id})


def redact(
    session: Session, issue_id: int, *, part: str, note_id: int | None = None, by: Viewer, now: datetime
) -> None:
    """Take a text away for good that should never have been written: the title, the details, or a note.

    What was there is kept nowhere; the event says who took which text away. Raises NotFound, Forbidden and Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    issue = opened.issue
    if part == "note" and note_id is not None:
        row = load(session, IssueNote, note_id, "note")
        if row.issue_id != opened.id:
            raise NotFound("note")
        if row.by_id != by.person and not by.can(Permission.ASSIGN, **opened.place):
            raise Forbidden
        row.said, row.redacted_at = REDACTED, now
        session.add(row)
    elif part in ("title", "details", "caller"):
        setattr(issue, part, REDACTED)
    else:
        raise Invalid({"part": "Choose what is to be taken away."})
    changed(session, opened, "redacted", by=by, now=now, after={"part": part, "note": note_id})


REDACTED = "Taken away: it named a patient."


def may_stop(opened: OpenIssue, by: Viewer) -> bool:
    """Whether the person may stop the clock of this issue: as the playbook says, or whoever directs."""
    law, issue = opened.law, opened.issue
    if not law.pausable:
        return False
    if by.can(Permission.DIRECT, rollout=issue.rollout_id):
        return True
    if law.pause is None:
        return by.can(Permission.RAISE_ISSUE, **opened.place)
    return bool(set(law.pause) & by.roles(issue.rollout_id, issue.location_id))


def confirmers(session: Session, opened: OpenIssue, now: datetime) -> set[int]:
    """Who may confirm a fix: whoever reported it, and those whom the playbook names."""
    staff = staff_of(session, opened.issue.rollout_id, now=now)
    to = [["role", role, role] for role in opened.law.confirm]
    found = set(people_of(staff, _place(opened.issue), to, []))
    return found | ({opened.issue.by_id} if opened.issue.by_id is not None else set())


def standstill_of(session: Session, opened: OpenIssue) -> Standstill | None:
    """What it waits for now."""
    statement = select(Standstill).where(Standstill.issue_id == opened.id, col(Standstill.until).is_(None))
    return session.exec(statement).first()


def resolution_of(session: Session, opened: OpenIssue) -> Resolution | None:
    """The solution that stands."""
    statement = select(Resolution).where(Resolution.issue_id == opened.id, col(Resolution.reopened_at).is_(None))
    return session.exec(statement).first()


def _end(session: Session, row: Standstill, by: Viewer, now: datetime) -> None:
    row.until, row.until_by = now, by.person
    session.add(row)
    session.flush()


def _demand_unsolved(opened: OpenIssue) -> None:
    if opened.issue.resolved_at is not None:
        raise Refused("It is solved. Reopen it first.")


def _demand_can(session: Session, opened: OpenIssue, person: int, now: datetime) -> None:
    row = session.get(Person, person)
    staff = staff_of(session, opened.issue.rollout_id, now=now)
    if row is None or row.deactivated_at is not None or not staff.sees(person, opened.issue.location_id):
        raise Invalid({"person": "Choose somebody who sees this location."})


def _holders(session: Session, opened: OpenIssue, now: datetime) -> list[int]:
    staff = staff_of(session, opened.issue.rollout_id, now=now)
    rungs = stored(opened.issue.law).rungs
    return holders_of(staff, _place(opened.issue), rungs[0].to if rungs else [])


def _place(issue: Issue) -> Place:
    return Place(issue.rollout_id, issue.location_id, issue.holder_id, issue.acknowledged_by)


def _key(issue: Issue) -> str:
    return f"{issue.id}-{issue.version}"


def _tell(
    session: Session, opened: OpenIssue, kind: str, people: Collection[int], key: str, by: Viewer, now: datetime,
    *, said: str = "",
) -> None:  # fmt: skip
    tell(
        session,
        [
            Telling(
                key, kind, person, opened.issue.rollout_id, opened.id, said, loud=opened.law.loud, data={"by": by.name}
            )
            for person in people
            if person != by.person
        ],
        now=now,
    )
