"""What a task holds at this moment: for the rule that says what is missing, and for signatures, bound to it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions.loading import key_of
from app.models import Answer, CheckItem, Completion, Evidence, Signature, Task
from app.plan import Playbook
from app.plan.format.tasks import Task as AskedTask
from app.rules.access import Viewer
from app.rules.completion import Given
from app.rules.signoffs import Content, changes, instructions


def given(session: Session, task_id: int) -> Given:
    """What has been recorded, for `app.rules.completion.missing`."""
    answers = session.exec(select(Answer.path).where(Answer.task_id == task_id))
    files = session.exec(select(Evidence.path, Evidence.kind).where(*_attached(task_id)))
    lines = session.exec(select(CheckItem).where(CheckItem.task_id == task_id)).all()
    return Given(
        answered=frozenset(answers),
        attached=tuple(files),
        lines=tuple(line.path for line in lines),
        checked=frozenset(line.path for line in lines if line.checked_at is not None),
    )


def content_of(session: Session, task: Task, asked: AskedTask, playbook: Playbook) -> Content:
    """Everything of a task that a signature answers for, as plain values with a canonical JSON.

    Paths of the checklist are ids joined by dots, the empty one is the task itself. Evidence is named by the hash of
    its content, or by its address.
    """
    task_id = key_of(task)
    completion = session.exec(select(Completion).where(Completion.task_id == task_id)).first()
    answers = session.exec(select(Answer).where(Answer.task_id == task_id)).all()
    evidence = session.exec(select(Evidence).where(*_attached(task_id))).all()
    ticked = session.exec(
        select(CheckItem.path).where(CheckItem.task_id == task_id, col(CheckItem.checked_at).is_not(None))
    )
    return {
        "playbook": {"id": playbook.id, "version": playbook.version},
        "task": {"id": task_id, "entry": task.entry, "value": task.value, "wave": task.wave},
        "instructions": instructions(asked),
        "completed": {"by": completion.by_id, "at": completion.at.isoformat()} if completion else {},
        "answers": {row.path or ".": row.value for row in answers},
        "ticks": dict.fromkeys(ticked, "ticked"),
        "evidence": {str(key_of(row)): _piece(row) for row in evidence},
    }


def _attached(task_id: int) -> tuple[Any, ...]:
    return Evidence.task_id == task_id, col(Evidence.removed_at).is_(None)


def _piece(row: Evidence) -> dict[str, str]:
    proof = {"url": row.url} if row.kind == "link" else {"file": row.file_name, "sha256": row.sha256}
    return {"at": row.path or ".", "kind": row.kind, **proof}


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
