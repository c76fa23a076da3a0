"""Who is present when: duties of the rotas, and locations that learn from one that is live."""

from datetime import date, datetime
from typing import Optional

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.models.columns import UTCDateTime, unique_where


class Duty(SQLModel, table=True):
    """Somebody is on duty for one cover of the playbook, from one instant to another. `day` is the day of the place on
    which it begins; `on_call`: of a cover that asks for the whole day; `instead_of` whom they stand in for. Called off,
    the row stays with the reason.
    """

    __tablename__ = "duty"
    __table_args__ = (
        Index("ix_duty_occasion", "occasion_id", "from_at"),
        Index("ix_duty_person", "person_id", "from_at"),
        Index("ix_duty_rollout", "rollout_id", "until_at"),
        unique_where("uq_duty_standing", "occasion_id", "person_id", "from_at", where="ended_at IS NULL"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    occasion_id: int = Field(foreign_key="occasion.id")
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    entry: str
    person_id: int = Field(foreign_key="person.id")
    role: str
    day: date
    from_at: datetime = Field(sa_type=UTCDateTime)
    until_at: datetime = Field(sa_type=UTCDateTime)
    on_call: bool = False
    instead_of: Optional[int] = Field(default=None, foreign_key="person.id")
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    ended_by: Optional[int] = Field(default=None, foreign_key="person.id")
    ended_reason: str = Field(default="", sa_type=Text)


class Mentorship(SQLModel, table=True):
    """A location learns from one that is live: a mentor (`kind` mentor, a person) or a visit there (`visit`, a day)."""

    __tablename__ = "mentorship"
    __table_args__ = (Index("ix_mentorship_rollout", "rollout_id", "location_id"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: int = Field(foreign_key="location.id")
    from_location_id: int = Field(foreign_key="location.id")
    kind: str
    person_id: Optional[int] = Field(default=None, foreign_key="person.id")
    day: Optional[date] = None
    note: str = Field(default="", sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    held_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
