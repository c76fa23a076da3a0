"""Files beside the counts of a day: attached and taken away, never overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.attached import content_of, standing, take_away
from app.actions.loading import key_of, load
from app.actions.reconciliations.opening import OpenDay, begin, changed, demand_not_closed, open_day, row_id
from app.errors import Forbidden, Invalid, NotFound
from app.models import ReconciliationFile
from app.rules.people.access import Viewer
from app.rules.reconciliations.access import may_check, may_count
from app.storage import StoredFile


def demand_day_attachable(session: Session, occasion_id: int, *, by: Viewer, now: datetime) -> None:
    """Before a file is even kept: raises NotFound, Forbidden and Refused for who may attach nothing there."""
    _attaching(session, occasion_id, by, now)


def attach_day_file(
    session: Session, occasion_id: int, *, stored: StoredFile, file_name: str, line: str = "", by: Viewer, now: datetime
) -> ReconciliationFile:
    """Attach a file to a day, or to one of its lines; `stored` is what `EvidenceStore.keep` gave. The same again is
    quiet. Raises NotFound, Forbidden, Refused on a day that is ahead or closed, and Invalid for a line it has not.
    """
    day = _attaching(session, occasion_id, by, now)
    if line and line not in day.asked.lines:
        raise Invalid({"line": "Choose a line of this day."})
    day = begin(session, day)
    row = ReconciliationFile(
        reconciliation_id=row_id(day), line=line, **content_of(stored, file_name), by_id=by.person, at=now
    )
    if (found := standing(session, row, "reconciliation_id", "line", "sha256")) is not None:
        return found
    session.add(row)
    session.flush()
    changed(session, day, "file_attached", by=by, now=now, after={"file": key_of(row)})
    return row


def remove_day_file(session: Session, occasion_id: int, file_id: int, *, by: Viewer, now: datetime) -> None:
    """Take a file off its day; its content stays in the store. Removed already is quiet.

    Raises NotFound, Forbidden, and Refused on a closed day.
    """
    day = _attaching(session, occasion_id, by, now)
    row = file_of_day(session, day, file_id)
    if take_away(session, row, now=now):
        changed(session, day, "file_removed", by=by, now=now, before={"file": file_id})


def file_of_day(session: Session, day: OpenDay, file_id: int) -> ReconciliationFile:
    """A file of the day. Raises NotFound."""
    row = load(session, ReconciliationFile, file_id, "file")
    if day.record is None or row.reconciliation_id != day.record.id:
        raise NotFound("file")
    return row


def _attaching(session: Session, occasion_id: int, by: Viewer, now: datetime) -> OpenDay:
    day = open_day(session, occasion_id, by=by, now=now)
    if not (may_count(by, day.asked, day.place) or may_check(by, day.asked, day.place)):
        raise Forbidden("You may see this day, but not attach anything to it.")
    demand_not_closed(day)
    return day
