"""Meetings as they were held, what came of them, and the wins and concerns that they talk about."""

from datetime import date, datetime
from typing import Any, Optional

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import JSONDoc, UTCDateTime, Versioned


class MeetingRecord(Versioned, table=True):
    """What became of one occasion of a meeting: held, called off with a reason, or missed.

    `agenda` is what Muster put before the people when it was held, kept as it was; `attended` are people's ids.
    """

    __tablename__ = "meeting_record"
    __table_args__ = (Index("ix_meeting_record_rollout", "rollout_id", "day"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    occasion_id: int = Field(foreign_key="occasion.id", unique=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    entry: str
    day: date
    notes: str = Field(default="", sa_type=Text)
    agenda: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONDoc)
    attended: list[int] = Field(default_factory=list, sa_type=JSONDoc)
    held_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    held_by: Optional[int] = Field(default=None, foreign_key="person.id")
    called_off_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    called_off_by: Optional[int] = Field(default=None, foreign_key="person.id")
    called_off_reason: str = Field(default="", sa_type=Text)
    missed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class MeetingAction(SQLModel, table=True):
    """Something that was agreed at a meeting, and is a task since."""

    __tablename__ = "meeting_action"
    __table_args__ = (UniqueConstraint("record_id", "task_id"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="meeting_record.id")
    task_id: int = Field(foreign_key="task.id", index=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)


class Remark(SQLModel, table=True):
    """A win or a concern (`kind`), said where it came up: about a task, an issue, a day or a place.

    A concern is settled with what became of it. Redacted, the row stays without its text; taken back by whoever said
    it (`withdrawn_at`), it is shown no more.
    """

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_rollout", "rollout_id", "kind", "at"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    kind: str
    said: str = Field(sa_type=Text)
    subject_kind: str = ""
    subject_id: Optional[int] = None
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    settled_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    settled_by: Optional[int] = Field(default=None, foreign_key="person.id")
    outcome: str = Field(default="", sa_type=Text)
    redacted_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    withdrawn_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
