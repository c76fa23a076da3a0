"""What people say about an issue, where else it is found, and what is taken away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.intents import once
from app.actions.issues.cases import OpenIssue
from app.actions.issues.opening import changed, open_issue, tellings_of
from app.actions.loading import load
from app.actions.people.viewers import staff_of
from app.errors import Forbidden, Invalid, NotFound
from app.models import Issue, IssueFile, IssueNote, Location, Resolution, SameIssue, Standstill
from app.rules.people.access import Permission, Viewer

REDACTED: Final = "Taken away: it named a patient."
SOMEBODY: Final = "somebody"
"""What an issue waits on where that was taken away: it stands within sentences."""
_COLUMNS: Final[Mapping[str, tuple[Any, Mapping[str, str]]]] = {
    "title": (Issue, {"title": REDACTED}),
    "details": (Issue, {"details": REDACTED}),
    "caller": (Issue, {"caller": REDACTED}),
    "waits": (Standstill, {"waits_for": SOMEBODY, "reason": REDACTED}),
    "solutions": (Resolution, dict.fromkeys(("cause", "fix", "reopened_reason"), REDACTED)),
}


def say(
    session: Session,
    issue_id: int,
    *,
    text: str,
    tell_too: Collection[int] = (),
    token: str = "",
    by: Viewer,
    now: datetime,
) -> IssueNote:
    """Say how it stands: whoever holds it is reminded later. Those chosen (`tell_too`) are told, if they may read it.

    The same form (`token`) again is quiet. Raises NotFound, Forbidden, Invalid, and Refused in a closed rollout and
    where the form came with another text before.
    """
    opened = open_issue(session, issue_id, by=by)

    def make() -> IssueNote:
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

    asked = {"issue": opened.id, "text": text, "tell": sorted(tell_too)}
    return once(session, token, IssueNote, make, asked=asked, by=by, now=now)


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
    session: Session,
    issue_id: int,
    *,
    part: str,
    note_id: int | None = None,
    file_id: int | None = None,
    by: Viewer,
    now: datetime,
) -> None:
    """Take a text away for good that should never have been written: the title, the details, who called (`caller`), a
    note, what it waited for (`waits`), why it happened and what was done (`solutions`), or a file with its name.

    What was written is kept nowhere; the event says who took which text away. Taken away already is quiet. Raises
    NotFound, Forbidden, Refused in a closed rollout, and Invalid.
    """
    opened = open_issue(session, issue_id, by=by)
    if part == "note" and note_id is not None:
        new = _redact_note(session, opened, note_id, by, now)
    elif part == "file" and file_id is not None:
        new = _redact_file(session, opened, file_id, now)
    elif part in _COLUMNS:
        new = _redact_columns(session, opened, part)
    else:
        raise Invalid({"part": "Choose what is to be taken away."})
    if new:
        after = {"part": part, "note": note_id, **({"file": file_id} if file_id is not None else {})}
        changed(session, opened, "redacted", by=by, now=now, after=after)


def _redact_note(session: Session, opened: OpenIssue, note_id: int, by: Viewer, now: datetime) -> bool:
    row = load(session, IssueNote, note_id, "note")
    if row.issue_id != opened.id:
        raise NotFound("note")
    if row.by_id != by.person and not by.can(Permission.ASSIGN, **opened.place):
        raise Forbidden
    if row.redacted_at is not None:
        return False
    row.said, row.redacted_at = REDACTED, now
    session.add(row)
    session.flush()
    return True


def _redact_file(session: Session, opened: OpenIssue, file_id: int, now: datetime) -> bool:
    """Its name is forgotten, and nobody can fetch it any more; the content stays in the store, as of every file."""
    row = load(session, IssueFile, file_id, "file")
    if row.issue_id != opened.id:
        raise NotFound("file")
    if row.file_name == REDACTED:
        return False
    row.file_name, row.removed_at = REDACTED, row.removed_at or now
    session.add(row)
    session.flush()
    return True


def _redact_columns(session: Session, opened: OpenIssue, part: str) -> bool:
    """Every text of one kind, where one was written at all."""
    model, blanks = _COLUMNS[part]
    own = col(Issue.id) if model is Issue else model.issue_id
    new = False
    for row in session.exec(select(model).where(own == opened.id)):
        for name, blank in blanks.items():
            if getattr(row, name) not in ("", blank):
                setattr(row, name, blank)
                new = True
        session.add(row)
    session.flush()
    return new
