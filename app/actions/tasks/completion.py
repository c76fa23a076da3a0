"""A task is completed, set aside as not applicable, or taken up again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.locations.deviating import demand_undeviating
from app.actions.signoffs.contents import given
from app.actions.tasks.added import demand_author
from app.actions.tasks.blocks import open_block, tell_who_waits
from app.actions.tasks.opening import changed, demand_version, finished, open_task
from app.actions.upgrades.reopening import renew_task
from app.errors import Refused
from app.models import Completion, Skip, Task
from app.rules.people.access import Viewer
from app.rules.signoffs import wanted
from app.rules.tasks.completion import missing


def complete_task(session: Session, task_id: int, *, seen: int, by: Viewer, now: datetime) -> Task:
    """Say that a task is done. Said already is quiet. It waits where a check or a signature is asked for.

    Raises NotFound, Forbidden, Stale, and Refused with everything that is still missing.
    """
    opened = open_task(session, task_id, by=by)
    found = finished(session, opened)
    if isinstance(found, Completion):
        return opened.task
    demand_version(session, opened, seen)
    if found is not None:
        raise Refused("This task was set aside as not applicable. Reopen it first.")
    if open_block(session, task_id) is not None:
        raise Refused("This task is blocked. Lift the block first.")
    lacking = missing(opened.asked, given(session, opened.id))
    if lacking:
        raise Refused("Something is still missing.", lacking)
    settled = now if wanted(opened.asked, ()) is None else None
    session.add(Completion(task_id=task_id, by_id=by.person, at=now, settled_at=settled))
    if settled:
        tell_who_waits(session, opened.task, by=by, now=now)
    return changed(session, opened, "completed", by=by, now=now)


def skip_task(session: Session, task_id: int, *, reason: str, seen: int, by: Viewer, now: datetime) -> Task:
    """Say that a task does not apply here. Set aside already is quiet.

    An optional task needs no reason; a critical one cannot be set aside, and one that was added by hand only by whoever
    added it or keeps the plan. Raises NotFound, Forbidden, Stale, Refused
    and Invalid.
    """
    opened = open_task(session, task_id, by=by)
    reason = texts.prose("reason", reason, required=not opened.task.optional)
    found = finished(session, opened)
    if isinstance(found, Skip):
        return opened.task
    demand_version(session, opened, seen)
    if found is not None:
        raise Refused("This task is done. Reopen it first.")
    if opened.task.critical:
        raise Refused("This task is critical: it cannot be set aside.")
    if opened.task.added:
        demand_author(session, opened.task, by)
    elif not opened.task.optional:
        demand_undeviating(session, opened.rollout, opened.location)
    tell_who_waits(session, opened.task, by=by, now=now)
    session.add(Skip(task_id=task_id, reason=reason, by_id=by.person, at=now))
    return changed(session, opened, "skipped", by=by, now=now, after={"reason": reason})


def reopen_task(session: Session, task_id: int, *, seen: int, by: Viewer, now: datetime) -> Task:
    """Take up a finished task again; its signatures fall. Open already is quiet. What was done under an older version
    of the playbook is asked for as its place asks for it now.

    Raises NotFound, Forbidden, Stale, and Refused for what the playbook no longer has.
    """
    opened = open_task(session, task_id, by=by)
    found = finished(session, opened)
    if found is None:
        return opened.task
    demand_version(session, opened, seen)
    state = "completed" if isinstance(found, Completion) else "skipped"
    before = {"state": state, "by": found.by_id, "at": found.at.isoformat()}
    session.delete(found)
    session.flush()
    task = changed(session, opened, "reopened", by=by, now=now, before=before)
    renew_task(session, opened, by=by, now=now)
    return task
