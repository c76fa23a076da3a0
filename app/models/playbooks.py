"""Uploaded playbooks: the text as it came, never changed."""

from datetime import datetime
from typing import Optional

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import UTCDateTime


class PlaybookVersion(SQLModel, table=True):
    """One version of one playbook. `sha256` is of the UTF-8 text; `app.rules.playbooks.parsed(text)` reads it."""

    __tablename__ = "playbook_version"
    __table_args__ = (UniqueConstraint("playbook_id", "version"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    playbook_id: str
    version: str
    title: str
    text: str = Field(sa_type=Text)
    sha256: str
    uploaded_by: Optional[int] = Field(default=None, foreign_key="person.id")
    uploaded_at: datetime = Field(sa_type=UTCDateTime)
