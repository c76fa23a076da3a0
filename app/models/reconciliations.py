"""The daily reconciliation: one record a place and day, its counts, and the files beside them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Optional

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.models.columns import Attached, DecimalText, JSONDoc, UTCDateTime, Versioned, unique_where


class Reconciliation(Versioned, table=True):
    """What became of one day to reconcile. A day of which nothing was recorded yet has only its occasion.

    Handed in by whoever counted, closed by a second person; `clean` says whether everything agreed then. Missed stays
    missed, also where the counts are entered later. Its lines and tolerances are those of the playbook version under
    which it began.
    """

    __tablename__ = "reconciliation"
    __table_args__ = (
        Index("ix_reconciliation_place", "location_id", "entry", "day"),
        # Holds all that the sum of a whole network is made of: its rows are not read for it.
        Index(
            "ix_reconciliation_rollout",
            "rollout_id",
            "day",
            "entry",
            "location_id",
            "clean",
            "missed_at",
            "reviewed_at",
            "counted_at",
        ),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    occasion_id: int = Field(foreign_key="occasion.id", unique=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    entry: str
    day: date
    playbook_version_id: int = Field(foreign_key="playbook_version.id")
    counted_by: Optional[int] = Field(default=None, foreign_key="person.id")
    counted_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    reviewed_by: Optional[int] = Field(default=None, foreign_key="person.id")
    reviewed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    clean: Optional[bool] = None
    missed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    issue_id: Optional[int] = Field(default=None, foreign_key="issue.id", index=True)


class ReconciliationCount(SQLModel, table=True):
    """What was counted for one line: both sides, or an answer. A correction is a row more; the old one keeps
    `replaced_at`. `source` is where it came from: form, file or api.
    """

    __tablename__ = "reconciliation_count"
    __table_args__ = (
        unique_where("uq_reconciliation_count_standing", "reconciliation_id", "line", where="replaced_at IS NULL"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    reconciliation_id: int = Field(foreign_key="reconciliation.id", index=True)
    line: str
    left: Optional[Decimal] = Field(default=None, sa_type=DecimalText)
    right: Optional[Decimal] = Field(default=None, sa_type=DecimalText)
    answer: Any = Field(default=None, sa_type=JSONDoc)
    within: bool
    reason: str = Field(default="", sa_type=Text)
    source: str = "form"
    issue_id: Optional[int] = Field(default=None, foreign_key="issue.id", index=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class ReconciliationFile(Attached, table=True):
    """A file beside the counts of a day, perhaps of one line; `sha256` names the stored content."""

    __tablename__ = "reconciliation_file"

    reconciliation_id: int = Field(foreign_key="reconciliation.id", index=True)
    line: str = ""
    by_id: int = Field(foreign_key="person.id")


class ReconciliationReturn(SQLModel, table=True):
    """The day was given back to be counted anew, and why: before it was closed by whoever checked it (`sent back`), or
    after that by whoever manages (`reopened`).
    """

    __tablename__ = "reconciliation_return"

    id: Optional[int] = Field(default=None, primary_key=True)
    reconciliation_id: int = Field(foreign_key="reconciliation.id", index=True)
    kind: str
    reason: str = Field(sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
