"""What people say to each other about a task."""

from datetime import datetime
from typing import Optional

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import UTCDateTime


class Comment(SQLModel, table=True):
    """A remark on a task. Taken away, it is shown no more; the row stays."""

    __tablename__ = "comment"

    id: Optional[int] = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    text: str = Field(sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    removed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    removed_by: Optional[int] = Field(default=None, foreign_key="person.id")


class Mention(SQLModel, table=True):
    """A comment calls somebody by name; it stands on that person's day until it is read or answered."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("comment_id", "person_id"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    comment_id: int = Field(foreign_key="comment.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    seen_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
