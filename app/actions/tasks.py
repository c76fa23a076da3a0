"""A task is completed, set aside as not applicable, or taken up again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, delete, select

from app.actions import texts
from app.actions.opening import OpenTask, changed, demand_version, finished, open_task
from app.errors import Refused
from app.models import Answer, Approval, Block, CheckItem, Completion, Evidence, Skip, Task
from app.rules.access import Viewer
from app.rules.approval import wanted
from app.rules.completion import Given, missing


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
    lacking = missing(opened.asked, _given(session, opened))
    if lacking:
        raise Refused("Something is still missing.", lacking)
    settled = now if wanted(opened.asked, ()) is None else None
    session.add(Completion(task_id=task_id, by_id=by.person, at=now, settled_at=settled))
    return changed(session, opened, "completed", by=by, now=now)


def skip_task(session: Session, task_id: int, *, reason: str, seen: int, by: Viewer, now: datetime) -> Task:
    """Say that a task does not apply here. Set aside already is quiet.

    An optional task needs no reason; a critical one cannot be set aside. Raises NotFound, Forbidden, Stale, Refused
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
    session.add(Skip(task_id=task_id, reason=reason, by_id=by.person, at=now))
    return changed(session, opened, "skipped", by=by, now=now, after={"reason": reason})


def reopen_task(session: Session, task_id: int, *, seen: int, by: Viewer, now: datetime) -> Task:
    """Take up a finished task again; checks and signatures fall. Open already is quiet.

    Raises NotFound, Forbidden and Stale.
    """
    opened = open_task(session, task_id, by=by)
    found = finished(session, opened)
    if found is None:
        return opened.task
    demand_version(session, opened, seen)
    state = "completed" if isinstance(found, Completion) else "skipped"
    before = {"state": state, "by": found.by_id, "at": found.at.isoformat()}
    session.delete(found)
    session.exec(delete(Approval).where(col(Approval.task_id) == task_id))
    return changed(session, opened, "reopened", by=by, now=now, before=before)


def open_block(session: Session, task_id: int) -> Block | None:
    """The block of a task that is not lifted."""
    return session.exec(select(Block).where(Block.task_id == task_id, col(Block.lifted_at).is_(None))).first()


def _given(session: Session, opened: OpenTask) -> Given:
    answers = session.exec(select(Answer.path).where(Answer.task_id == opened.id))
    files = session.exec(
        select(Evidence.path, Evidence.kind).where(Evidence.task_id == opened.id, col(Evidence.removed_at).is_(None))
    )
    lines = session.exec(select(CheckItem).where(CheckItem.task_id == opened.id)).all()
    return Given(
        answered=frozenset(answers),
        attached=tuple(files),
        lines=tuple(line.path for line in lines),
        checked=frozenset(line.path for line in lines if line.checked_at is not None),
    )
