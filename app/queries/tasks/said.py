"""What has been said of one task: done, set aside, blocked, ticked, answered, attached. One query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.models import Answer, Approval, Block, CheckItem, Completion, Evidence, Person, Skip


@dataclass(frozen=True)
class CheckLine:
    """A line of the checklist; `path` is its ids joined by dots, `checked_by` the name of whoever ticked it."""

    path: str
    title: str
    optional: bool
    critical: bool
    checked_at: datetime | None
    checked_by: str | None


@dataclass(frozen=True)
class AnswerLine:
    """The present answer of the task (`path` empty) or of a line."""

    path: str
    value: Any
    judged: str
    by: str
    at: datetime


@dataclass(frozen=True)
class EvidenceLine:
    """Something attached; `removed_at` is set for what was taken away and is listed no more."""

    id: int
    path: str
    kind: str
    file_name: str
    url: str
    size: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Stop:
    """Why the task cannot go on, since when, and until when it is expected to be so."""

    reason: str
    expected: date | None
    by: str
    at: datetime


@dataclass(frozen=True)
class ApprovalLine:
    """A second person has checked (`kind` verify) or signed (`sign_off`) it, for a role."""

    kind: str
    role: str
    person: int
    by: str
    at: datetime


def approvals(session: Session, task_id: int) -> tuple[ApprovalLine, ...]:
    """Checks and signatures in the order they were given."""
    found = session.exec(
        select(Approval, Person.name)
        .join(Person, col(Person.id) == col(Approval.by_id))
        .where(Approval.task_id == task_id)
        .order_by(col(Approval.id))
    )
    return tuple(ApprovalLine(row.kind, row.role, row.by_id, name, row.at) for row, name in found)


def completed_by(session: Session, task_id: int) -> str | None:
    """The name of whoever said that it is done."""
    return session.exec(
        select(Person.name)
        .join(Completion, col(Completion.by_id) == col(Person.id))
        .where(Completion.task_id == task_id)
    ).one_or_none()


def skipped(session: Session, task_id: int) -> Stop | None:
    """Why it does not apply here."""
    found = session.exec(
        select(Skip, Person.name).join(Person, col(Person.id) == col(Skip.by_id)).where(Skip.task_id == task_id)
    ).one_or_none()
    return Stop(found[0].reason, None, found[1], found[0].at) if found else None


def stop(session: Session, task_id: int) -> Stop | None:
    """The block that is not lifted."""
    found = session.exec(
        select(Block, Person.name)
        .join(Person, col(Person.id) == col(Block.by_id))
        .where(Block.task_id == task_id, col(Block.lifted_at).is_(None))
    ).one_or_none()
    return Stop(found[0].reason, found[0].expected, found[1], found[0].at) if found else None


def checklist(session: Session, task_id: int) -> tuple[CheckLine, ...]:
    """The lines in order."""
    found = session.exec(
        select(CheckItem, Person.name)
        .outerjoin(Person, col(Person.id) == col(CheckItem.checked_by))
        .where(CheckItem.task_id == task_id)
        .order_by(col(CheckItem.position), col(CheckItem.id))
    )
    return tuple(
        CheckLine(row.path, row.title, row.optional, row.critical, row.checked_at, name) for row, name in found
    )


def answers(session: Session, task_id: int) -> tuple[AnswerLine, ...]:
    """The present answers, of the task and of its lines."""
    found = session.exec(
        select(Answer, Person.name).join(Person, col(Person.id) == col(Answer.by_id)).where(Answer.task_id == task_id)
    )
    return tuple(AnswerLine(row.path, row.value, row.judged, name, row.at) for row, name in found)


def evidence(session: Session, task_id: int) -> tuple[EvidenceLine, ...]:
    """What is attached, in the order it came."""
    found = session.exec(
        select(Evidence, Person.name)
        .join(Person, col(Person.id) == col(Evidence.by_id))
        .where(Evidence.task_id == task_id, col(Evidence.removed_at).is_(None))
        .order_by(col(Evidence.id))
    )
    return tuple(
        EvidenceLine(row.id or 0, row.path, row.kind, row.file_name, row.url, row.size, name, row.at)
        for row, name in found
    )
