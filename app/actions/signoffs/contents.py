"""What a task holds at this moment: for the rule that says what is missing, and for signatures, bound to it."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from app.actions.loading import key_of
from app.models import Answer, CheckItem, Completion, Evidence, Task
from app.plan import Playbook
from app.plan.format.tasks import Task as AskedTask
from app.rules.signoffs import Content, instructions
from app.rules.tasks.completion import Given


def given(session: Session, task_id: int) -> Given:
    """What has been recorded, for `app.rules.tasks.completion.missing`."""
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
