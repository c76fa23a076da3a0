"""The coming times of a meeting as a calendar file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from app.documents.calendar import calendar_file
from app.queries.meetings.lines import MeetingLine
from app.rules.meetings.states import MeetingState
from app.rules.training.invitation import Invitation

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
USUAL: Final = timedelta(minutes=30)
"""How long a meeting stands in a calendar where the playbook does not say how long it takes."""


def meeting_calendar(lines: Iterable[MeetingLine], *, place: str, host: str, now: datetime) -> bytes:
    """One entry for each time with an hour; one that is called off says so. `host` makes their names unique."""
    return calendar_file([_entry(line, place, host, now) for line in lines if line.slot.at is not None])


def _entry(line: MeetingLine, place: str, host: str, now: datetime) -> Invitation:
    takes = line.slot.takes or USUAL
    return Invitation(
        id=f"meeting-{line.id}@{host}",
        sequence=1 if line.state is MeetingState.OFF else 0,
        stamp=now,
        starts_at=line.slot.at or now,
        minutes=int(takes.total_seconds()) // 60,
        title=line.title,
        place=", ".join(word for word in (place, line.room) if word),
        called_off=line.state is MeetingState.OFF,
    )
