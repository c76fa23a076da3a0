"""What is agreed at a meeting becomes a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from app.actions.intents import once
from app.actions.loading import key_of
from app.actions.meetings.missing import settle_missed
from app.actions.meetings.opening import begin, changed, demand_day, open_meeting
from app.actions.tasks.added import add_task
from app.errors import Refused
from app.models import MeetingAction
from app.rules.meetings.agenda import Section
from app.rules.meetings.people import leading_roles
from app.rules.people.access import Viewer


def agree_action(
    session: Session,
    occasion_id: int,
    *,
    title: str,
    due: date | None,
    role: str = "",
    person: int | None = None,
    agenda: Sequence[Section],
    token: str = "",
    by: Viewer,
    now: datetime,
) -> MeetingAction:
    """Add a task at the place of the meeting, held by a role or by one person, and note that it was agreed there. The
    meeting is one that takes place then: its agenda is kept, as by `hold_meeting`. The same form (`token`) again is
    quiet.

    Raises NotFound, Forbidden, Refused before its day and for one that is called off, and Invalid.
    """
    opened = open_meeting(session, occasion_id, by=by)
    demand_day(opened, now)
    if opened.record is not None and opened.record.called_off_at is not None:
        raise Refused("It was called off. Say first that it was held.")

    def make() -> MeetingAction:
        occasion = opened.opened.occasion
        task = add_task(
            session, occasion.rollout_id, title=title, due=due, location_id=occasion.location_id, role=role,
            person=person, named=leading_roles(opened.meeting), by=by, now=now,
        )  # fmt: skip
        settle_missed(session, opened, now=now)
        record = begin(session, opened, agenda, by=by, now=now)
        row = MeetingAction(record_id=key_of(record), task_id=key_of(task), by_id=by.person, at=now)
        session.add(row)
        session.flush()
        changed(session, opened, record, "agreed", by=by, now=now, after={"task": task.id})
        return row

    asked = {"occasion": occasion_id, "title": title, "due": due, "role": role, "person": person}
    return once(session, token, MeetingAction, make, asked=asked, by=by, now=now)
