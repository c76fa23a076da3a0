"""A task of a running rollout, and what people have said about it. Every state is a row with who and when."""

from datetime import date, datetime
from typing import Any, Final, Optional

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import Attached, JSONDoc, UTCDateTime, Versioned, unique_where

STANDS: Final = "voided_at IS NULL AND withdrawn_at IS NULL"


class Task(Versioned, table=True):
    """One task at one place. `entry` is its id in the playbook; `value` its `each` value or its occurrence's date.

    `why` says why it is due that day; `late_at` is the first instant at which it is late (None = never).
    `verified` and `signed` say that a second person's check or a signature is asked for before it counts as done.
    `first_begins` and `first_due` are its dates when it was first planned. A task that somebody added by hand
    (`added`) is in no playbook: its text is `how`, its id `added-<n>`. `begun`: something has been recorded of the
    work itself, which being assigned or moved is not. `playbook_version_id` is the version under which it was done,
    where its place has been brought to a newer one since (None: that of its place), and `known_as` its id in that
    one, where the newer calls it otherwise; `retired_at` is when a newer version no longer had it.
    """

    __tablename__ = "task"
    __table_args__ = (
        unique_where("uq_task_location", "location_id", "entry", "wave", "value", where="location_id IS NOT NULL"),
        unique_where("uq_task_network", "rollout_id", "entry", "wave", "value", where="location_id IS NULL"),
        Index("ix_task_rollout_due", "rollout_id", "due"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    wave: str = ""
    entry: str
    value: str = ""
    position: int = 0
    title: str
    scope: str
    owner_role: str
    workstream: str = ""
    phase: str = ""
    critical: bool = False
    optional: bool = False
    verified: bool = False
    signed: bool = False
    begins: Optional[date] = None
    due: Optional[date] = None
    due_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    late_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    first_begins: Optional[date] = None
    first_due: Optional[date] = None
    why: str = Field(default="", sa_type=Text)
    unclear: bool = False
    begun: bool = False
    added: bool = False
    how: str = Field(default="", sa_type=Text)
    playbook_version_id: Optional[int] = Field(default=None, foreign_key="playbook_version.id")
    known_as: str = ""
    retired_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Assignment(SQLModel, table=True):
    """A task is this person's, rather than everybody's who holds the role of its owner."""

    __tablename__ = "assignment"

    id: Optional[int] = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)


class Pin(SQLModel, table=True):
    """Dates that somebody set by hand for a task, in place of those that follow from the playbook.

    `upgrade_id`: a newer version of the playbook brought the task when its day had passed, and asked for another.
    """

    __tablename__ = "pin"

    id: Optional[int] = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", unique=True)
    begins: Optional[date] = None
    due: date
    reason: str = Field(sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    upgrade_id: Optional[int] = Field(default=None, foreign_key="upgrade.id")


class CheckItem(SQLModel, table=True):
    """A line of a task's checklist. `path` is its ids joined by dots.

    `at_version` is the task's version at the line's last change, so that two people ticking different lines of one
    form do not stand in each other's way.
    """

    __tablename__ = "check_item"
    __table_args__ = (UniqueConstraint("task_id", "path"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    path: str
    position: int = 0
    title: str
    optional: bool = False
    critical: bool = False
    at_version: int = 1
    checked_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    checked_by: Optional[int] = Field(default=None, foreign_key="person.id")


class Completion(SQLModel, table=True):
    """Somebody says that the task is done. Reopening removes the row; the events keep the story.

    It counts as done from `settled_at` on: at once, or when the checks and signatures that the playbook asks for have
    been given. Until then the task waits for them.
    """

    __tablename__ = "completion"

    id: Optional[int] = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", unique=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    settled_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Signature(SQLModel, table=True):
    """A second person has checked a completed task (`kind` verify) or signed it (`sign_off`), in one role.

    It is bound to what was signed: `content` is its canonical JSON, `sha256` the hash of that text. Nothing is
    deleted: one whose content changed afterwards is void, with what changed; one taken back by its signer says why.
    Only one that stands counts, each role once and each person once. `signed_as` is the role or the access by which
    the signer may: whoever directs the rollout may sign for a role that is somebody else's. `proof` is how the signer
    proved to be there.
    """

    __tablename__ = "signature"
    __table_args__ = (
        unique_where("uq_signature_role", "task_id", "kind", "role", where=STANDS),
        unique_where("uq_signature_person", "task_id", "by_id", where=STANDS),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    kind: str
    role: str
    signed_as: str
    meaning: str
    by_id: int = Field(foreign_key="person.id", index=True)
    name: str
    at: datetime = Field(sa_type=UTCDateTime)
    proof: str
    content: str = Field(sa_type=Text)
    sha256: str
    voided_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    voided_by: Optional[int] = Field(default=None, foreign_key="person.id")
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONDoc)
    withdrawn_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    withdrawn_reason: str = Field(default="", sa_type=Text)


class Skip(SQLModel, table=True):
    """The task does not apply here, and why (an optional one may go without a reason)."""

    __tablename__ = "skip"

    id: Optional[int] = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", unique=True)
    reason: str = Field(sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)


class Block(SQLModel, table=True):
    """The task cannot go on. At most one block of a task is not lifted.

    `waits_for` is whom or what it waits for, in words; `waits_for_task` and `waits_for_person` the task or the person,
    where it is one of the rollout. `at_version` is the task's version at the block's last change, so that two people
    who change different things of one task do not stand in each other's way.
    """

    __tablename__ = "block"
    __table_args__ = (unique_where("uq_block_open", "task_id", where="lifted_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    reason: str = Field(sa_type=Text)
    waits_for: str = Field(default="", sa_type=Text)
    waits_for_task: Optional[int] = Field(default=None, foreign_key="task.id")
    waits_for_person: Optional[int] = Field(default=None, foreign_key="person.id")
    at_version: int = 1
    expected: Optional[date] = None
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    lifted_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    lifted_by: Optional[int] = Field(default=None, foreign_key="person.id")


class Answer(SQLModel, table=True):
    """The present answer of a task (`path` empty) or of a line of its checklist; older ones are in the events."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("task_id", "path"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    path: str = ""
    value: Any = Field(default=None, sa_type=JSONDoc)
    judged: str
    at_version: int = 1
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)


class Evidence(Attached, table=True):
    """A file, photo or link attached to a task or to a line of its checklist. `sha256` names the stored content."""

    __tablename__ = "evidence"

    task_id: int = Field(foreign_key="task.id", index=True)
    path: str = ""
    kind: str
    url: str = Field(default="", sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    removed_by: Optional[int] = Field(default=None, foreign_key="person.id")
