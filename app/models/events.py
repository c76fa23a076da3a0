"""What happened: one row a change, written with it. The database refuses to change or delete a row."""

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import JSONDoc, UTCDateTime


class Event(SQLModel, table=True):
    """`verb` is a past participle ("task.completed"); `actor_id` None is the worker.

    Rollout, location and subject carry no foreign key: history outlives what it speaks of.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_subject", "subject_kind", "subject_id", "id"),
        Index("ix_event_rollout", "rollout_id", "id"),
        Index("ix_event_location", "location_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    actor_id: Optional[int] = Field(default=None, foreign_key="person.id")
    verb: str
    rollout_id: Optional[int] = None
    location_id: Optional[int] = None
    subject_kind: str
    subject_id: int
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
