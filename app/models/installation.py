"""The installation itself: one row, written once, that tells this database from an empty or a foreign one."""

import secrets
from datetime import datetime
from typing import Optional

from sqlmodel import Field, SQLModel

from app.models.columns import UTCDateTime


class Installation(SQLModel, table=True):
    """Row 1 only. `mark` also stands in a file of the data folder; `set_up_at` is when the first person joined.

    `link_key` signs the links in messages; a new one makes all of them void.
    """

    __tablename__ = "installation"

    id: int = Field(default=1, primary_key=True)
    mark: str
    link_key: str = Field(default_factory=lambda: secrets.token_hex(32))
    created_at: datetime = Field(sa_type=UTCDateTime)
    set_up_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    set_up_by: Optional[int] = Field(default=None, foreign_key="person.id")
