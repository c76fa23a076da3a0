"""Messages to the outside: written with the change that causes them, sent by the worker at least once."""

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import JSONDoc, UTCDateTime


class Delivery(SQLModel, table=True):
    """One message to one person by one channel.

    `person_id` is its reader; of a message to somebody of the staff, who may have no account, whoever asked for it.
    `state` is waiting, sent, failed (refused for good, or given up) or dropped (its reader may no longer see it).
    The worker takes it when `next_at` has come and holds it until `claimed_until`; a claim that ran out is sent again
    with the same `message_id`. `channel` is mail, or app for one of the person's own (`channel_id`): then `address` is
    only what is shown of it. `key` tells it from every other: the same message is never queued twice. What a secret
    link needs stands in `data` until it is sent, and no longer.
    """

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_person", "person_id", "id"), Index("ix_delivery_rollout", "rollout_id", "id"))

    id: Optional[int] = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    channel: str = "mail"
    channel_id: Optional[int] = None
    person_id: int = Field(foreign_key="person.id")
    address: str
    rollout_id: Optional[int] = Field(default=None, foreign_key="rollout.id")
    event_id: Optional[int] = Field(default=None, foreign_key="event.id")
    subject_kind: str = ""
    subject_id: int = 0
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    message_id: str
    state: str = "waiting"
    urgent: bool = False
    attempts: int = 0
    next_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime, index=True)
    claim: str = ""
    claimed_until: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    error: str = ""
    created_at: datetime = Field(sa_type=UTCDateTime)
    sent_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Heartbeat(SQLModel, table=True):
    """When a worker last looked at what is due (row 1), and at the clocks of issues (row 2); any worker will do."""

    __tablename__ = "heartbeat"

    id: int = Field(default=1, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
