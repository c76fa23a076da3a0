"""Lines of a task's checklist are ticked and unticked.

Two people may tick different lines of one form at the same time: only a line that was itself changed after the form
was drawn is stale.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from app.actions.events import stale
from app.actions.tasks.opening import OpenTask, changed, demand_changeable, open_task
from app.errors import NotFound
from app.models import CheckItem, Task
from app.rules.people.access import Viewer


def check_item(session: Session, task_id: int, path: str, *, seen: int, by: Viewer, now: datetime) -> Task:
    """Tick a line. Ticked already is quiet. Raises NotFound, Forbidden, Stale, and Refused on a finished task."""
    return _set(session, task_id, path, ticked=True, seen=seen, by=by, now=now)


def uncheck_item(session: Session, task_id: int, path: str, *, seen: int, by: Viewer, now: datetime) -> Task:
    """Take a tick back. Not ticked is quiet. Raises NotFound, Forbidden, Stale, and Refused on a finished task."""
    return _set(session, task_id, path, ticked=False, seen=seen, by=by, now=now)


def _set(session: Session, task_id: int, path: str, *, ticked: bool, seen: int, by: Viewer, now: datetime) -> Task:
    opened = open_task(session, task_id, by=by)
    opened.part(path)
    line = _line(session, opened, path)
    if (line.checked_at is not None) == ticked:
        return opened.task
    demand_changeable(session, opened, seen)
    if line.at_version > seen:
        raise stale(session, ("task", opened.id))
    line.checked_at, line.checked_by = (now, by.person) if ticked else (None, None)
    line.at_version = opened.task.version + 1
    session.add(line)
    verb = "item_checked" if ticked else "item_unchecked"
    return changed(session, opened, verb, by=by, now=now, after={"item": path, "title": line.title})


def _line(session: Session, opened: OpenTask, path: str) -> CheckItem:
    statement = select(CheckItem).where(CheckItem.task_id == opened.id, CheckItem.path == path)
    line = session.exec(statement).first()
    if line is None:
        raise NotFound("line of the checklist")
    return line
