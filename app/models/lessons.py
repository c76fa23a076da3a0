"""What was learnt, what it changes in the playbook, and the locations that were brought to a newer version."""

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import JSONDoc, UTCDateTime, Versioned


class Proposal(Versioned, table=True):
    """A change of the playbook that waits to be decided: the whole new text beside the version it was written for.

    `edits` are the changes in the order in which they were asked for, to be made once more in a newer version; one of
    kind `text` stands for whatever was written freely. Accepted, it is the version `result_id`; rejected, it keeps the
    reason.
    """

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("rollout_id", "number"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    number: int
    title: str
    base_id: int = Field(foreign_key="playbook_version.id")
    text: str = Field(sa_type=Text)
    edits: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONDoc)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    decided_by: Optional[int] = Field(default=None, foreign_key="person.id")
    decided_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    outcome: str = ""
    reason: str = Field(default="", sa_type=Text)
    result_id: Optional[int] = Field(default=None, foreign_key="playbook_version.id")


class Lesson(Versioned, table=True):
    """One line on what was learnt, and about what: a task, an issue, a day, a meeting.

    Judged, its `outcome` is noted (for the record), dismissed, or proposed: then `proposal_id` carries it on. Passed on
    (`told_at`) to whoever has not gone live, it may be read by everybody who works in the rollout.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint("rollout_id", "number"),
        Index("ix_lesson_waiting", "rollout_id", "judged_at"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    number: int
    said: str = Field(sa_type=Text)
    subject_kind: str = ""
    subject_id: Optional[int] = None
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    judged_by: Optional[int] = Field(default=None, foreign_key="person.id")
    judged_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    outcome: str = ""
    reason: str = Field(default="", sa_type=Text)
    proposal_id: Optional[int] = Field(default=None, foreign_key="proposal.id", index=True)
    redacted_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    told_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    told_by: Optional[int] = Field(default=None, foreign_key="person.id")


class Upgrade(SQLModel, table=True):
    """A location (none: the network and its waves) was brought from one version of the playbook to another.

    `choices` are the answers to its conflicts, `summary` how many entries were added, changed, kept and closed.
    """

    __tablename__ = "upgrade"

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id", index=True)
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    from_id: int = Field(foreign_key="playbook_version.id")
    to_id: int = Field(foreign_key="playbook_version.id")
    choices: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
