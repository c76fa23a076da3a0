"""The tasks of a rollout as rows of plain columns: what every page that counts tasks starts from. One query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import Session, col

from app.models import Answer, Block, Completion, Skip, Task
from app.rules.progress import TaskFacts


class TaskRow(NamedTuple):
    """One task and what has been said of it. `awaits`: once completed, a second person has still to check or sign it;
    `judged` is the verdict on its own answer: pass, fail, unclear, or none.
    """

    id: int
    entry: str
    value: str
    title: str
    location_id: int | None
    wave: str
    workstream: str
    phase: str
    owner_role: str
    critical: bool
    awaits: bool
    begins: date | None
    due: date | None
    due_at: datetime | None
    late_at: datetime | None
    version: int
    completed_at: datetime | None
    completed_by: int | None
    skipped_at: datetime | None
    blocked_at: datetime | None
    block_reason: str | None
    block_expected: date | None
    judged: str | None

    @property
    def facts(self) -> TaskFacts:
        """What `app.rules.progress.state` needs, but for what the task waits for."""
        return TaskFacts(
            begins=self.begins,
            late_at=self.late_at,
            completed=self.completed_at is not None,
            skipped=self.skipped_at is not None,
            blocked=self.blocked_at is not None,
            failed=self.judged == "fail",
            awaits=self.awaits,
            begun=self.version > 1,
        )


def task_rows(
    session: Session, rollout_id: int, locations: Collection[int] | None, *only: ColumnElement[bool]
) -> list[TaskRow]:
    """The tasks of a rollout in the order of the playbook: those of the network and of the waves, and those of
    `locations` (None: of every location). `only` narrows them further.
    """
    statement = _columns().where(col(Task.rollout_id) == rollout_id, *only)
    if locations is not None:
        statement = statement.where(or_(col(Task.location_id).is_(None), col(Task.location_id).in_(locations)))
    found = session.execute(statement.order_by(col(Task.position), col(Task.value), col(Task.id)))
    return [TaskRow._make(row) for row in found]


def _columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Task.id),
            col(Task.entry),
            col(Task.value),
            col(Task.title),
            col(Task.location_id),
            col(Task.wave),
            col(Task.workstream),
            col(Task.phase),
            col(Task.owner_role),
            col(Task.critical),
            col(Completion.settled_at).is_(None),
            col(Task.begins),
            col(Task.due),
            col(Task.due_at),
            col(Task.late_at),
            col(Task.version),
            col(Completion.at),
            col(Completion.by_id),
            col(Skip.at),
            col(Block.at),
            col(Block.reason),
            col(Block.expected),
            col(Answer.judged),
        )
        .outerjoin(Completion, col(Completion.task_id) == col(Task.id))
        .outerjoin(Skip, col(Skip.task_id) == col(Task.id))
        .outerjoin(Block, and_(col(Block.task_id) == col(Task.id), col(Block.lifted_at).is_(None)))
        .outerjoin(Answer, and_(col(Answer.task_id) == col(Task.id), col(Answer.path) == ""))
    )
