"""Gates as they were held: what was answered, the evidence as it was frozen, votes, conditions, decisions."""

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from app.models.columns import Attached, JSONDoc, UTCDateTime, Versioned, unique_where


class GateRecord(Versioned, table=True):
    """One gate at one place, from the first thing that was recorded of it; `dated_id` is its row in the schedule.

    A vote is open while `opened_at` is set. `next_at` is when the worker looks at it again: at the evidence of an open
    vote, and at the end of a condition.
    """

    __tablename__ = "gate_record"
    __table_args__ = (
        Index("ix_gate_record_rollout", "rollout_id", "location_id"),
        Index(
            "ix_gate_record_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    dated_id: int = Field(foreign_key="scheduled_entry.id", unique=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    wave: str = ""
    gate: str
    opened_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    opened_by: Optional[int] = Field(default=None, foreign_key="person.id")
    next_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class GateAnswer(SQLModel, table=True):
    """What somebody answered to a criterion. Nothing is overwritten: a later answer takes the place of an earlier one
    (`replaced_at`), which stays. `criterion` is the id, with `.n` for the nth of alternatives.
    """

    __tablename__ = "gate_answer"
    __table_args__ = (
        unique_where("uq_gate_answer_standing", "record_id", "criterion", where="replaced_at IS NULL"),
        Index("ix_gate_answer_record", "record_id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="gate_record.id")
    criterion: str
    value: Any = Field(sa_type=JSONDoc)
    note: str = Field(default="", sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class GateFile(Attached, table=True):
    """A file or a link (`url`) that proves an answer; removed, the row stays and so does the content."""

    __tablename__ = "gate_file"

    record_id: int = Field(foreign_key="gate_record.id", index=True)
    criterion: str
    url: str = ""
    by_id: int = Field(foreign_key="person.id")


class GatePack(SQLModel, table=True):
    """The evidence as it stood when a vote was opened, or opened anew: canonical JSON and its SHA-256.

    At most one of a gate is in force. `changes` is what was no longer so when it went out of force by itself.
    """

    __tablename__ = "gate_pack"
    __table_args__ = (
        unique_where("uq_gate_pack_in_force", "record_id", where="ended_at IS NULL"),
        Index("ix_gate_pack_record", "record_id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="gate_record.id")
    number: int
    frozen_at: datetime = Field(sa_type=UTCDateTime)
    frozen_by: Optional[int] = Field(default=None, foreign_key="person.id")
    content: str = Field(sa_type=Text)
    sha256: str = Field(index=True)
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONDoc)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class GateVote(SQLModel, table=True):
    """A vote for one role, bound to the pack that was read. Nothing is deleted: one that falls with its pack is void,
    one that its voter took back is withdrawn. Of those that stand each role has one and each person casts one.

    `voted_as` is the role, or the access by which somebody who directs the rollout voted for it; `instead_of` names
    whom a stand-in stood in for.
    """

    __tablename__ = "gate_vote"
    __table_args__ = (
        unique_where("uq_gate_vote_role", "record_id", "role", where="voided_at IS NULL AND withdrawn_at IS NULL"),
        unique_where("uq_gate_vote_person", "record_id", "by_id", where="voided_at IS NULL AND withdrawn_at IS NULL"),
        Index("ix_gate_vote_record", "record_id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="gate_record.id")
    pack_id: int = Field(foreign_key="gate_pack.id", index=True)
    role: str
    voted_as: str
    instead_of: str = ""
    vote: str
    comment: str = Field(default="", sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    name: str
    at: datetime = Field(sa_type=UTCDateTime)
    proof: str
    voided_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    withdrawn_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class GateCondition(SQLModel, table=True):
    """What a go carries: work that is still to be done (`criterion` empty), or the waiver of a criterion.

    It is asked for, then accepted or refused by whoever decides; accepted it is met in time, or it expires and closes
    the gate. `instead` is the compensating action.
    """

    __tablename__ = "gate_condition"
    __table_args__ = (Index("ix_gate_condition_record", "record_id"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="gate_record.id")
    criterion: str = ""
    what: str = Field(sa_type=Text)
    instead: str = Field(sa_type=Text)
    risk: str = Field(default="", sa_type=Text)
    owner_id: int = Field(foreign_key="person.id")
    expires_at: datetime = Field(sa_type=UTCDateTime)
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UTCDateTime)
    accepted_by: Optional[int] = Field(default=None, foreign_key="person.id")
    accepted_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    refused_by: Optional[int] = Field(default=None, foreign_key="person.id")
    refused_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    refusal: str = Field(default="", sa_type=Text)
    met_by: Optional[int] = Field(default=None, foreign_key="person.id")
    met_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    met_how: str = Field(default="", sa_type=Text)
    expired_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class GateDecision(SQLModel, table=True):
    """What was decided at a gate: go, go with conditions, no-go or deferred, with the whole record of that minute as
    canonical JSON and its SHA-256. The last one that neither fell nor was replaced stands.

    `fell_at`: a condition of it expired unmet.
    """

    __tablename__ = "gate_decision"
    __table_args__ = (
        unique_where("uq_gate_decision_standing", "record_id", where="replaced_at IS NULL"),
        Index("ix_gate_decision_record", "record_id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="gate_record.id")
    pack_id: Optional[int] = Field(default=None, foreign_key="gate_pack.id")
    outcome: str
    reason: str = Field(default="", sa_type=Text)
    decided_as: str
    by_id: int = Field(foreign_key="person.id")
    name: str
    at: datetime = Field(sa_type=UTCDateTime)
    proof: str
    content: str = Field(sa_type=Text)
    sha256: str = Field(index=True)
    fell_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
