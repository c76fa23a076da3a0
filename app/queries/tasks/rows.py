"""The tasks of a rollout as rows of plain columns: what every page that counts tasks starts from. One query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session, col

from app.models import Answer, Assignment, Block, Completion, Skip, Task
from app.queries.tasks.alone import late_at, of_rollout, with_what_was_said
from app.queries.tasks.ownership import with_assignment
from app.rules.tasks.progress import TaskFacts

IN_ORDER: Final = (col(Task.position), col(Task.value), col(Task.id))
BY_DUE: Final = (col(Task.due).is_(None), col(Task.due), *IN_ORDER)


class TaskRow(NamedTuple):
    """One task and what has been said of it. `awaits`: once completed, a second person has still to check or sign it;
    `judged` is the verdict on its own answer: pass, fail, unclear, or none. The last three mean what they mean on a
    task.
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
    added: bool
    awaits: bool
    begun: bool
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
    block_waits_for: str | None
    block_task: int | None
    judged: str | None
    assigned_to: int | None
    playbook_version_id: int | None = None
    known_as: str = ""
    retired_at: datetime | None = None

    @property
    def facts(self) -> TaskFacts:
        """What `app.rules.tasks.progress.state` needs, but for what the task waits for."""
        return TaskFacts(
            begins=self.begins,
            late_at=self.late_at,
            completed=self.completed_at is not None,
            skipped=self.skipped_at is not None,
            blocked=self.blocked_at is not None,
            failed=self.judged == "fail",
            awaits=self.awaits,
            begun=self.begun,
        )


def task_rows(
    session: Session, rollout_id: int, locations: Collection[int] | None, *only: ColumnElement[bool]
) -> list[TaskRow]:
    """The tasks of a rollout in the order of the playbook: those of the network and of the waves, and those of
    `locations` (None: of every location). `only` narrows them further.
    """
    statement = of_rollout(_columns(), rollout_id, locations).where(*only)
    return _rows(session, statement.order_by(*IN_ORDER))


def stored_rows(session: Session, *only: ColumnElement[bool]) -> list[TaskRow]:
    """Tasks as they are stored, those of locations that have left the rollout too, in the order of the playbook."""
    return _rows(session, _columns().where(*only).order_by(*IN_ORDER))


def rows_by_due(
    session: Session,
    rollout_id: int,
    locations: Collection[int] | None,
    *only: ColumnElement[bool],
    offset: int = 0,
    limit: int | None = None,
) -> list[TaskRow]:
    """Some of the tasks by the day they are due, undated ones last: at most `limit` of them, after `offset` others.

    Their ids are found first: thousands would otherwise be sorted with all that is said of them.
    """
    if limit is None and not offset:
        return _rows(session, of_rollout(_columns(), rollout_id, locations).where(*only).order_by(*BY_DUE))
    found = with_assignment(with_what_was_said(select(col(Task.id))))
    page = of_rollout(found, rollout_id, locations).where(*only).order_by(*BY_DUE).offset(offset).limit(limit)
    return _rows(session, _columns().where(col(Task.id).in_(page)).order_by(*BY_DUE))


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[TaskRow]:
    return [TaskRow._make(row) for row in session.execute(statement)]


def _columns() -> Select[*tuple[Any, ...]]:
    statement = with_what_was_said(
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
            col(Task.added),
            col(Completion.settled_at).is_(None),
            col(Task.begun),
            col(Task.begins),
            col(Task.due),
            col(Task.due_at),
            late_at(),
            col(Task.version),
            col(Completion.at),
            col(Completion.by_id),
            col(Skip.at),
            col(Block.at),
            col(Block.reason),
            col(Block.expected),
            col(Block.waits_for),
            col(Block.waits_for_task),
            col(Answer.judged),
            col(Assignment.person_id),
            col(Task.playbook_version_id),
            col(Task.known_as),
            col(Task.retired_at),
        )
    )
    return with_assignment(statement)
