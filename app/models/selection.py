"""The choice of a wave's locations: what was answered of them, waivers of exclusions, the sets, and who signed."""

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.models.columns import JSONDoc, UTCDateTime, Versioned, unique_where


class SelectionRecord(Versioned, table=True):
    """One selection, from the first thing that was recorded of it; `dated_id` is its row in the schedule."""

    __tablename__ = "selection_record"

    id: Optional[int] = Field(default=None, primary_key=True)
    dated_id: int = Field(foreign_key="scheduled_entry.id", unique=True)
    rollout_id: int = Field(foreign_key="rollout.id", index=True)
    selection: str


class SelectionAnswer(SQLModel, table=True):
    """What somebody answered to an exclusion or criterion of a location, or (no location) of a set: `chosen` are the
    keys of the set's locations, for the answer about one set says nothing about another. Nothing is overwritten: a
    later answer takes the place of an earlier one (`replaced_at`), which stays.
    """

    __tablename__ = "selection_answer"
    __table_args__ = (
        unique_where(
            "uq_selection_answer_location",
            "record_id",
            "location_id",
            "part",
            "criterion",
            where="replaced_at IS NULL AND location_id IS NOT NULL",
        ),
        unique_where(
            "uq_selection_answer_set",
            "record_id",
            "chosen",
            "criterion",
            where="replaced_at IS NULL AND location_id IS NULL",
        ),
        Index("ix_selection_answer_record", "record_id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="selection_record.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    chosen: str = Field(default="", sa_type=Text)
    part: str
    criterion: str
    value: Any = Field(sa_type=JSONDoc)
    note: str = Field(default="", sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class SelectionWaiver(SQLModel, table=True):
    """An exclusion does not keep this location out, and why. Withdrawn it stays; at most one of each holds.

    `waived_as` is the role, or the access by which somebody who directs the rollout did it.
    """

    __tablename__ = "selection_waiver"
    __table_args__ = (
        unique_where(
            "uq_selection_waiver_holds", "record_id", "location_id", "exclusion", where="withdrawn_at IS NULL"
        ),
        Index("ix_selection_waiver_record", "record_id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="selection_record.id")
    location_id: int = Field(foreign_key="location.id")
    exclusion: str
    reason: str = Field(sa_type=Text)
    waived_as: str
    by_id: int = Field(foreign_key="person.id")
    name: str
    at: datetime = Field(sa_type=UTCDateTime)
    proof: str
    withdrawn_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    withdrawn_by: Optional[int] = Field(default=None, foreign_key="person.id")


class SelectionChoice(SQLModel, table=True):
    """A set that was proposed, with the whole scoring of that minute as canonical JSON and its SHA-256.

    One of a selection stands. Where what is frozen changes it is frozen anew in the next row, and `changes` says what
    was no longer so. `settled_at`: everybody whose signature is asked for has signed.
    """

    __tablename__ = "selection_choice"
    __table_args__ = (
        unique_where("uq_selection_choice_standing", "record_id", where="replaced_at IS NULL"),
        Index("ix_selection_choice_record", "record_id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="selection_record.id")
    number: int
    locations: list[int] = Field(sa_type=JSONDoc)
    content: str = Field(sa_type=Text)
    sha256: str = Field(index=True)
    proposed_by: int = Field(foreign_key="person.id")
    name: str
    proposed_at: datetime = Field(sa_type=UTCDateTime)
    frozen_at: datetime = Field(sa_type=UTCDateTime)
    settled_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONDoc)
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class SelectionSignature(SQLModel, table=True):
    """A signature under a set, for one role; void where the set was replaced or what it answers for has changed.

    `signed_as` is the role, or the access by which somebody who directs the rollout signed for it.
    """

    __tablename__ = "selection_signature"
    __table_args__ = (
        unique_where("uq_selection_signature_role", "choice_id", "role", where="voided_at IS NULL"),
        unique_where("uq_selection_signature_person", "choice_id", "by_id", where="voided_at IS NULL"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    choice_id: int = Field(foreign_key="selection_choice.id")
    role: str
    signed_as: str
    by_id: int = Field(foreign_key="person.id")
    name: str
    at: datetime = Field(sa_type=UTCDateTime)
    proof: str
    voided_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
