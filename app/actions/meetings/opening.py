"""A meeting opened for a change: one time of it, loaded through what the person may see, and what was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from app.actions.events import record, stale
from app.actions.loading import count_version
from app.actions.occasions.opening import OpenOccasion, open_occasion
from app.errors import Forbidden, Refused
from app.models import MeetingRecord
from app.plan.format.rhythm import Meeting
from app.plan.terms import Recurring
from app.rules.clock import short_day
from app.rules.meetings.agenda import Section, frozen
from app.rules.meetings.people import leading_roles
from app.rules.meetings.states import Slot
from app.rules.people.access import Permission, Viewer


@dataclass
class OpenMeeting:
    """One time of a meeting, locked; `record` is None as long as nothing was recorded of it."""

    opened: OpenOccasion
    record: MeetingRecord | None

    @property
    def id(self) -> int:
        return self.opened.id

    @property
    def meeting(self) -> Meeting | None:
        """What the playbook that holds there says of it."""
        return self.opened.playbook.meetings.get(self.opened.occasion.entry)

    @property
    def place(self) -> dict[str, Any]:
        return self.opened.place


def open_meeting(session: Session, occasion_id: int, *, by: Viewer) -> OpenMeeting:
    """The meeting for whoever may record it: those who lead it, work at its place, direct or manage. Raises NotFound,
    Forbidden, and Refused where nothing is changed any more.
    """
    opened = OpenMeeting(open_occasion(session, occasion_id, Recurring.MEETING, by=by), None)
    if not by.can(Permission.CHECK_OFF, **opened.place, named=leading_roles(opened.meeting)):
        raise Forbidden("You may see this meeting, but not record it.")
    opened.record = record_of(session, occasion_id)
    return opened


def record_of(session: Session, occasion_id: int) -> MeetingRecord | None:
    """What was recorded of a meeting; None for nothing. Its occasion is locked by whoever asks."""
    statement = select(MeetingRecord).where(MeetingRecord.occasion_id == occasion_id)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def demand_version(session: Session, opened: OpenMeeting, seen: int | None) -> None:
    """Raises Stale when something was recorded after the form was drawn. `seen` 0: nothing was; None: whatever is."""
    version = opened.record.version if opened.record else 0
    if seen is not None and seen != version:
        raise stale(session, ("meeting", opened.id))


def demand_day(opened: OpenMeeting, now: datetime) -> None:
    """Raises Refused before the day of the meeting has come at its place."""
    occasion = opened.opened.occasion
    if occasion.due is None:
        return
    slot = Slot(occasion.due, opened.opened.zone, occasion.due_at, occasion.late_at)
    if not slot.begun(now):
        today = now.astimezone(ZoneInfo(slot.zone)).date()
        raise Refused(f"It is on {short_day(occasion.due, today)}, and recorded from that day on.")


def begin(
    session: Session, opened: OpenMeeting, agenda: Sequence[Section], *, by: Viewer, now: datetime
) -> MeetingRecord:
    """The record of a meeting that takes place: kept with the agenda as it stands, unless it was begun before."""
    row = opened.record or new_record(opened)
    if row.held_at is None:
        row.held_at, row.held_by, row.agenda = now, by.person, frozen(agenda)
        row.called_off_at, row.called_off_by, row.called_off_reason = None, None, ""
        opened.opened.occasion.next_at = None
    session.add(row)
    session.add(opened.opened.occasion)
    session.flush()
    opened.record = row
    return row


def new_record(opened: OpenMeeting) -> MeetingRecord:
    """An empty record, not yet stored."""
    occasion = opened.opened.occasion
    if occasion.due is None:
        raise ValueError("a meeting has a day")
    return MeetingRecord(
        occasion_id=opened.id, rollout_id=occasion.rollout_id, location_id=occasion.location_id, entry=occasion.entry,
        day=occasion.due,
    )  # fmt: skip


def changed(
    session: Session,
    opened: OpenMeeting,
    row: MeetingRecord,
    verb: str,
    *,
    by: Viewer | None,
    now: datetime,
    after: Mapping[str, Any] | None = None,
) -> MeetingRecord:
    """Count one more version of the record and record the event; last step of every change. What people wrote never
    stands in it.
    """
    count_version(session, row, "entry")
    occasion = opened.opened.occasion
    record(
        session, f"meeting.{verb}", ("meeting", opened.id), by=by, now=now, rollout_id=occasion.rollout_id,
        location_id=occasion.location_id, after=dict(after) if after else None,
    )  # fmt: skip
    return row
