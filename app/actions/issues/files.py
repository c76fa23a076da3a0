"""Photos and files of an issue: attached and taken away, never overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.attached import content_of, standing, take_away
from app.actions.issues.opening import changed, open_issue
from app.actions.loading import key_of, load
from app.errors import NotFound
from app.models import IssueFile
from app.rules.people.access import Viewer
from app.storage import StoredFile


def demand_issue_attachable(session: Session, issue_id: int, *, by: Viewer) -> None:
    """Before a file is even kept: raises NotFound, Forbidden and Refused for who may attach nothing there."""
    open_issue(session, issue_id, by=by)


def attach_issue_file(
    session: Session, issue_id: int, *, stored: StoredFile, file_name: str, by: Viewer, now: datetime
) -> IssueFile:
    """Attach a photo or a file; `stored` is what `EvidenceStore.keep` gave. The same content again is quiet.

    Raises NotFound, Forbidden and Refused.
    """
    opened = open_issue(session, issue_id, by=by)
    row = IssueFile(issue_id=issue_id, **content_of(stored, file_name), by_id=by.person, at=now)
    if (found := standing(session, row, "issue_id", "sha256")) is not None:
        return found
    session.add(row)
    session.flush()
    changed(session, opened, "file_attached", by=by, now=now, after={"file": key_of(row)})
    return row


def remove_issue_file(session: Session, issue_id: int, file_id: int, *, by: Viewer, now: datetime) -> None:
    """Take a file off its issue; its content stays in the store. Removed already is quiet.

    Raises NotFound, Forbidden and Refused.
    """
    opened = open_issue(session, issue_id, by=by)
    row = load(session, IssueFile, file_id, "file")
    if row.issue_id != opened.id:
        raise NotFound("file")
    if take_away(session, row, now=now):
        changed(session, opened, "file_removed", by=by, now=now, before={"file": file_id})
