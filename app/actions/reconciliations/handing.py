"""A day is handed in: every line is answered, and what is outside its tolerance is an issue from then on."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.issues.talking import say
from app.actions.reconciliations.counting import demand_counter
from app.actions.reconciliations.missing import settle_missed
from app.actions.reconciliations.opening import OpenDay, changed, demand_not_closed, demand_version, open_day, titles
from app.actions.reconciliations.trouble import demand_reasons, open_trouble
from app.errors import Refused
from app.models import Reconciliation
from app.rules.people.access import Permission, Viewer


def hand_in(session: Session, occasion_id: int, *, seen: int | None, by: Viewer, now: datetime) -> Reconciliation:
    """Say that the day is counted; somebody else closes it. Handed in already is quiet.

    After its time it is late for ever: it stays missed, entered later. Raises NotFound, Forbidden, Stale, Refused with
    the lines that nobody has counted, on a day that is ahead or closed, and Invalid for reasons that are missing.
    """
    day = open_day(session, occasion_id, by=by, now=now)
    demand_counter(day, by)
    if day.record is not None and day.record.counted_at is not None and day.record.reviewed_at is None:
        return day.record
    demand_not_closed(day)
    demand_version(session, day, seen)
    missing = titles(day, [line for line in day.asked.lines if line not in day.counts])
    if missing:
        raise Refused("Not every line is counted yet.", missing)
    demand_reasons(day)
    row = day.begun()
    settle_missed(session, day.opened.occasion, now=now)
    row.counted_by, row.counted_at = by.person, now
    session.add(row)
    session.flush()
    open_trouble(session, day, by=by, now=now)
    _say_late(session, day, by, now)
    return changed(session, day, "handed_in", by=by, now=now)


def _say_late(session: Session, day: OpenDay, by: Viewer, now: datetime) -> None:
    """The issue that the missed day opened hears that it was counted after all."""
    issue = day.begun().issue_id
    if issue is not None and by.can(Permission.RAISE_ISSUE, **day.place):
        say(session, issue, text="The counts of that day were handed in now.", by=by, now=now)
