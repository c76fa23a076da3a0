"""Training: who works at a place, the sessions they are asked to, and what they have shown that they can do."""

from datetime import date, datetime
from typing import Optional

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.models.columns import UTCDateTime, Versioned, unique_where


class StaffMember(Versioned, table=True):
    """Somebody who works at a location in a role of many people. Most need no account; `person_id` where one has.

    `number` is what the location calls them by, and tells two of one name apart; `shift` is the shift they work.
    """

    __tablename__ = "staff_member"
    __table_args__ = (
        unique_where("uq_staff_member_number", "location_id", "number", where="left_at IS NULL"),
        Index("ix_staff_member_rollout", "rollout_id", "location_id", "role"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: int = Field(foreign_key="location.id")
    number: str
    name: str
    role: str
    email: str = ""
    shift: str = ""
    person_id: Optional[int] = Field(default=None, foreign_key="person.id", index=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    left_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class RosterDay(SQLModel, table=True):
    """Somebody of the staff works on that day, in that shift."""

    __tablename__ = "roster_day"
    __table_args__ = (
        unique_where("uq_roster_day_standing", "staff_id", "day", "shift", where="ended_at IS NULL"),
        Index("ix_roster_day_place", "location_id", "day"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff_member.id")
    location_id: int = Field(foreign_key="location.id")
    day: date
    shift: str = ""
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class TrainingSession(Versioned, table=True):
    """One sitting of a training of the playbook: when, where, how long (minutes), for how many, and who teaches.

    No location: people of every location may come. `held_at` is when attendance was closed.
    """

    __tablename__ = "training_session"
    __table_args__ = (Index("ix_training_session_place", "rollout_id", "location_id", "entry"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    entry: str
    starts_at: datetime = Field(sa_type=UTCDateTime)
    minutes: int
    place: str = ""
    seats: Optional[int] = None
    trainer_id: Optional[int] = Field(default=None, foreign_key="person.id")
    recording: str = Field(default="", sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    held_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    held_by: Optional[int] = Field(default=None, foreign_key="person.id")
    called_off_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    called_off_reason: str = Field(default="", sa_type=Text)


class Enrolment(SQLModel, table=True):
    """Somebody of the staff is asked to a session; `attended` once it was noted whether they came."""

    __tablename__ = "enrolment"
    __table_args__ = (unique_where("uq_enrolment_standing", "session_id", "staff_id", where="ended_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="training_session.id", index=True)
    staff_id: int = Field(foreign_key="staff_member.id", index=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    invited_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    attended: Optional[bool] = None
    noted_by: Optional[int] = Field(default=None, foreign_key="person.id")
    noted_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class TrainingResult(SQLModel, table=True):
    """Something that somebody of the staff has shown for one training: the recording watched (`recording`), one piece
    of practice (`practice`, with the line of the playbook that it counts for) or the competency check (`check`, with
    its score in percent). Taken back, the row stays.
    """

    __tablename__ = "training_result"
    __table_args__ = (Index("ix_training_result_staff", "staff_id", "entry", "kind"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff_member.id")
    entry: str
    kind: str
    line: str = ""
    passed: bool
    score: Optional[int] = None
    note: str = Field(default="", sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    withdrawn_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Pairing(SQLModel, table=True):
    """Somebody of the staff has a buddy from `first` to `last`, as a training of the playbook asks for."""

    __tablename__ = "pairing"
    __table_args__ = (unique_where("uq_pairing_standing", "staff_id", "entry", where="ended_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff_member.id")
    entry: str
    buddy_id: int = Field(foreign_key="person.id", index=True)
    first: date
    last: date
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
