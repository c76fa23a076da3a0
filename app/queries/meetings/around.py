"""What was agreed at a meeting, and the times before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.models import MeetingAction, MeetingRecord, Occasion, Task
from app.queries.meetings.lines import same_meeting
from app.queries.tasks.alone import is_open, with_what_was_said


@dataclass(frozen=True)
class ActionLine:
    """Something that was agreed there; `done`: it counts as done."""

    task: int
    title: str
    due: date | None
    late_at: datetime | None
    done: bool


def actions_of(session: Session, record: MeetingRecord | None) -> tuple[ActionLine, ...]:
    """What was agreed at a meeting, in the order in which it was."""
    if record is None:
        return ()
    statement = with_what_was_said(select(col(Task.id), col(Task.title), col(Task.due), col(Task.late_at), is_open()))
    statement = statement.join(MeetingAction, col(MeetingAction.task_id) == col(Task.id))
    rows = session.execute(statement.where(col(MeetingAction.record_id) == record.id).order_by(col(MeetingAction.id)))
    return tuple(ActionLine(id_, title, due, late_at, not still) for id_, title, due, late_at, still in rows)


def beside(session: Session, occasion: Occasion, *, later: bool) -> int | None:
    """The time of the same meeting before or after this one."""
    day, at = col(Occasion.due), col(Occasion.due_at)
    order = (day, at) if later else (day.desc(), at.desc())
    past = day > occasion.due if later else day < occasion.due
    statement = select(col(Occasion.id)).where(*same_meeting(occasion), past)
    found: int | None = session.execute(statement.order_by(*order).limit(1)).scalar()
    return found
