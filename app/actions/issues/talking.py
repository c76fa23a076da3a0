"""What people say about an issue, where else it is found, and what is taken away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select, update

from app.actions import texts
from app.actions.issues.opening import changed, open_issue, tellings_of
from app.actions.loading import load
from app.actions.people.viewers import staff_of
from app.errors import Forbidden, Invalid, NotFound
from app.models import Issue, IssueNote, Location, Resolution, SameIssue, Standstill
from app.rules.people.access import Permission, Viewer

REDACTED = "Taken away: it named a patient."


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
    told = tellings_of(opened, "issue_mention", called, by)
    after = {"note": row.id, "called": called} if called else None
    changed(session, opened, "noted", by=by, now=now, after=after, tellings=told)
    return row


def same_elsewhere(session: Session, issue_id: int, *, location_id: int | None, by: Viewer, now: datetime) -> Issue:
    """Another location of the rollout has the same problem. Known already is quiet. Raises NotFound, Forbidden and,
    where none is named, Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    if location_id is None:
        raise Invalid({"location": "Choose a place."})
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
    """Take a text away for good that should never have been written: the title, the details, who called, a note, what
    it waited for (`waits`), or why it happened and what was done (`solutions`).

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
    elif part == "waits":
        session.exec(
            update(Standstill).where(col(Standstill.issue_id) == opened.id).values(waits_for=REDACTED, reason=REDACTED)
        )
    elif part == "solutions":
        blank = {"cause": REDACTED, "fix": REDACTED, "reopened_reason": REDACTED}
        session.exec(update(Resolution).where(col(Resolution.issue_id) == opened.id).values(blank))
    else:
        raise Invalid({"part": "Choose what is to be taken away."})
    changed(session, opened, "redacted", by=by, now=now, after={"part": part, "note": note_id})
