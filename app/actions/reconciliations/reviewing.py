"""A second person closes a day, or gives it back to be counted anew; a closed one is opened again with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.actions import texts
from app.actions.reconciliations.counting import REASON_LIMIT
from app.actions.reconciliations.opening import OpenDay, changed, demand_version, open_day, row_id
from app.errors import Forbidden, Refused
from app.models import Reconciliation, ReconciliationReturn
from app.rules.people.access import Viewer
from app.rules.reconciliations.access import may_check, may_close, may_reopen

SENT_BACK: Final = "sent back"
REOPENED: Final = "reopened"


def review_day(session: Session, occasion_id: int, *, seen: int | None, by: Viewer, now: datetime) -> Reconciliation:
    """Close a day that was handed in: clean where every line is within its tolerance, else with its variance.

    Closed already is quiet. Raises NotFound, Forbidden for who may not check it or has counted any of it, Stale, and
    Refused for a day that was not handed in.
    """
    day = open_day(session, occasion_id, by=by, now=now)
    _demand_checker(day, by)
    row = day.begun()
    if row.reviewed_at is not None:
        return row
    demand_version(session, day, seen)
    _demand_handed_in(row)
    row.clean = all(count.within for count in day.counts.values())
    row.reviewed_by, row.reviewed_at = by.person, now
    session.add(row)
    return changed(session, day, "closed", by=by, now=now, after={"clean": row.clean})


def send_back(
    session: Session, occasion_id: int, *, reason: str, seen: int | None, by: Viewer, now: datetime
) -> Reconciliation:
    """Give a day that was handed in back to whoever counts, and say why. Given back already is quiet.

    Raises NotFound, Forbidden, Stale, Invalid without a reason, and Refused for a day that is closed.
    """
    day = open_day(session, occasion_id, by=by, now=now)
    _demand_checker(day, by)
    row = day.begun()
    if row.counted_at is None:
        return row
    demand_version(session, day, seen)
    if row.reviewed_at is not None:
        raise Refused("This day is closed. Whoever manages can open it again.")
    return _give_back(session, day, SENT_BACK, reason, by, now)


def reopen_day(
    session: Session, occasion_id: int, *, reason: str, seen: int | None, by: Viewer, now: datetime
) -> Reconciliation:
    """Open a closed day again, and say why: it is counted, handed in and closed anew. Open already is quiet.

    Raises NotFound, Forbidden for who does not manage, Stale, and Invalid without a reason.
    """
    day = open_day(session, occasion_id, by=by, now=now)
    if not may_reopen(by, day.place):
        raise Forbidden("Only a director or a manager opens a closed day again.")
    row = day.begun()
    if row.reviewed_at is None:
        return row
    demand_version(session, day, seen)
    return _give_back(session, day, REOPENED, reason, by, now)


def _demand_checker(day: OpenDay, by: Viewer) -> None:
    if not may_check(by, day.asked, day.place):
        raise Forbidden("You may see this day, but checking it is not yours to do.")
    if not may_close(by, day.asked, day.place, day.counters):
        raise Forbidden("You counted this day: a second person checks it.")


def _demand_handed_in(row: Reconciliation) -> None:
    if row.counted_at is None:
        raise Refused("This day has not been handed in yet.")


def _give_back(session: Session, day: OpenDay, kind: str, reason: str, by: Viewer, now: datetime) -> Reconciliation:
    said = texts.prose("reason", reason, REASON_LIMIT)
    row = day.begun()
    before = {"counted_by": row.counted_by, "reviewed_by": row.reviewed_by, "clean": row.clean}
    session.add(ReconciliationReturn(reconciliation_id=row_id(day), kind=kind, reason=said, by_id=by.person, at=now))
    row.counted_by = row.counted_at = row.reviewed_by = row.reviewed_at = row.clean = None
    session.add(row)
    session.flush()
    return changed(session, day, kind.replace(" ", "_"), by=by, now=now, before=before)
