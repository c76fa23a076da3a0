"""A meeting is held or called off, and what was written of it is taken away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, Literal

from sqlmodel import Session

from app.actions import texts
from app.actions.issues.talking import REDACTED
from app.actions.meetings.missing import settle_missed
from app.actions.meetings.opening import (
    OpenMeeting,
    begin,
    changed,
    demand_day,
    demand_version,
    new_record,
    open_meeting,
)
from app.actions.tasks.comments import everybody
from app.errors import Invalid, Refused
from app.models import MeetingRecord
from app.rules.meetings.agenda import Section
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.mentions import known

Text = Literal["notes", "reason"]
_COLUMN: Final = {"notes": "notes", "reason": "called_off_reason"}


def hold_meeting(
    session: Session,
    occasion_id: int,
    *,
    attended: Collection[int],
    notes: str,
    agenda: Sequence[Section],
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> MeetingRecord:
    """Record that a meeting took place: who was there, and what was said. The first time keeps the agenda as it stands
    (`agenda`, of everything in its scope, whoever asks); later times correct the rest. The same again is quiet. One
    that was called off, or missed, can be entered too; missed it stays.

    Raises NotFound, Forbidden, Stale, Refused before its day, and Invalid.
    """
    opened = open_meeting(session, occasion_id, by=by)
    demand_day(opened, now)
    said = texts.prose("notes", notes, required=False)
    there = _present(session, opened, attended, by)
    row = opened.record
    if row is not None and row.held_at is not None and (row.notes, row.attended) == (said, there):
        return row
    demand_version(session, opened, seen)
    settle_missed(session, opened, now=now)
    first = row is None or row.held_at is None
    row = begin(session, opened, agenda, by=by, now=now)
    row.notes, row.attended = said, there
    return changed(session, opened, row, "held" if first else "noted", by=by, now=now, after={"there": len(there)})


def _present(session: Session, opened: OpenMeeting, attended: Collection[int], by: Viewer) -> list[int]:
    """Those who were there: of the people of the rollout who see the place, and, of those whom whoever records it may
    not know, the ones who were noted before.
    """
    rollout, extent = opened.opened.occasion.rollout_id, by.locations(opened.opened.occasion.rollout_id)
    people = {one.person: one for one in everybody(session, rollout)}
    before = set(opened.record.attended) if opened.record else set()
    hidden = {one for one in before if one in people and not known(people[one], rollout, extent)}
    strangers = [
        one
        for one in set(attended) - before
        if one not in people or not people[one].can(Permission.SEE_PLAN, **opened.place)
    ]
    if strangers:
        raise Invalid({"attended": "Choose people of this rollout."})
    return sorted({*attended, *hidden})


def call_off(
    session: Session, occasion_id: int, *, reason: str, seen: int | None, by: Viewer, now: datetime
) -> MeetingRecord:
    """Say that a meeting does not take place, and why; of one that was missed, why it was. The same again is quiet.

    Raises NotFound, Forbidden, Stale, Refused for one that was held, and Invalid.
    """
    opened = open_meeting(session, occasion_id, by=by)
    row, said = opened.record, texts.prose("reason", reason)
    if row is not None and row.called_off_at is not None and row.called_off_reason == said:
        return row
    demand_version(session, opened, seen)
    if row is not None and row.held_at is not None:
        raise Refused("It was held. What was recorded stands.")
    settle_missed(session, opened, now=now)
    row = opened.record or new_record(opened)
    row.called_off_at, row.called_off_by, row.called_off_reason = now, by.person, said
    opened.opened.occasion.next_at = None
    session.add(opened.opened.occasion)
    return changed(session, opened, row, "called_off", by=by, now=now)


def redact_meeting(session: Session, occasion_id: int, *, part: Text, by: Viewer, now: datetime) -> None:
    """Take the notes away for good, or why it was called off: what should never have been written. It is kept nowhere;
    the event says who took which text away. Taken away already is quiet. Raises NotFound, Forbidden and Refused.
    """
    opened = open_meeting(session, occasion_id, by=by)
    row, column = opened.record, _COLUMN[part]
    if row is None or getattr(row, column) in ("", REDACTED):
        return
    setattr(row, column, REDACTED)
    changed(session, opened, row, "redacted", by=by, now=now, after={"part": part})
