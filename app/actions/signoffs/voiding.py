"""Signatures that stand, and the fall of those whose content is no longer what was signed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session, col, select

from app.actions.loading import key_of
from app.actions.signoffs.contents import content_of
from app.models import Completion, Signature, Task
from app.plan import Playbook
from app.plan.format.tasks import Task as AskedTask
from app.rules.people.access import Viewer
from app.rules.signoffs import changes


def standing(session: Session, task_id: int) -> list[Signature]:
    """The signatures of a task that count."""
    statement = select(Signature).where(
        Signature.task_id == task_id, col(Signature.voided_at).is_(None), col(Signature.withdrawn_at).is_(None)
    )
    return list(session.exec(statement.order_by(col(Signature.id))))


def void_signatures(
    session: Session, task: Task, asked: AskedTask, playbook: Playbook, *, by: Viewer | None, now: datetime
) -> list[int]:
    """Mark every standing signature as void whose content is no longer what was signed; the task waits again.

    Returns the ids of those that fell. Call it after a change is flushed, in its transaction.
    """
    signed = standing(session, key_of(task)) if task.verified or task.signed else []
    if not signed:
        return []
    content = content_of(session, task, asked, playbook)
    fallen = []
    for row in signed:
        found = changes(row.content, content)
        if found:
            row.voided_at, row.voided_by = now, by.person if by else None
            row.changes = [asdict(change) for change in found]
            session.add(row)
            fallen.append(key_of(row))
    if fallen:
        _wait_again(session, key_of(task))
    return fallen


def _wait_again(session: Session, task_id: int) -> None:
    completion = session.exec(select(Completion).where(Completion.task_id == task_id)).first()
    if completion is not None:
        completion.settled_at = None
        session.add(completion)
    session.flush()
