"""What has been said of one task: done, set aside, blocked, ticked, answered, attached. One query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.models import Answer, Block, CheckItem, Completion, Event, Evidence, Person, Signature, Skip
from app.rules.signoffs import WORK


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
    """Why the task cannot go on, or need not, since when, and until when that is expected.

    `waits_for` are words; `task` or `person` are whom or what it waits for, where that is known here.
    """

    reason: str
    expected: date | None
    by: str
    at: datetime
    waits_for: str = ""
    task: int | None = None
    person: int | None = None


@dataclass(frozen=True)
class SignatureLine:
    """A signature of the task, standing, void or withdrawn; `as_role` is the role or access its signer signed by."""

    id: int
    kind: str
    role: str
    as_role: str
    meaning: str
    person: int
    name: str
    at: datetime
    proof: str
    sha256: str
    content: str
    voided_at: datetime | None
    changes: tuple[dict[str, Any], ...]
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @property
    def stands(self) -> bool:
        return self.voided_at is None and self.withdrawn_at is None


def signatures(session: Session, task_id: int) -> tuple[SignatureLine, ...]:
    """Every signature of the task in the order they were given, void ones too."""
    found = session.exec(select(Signature).where(Signature.task_id == task_id).order_by(col(Signature.id)))
    return tuple(_signature(row) for row in found)


def _signature(row: Signature) -> SignatureLine:
    return SignatureLine(
        id=row.id or 0, kind=row.kind, role=row.role, as_role=row.signed_as, meaning=row.meaning, person=row.by_id,
        name=row.name, at=row.at, proof=row.proof, sha256=row.sha256, content=row.content, voided_at=row.voided_at,
        changes=tuple(row.changes), withdrawn_at=row.withdrawn_at, withdrawn_reason=row.withdrawn_reason,
    )  # fmt: skip


def workers(session: Session, task_id: int) -> frozenset[int]:
    """Everybody who ever did some of the work on it."""
    done = select(Event.actor_id).where(
        Event.subject_kind == "task", Event.subject_id == task_id, col(Event.verb).in_(WORK)
    )
    return frozenset(person for person in session.exec(done) if person is not None)


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
    if found is None:
        return None
    row, name = found
    return Stop(row.reason, row.expected, name, row.at, row.waits_for, row.waits_for_task, row.waits_for_person)


def added_by(session: Session, task_id: int) -> int | None:
    """Who added the task by hand."""
    added = select(Event.actor_id).where(
        Event.subject_kind == "task", Event.subject_id == task_id, Event.verb == "task.added"
    )
    return session.exec(added).first()


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
