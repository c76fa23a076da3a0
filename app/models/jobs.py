"""Work that runs without a request."""

from datetime import datetime
from typing import Any, Optional

from sqlmodel import Field, SQLModel

from app.models.columns import JSONDoc, UTCDateTime


class Job(SQLModel, table=True):
    """`next_at` is when the worker may take it (None = nothing more to do); a claim holds until `claimed_until`.

    `done` of `total` rows are written (total 0 = not yet counted). `state` is waiting, running, finished or failed.
    """

    __tablename__ = "job"

    id: Optional[int] = Field(default=None, primary_key=True)
    kind: str
    rollout_id: Optional[int] = Field(default=None, foreign_key="rollout.id", index=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    state: str = "waiting"
    done: int = 0
    total: int = 0
    attempts: int = 0
    next_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime, index=True)
    claim: str = ""
    claimed_until: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    error: str = ""
    created_by: Optional[int] = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
