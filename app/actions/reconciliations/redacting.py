"""A text about a day that should never have been written is taken away for good."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions.issues.talking import REDACTED, redact
from app.actions.loading import load
from app.actions.reconciliations.files import file_of_day
from app.actions.reconciliations.opening import OpenDay, changed, open_day
from app.errors import Forbidden, Invalid, NotFound
from app.models import ReconciliationCount, ReconciliationReturn
from app.rules.people.access import Permission, Viewer
from app.rules.reconciliations.access import may_check, may_count
from app.rules.reconciliations.judging import typed_in_words


def redact_day(session: Session, occasion_id: int, *, part: str, row_id: int, by: Viewer, now: datetime) -> None:
    """Take away what was typed: the reason and the answer in words of a `count`, why the day was given back (`return`),
    or a `file` with its name. What an issue says of that count goes with it.

    What was written is kept nowhere; the event says who took which text away, also on a closed day. Taken away already
    is quiet. Raises NotFound, Forbidden, Refused in a closed rollout, and Invalid for another part.
    """
    day = open_day(session, occasion_id, by=by, now=now)
    _demand_part(day, by)
    if part == "count":
        new = _redact_count(session, day, row_id, by, now)
    elif part == "return":
        new = _redact_return(session, day, row_id)
    elif part == "file":
        new = _redact_file(session, day, row_id, now)
    else:
        raise Invalid({"part": "Choose what is to be taken away."})
    if new:
        changed(session, day, "redacted", by=by, now=now, after={"part": part, "row": row_id})


def _redact_count(session: Session, day: OpenDay, row_id: int, by: Viewer, now: datetime) -> bool:
    row = load(session, ReconciliationCount, row_id, "count")
    _demand_of(day, row.reconciliation_id)
    line = day.asked.lines.get(row.line)
    worded = line is not None and typed_in_words(line) and row.answer not in (None, REDACTED)
    if row.reason in ("", REDACTED) and not worded:
        return False
    row.reason = REDACTED if row.reason else ""
    row.answer = REDACTED if worded else row.answer
    session.add(row)
    session.flush()
    for issue in _issues(session, day, row):
        redact(session, issue, part="details", by=by, now=now)
    return True


def _issues(session: Session, day: OpenDay, row: ReconciliationCount) -> list[int]:
    """The issue of that line and day, which was opened with the reason in it."""
    found = select(ReconciliationCount.issue_id).where(
        ReconciliationCount.reconciliation_id == row.reconciliation_id,
        ReconciliationCount.line == row.line,
        col(ReconciliationCount.issue_id).is_not(None),
    )
    return sorted({issue for issue in session.exec(found) if issue is not None})


def _redact_return(session: Session, day: OpenDay, row_id: int) -> bool:
    row = load(session, ReconciliationReturn, row_id, "reason")
    _demand_of(day, row.reconciliation_id)
    if row.reason == REDACTED:
        return False
    row.reason = REDACTED
    session.add(row)
    session.flush()
    return True


def _redact_file(session: Session, day: OpenDay, row_id: int, now: datetime) -> bool:
    """Its name is forgotten, and nobody can fetch it any more; the content stays in the store, as of every file."""
    row = file_of_day(session, day, row_id)
    if row.file_name == REDACTED:
        return False
    row.file_name, row.removed_at = REDACTED, row.removed_at or now
    session.add(row)
    session.flush()
    return True


def _demand_part(day: OpenDay, by: Viewer) -> None:
    """Whoever counts, checks or gives out work there."""
    parts = (may_count(by, day.asked, day.place), may_check(by, day.asked, day.place))
    if not any(parts) and not by.can(Permission.ASSIGN, **day.place):
        raise Forbidden("You may see this day, but not take anything away.")


def _demand_of(day: OpenDay, record: int) -> None:
    if day.record is None or day.record.id != record:
        raise NotFound("text")
