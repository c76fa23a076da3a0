"""What tests of meetings ask for again and again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.actions.meetings.agreeing import agree_action
from app.actions.meetings.holding import hold_meeting
from app.models import MeetingAction, MeetingRecord, Occasion
from app.queries.meetings.agenda import whole_agenda
from tests.cast import NOW, Cast

FRIDAY = datetime.fromisoformat("2027-01-08T18:30:00+00:00")
"""Half an hour into the first all-hands."""


def occasion(session: Session, cast: Cast, entry: str, place: str = "", day: str = "2027-01-05") -> Occasion:
    """One time of a meeting: at a location, or (none) of the network or the wave."""
    location = cast.locations[place] if place else None
    statement = select(Occasion).where(
        Occasion.kind == "meeting", Occasion.entry == entry, Occasion.location_id == location
    )
    return next(row for row in session.exec(statement) if row.due and row.due.isoformat() == day)


def record_of(session: Session, occasion_id: int) -> MeetingRecord | None:
    return session.exec(select(MeetingRecord).where(MeetingRecord.occasion_id == occasion_id)).first()


def hold(
    session: Session, cast: Cast, row: Occasion, who: str, *, now: datetime = NOW, seen: int | None = None, **given: Any
) -> MeetingRecord:
    """Hold a meeting as an entrypoint does; `seen` None: whatever is recorded now."""
    values = {"attended": [cast.people[who]], "notes": "", **given}
    return hold_meeting(
        session, row.id or 0, agenda=whole_agenda(session, row, now), seen=seen, by=cast.viewer(session, who, now),
        now=now, **values,
    )  # fmt: skip


def agree(session: Session, cast: Cast, row: Occasion, who: str, *, now: datetime = NOW, **given: Any) -> MeetingAction:
    values = {"title": "Order cables", "due": None, "role": "champion", **given}
    return agree_action(
        session, row.id or 0, agenda=whole_agenda(session, row, now), by=cast.viewer(session, who, now), now=now,
        **values,
    )  # fmt: skip
