"""What recurs, dated: meetings, days to reconcile, stretches of cover, days on which training is caught up."""

from datetime import date, datetime
from typing import Optional

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from app.models.columns import UTCDateTime, unique_where


class Occasion(SQLModel, table=True):
    """One time that something of a kind (meeting, reconciliation, coverage, catch-up) happens at one place.

    A meeting and a day to reconcile have a row each time, cover and catch-up one for their whole stretch. `next_at` is
    when it counts as missed unless something was recorded by then, for the worker to look at; None: nothing more to
    do. The other columns mean what they mean on a task; `playbook_version_id` is the version under which it happened,
    where its place has been brought to a newer one since.
    """

    __tablename__ = "occasion"
    __table_args__ = (
        unique_where(
            "uq_occasion_location", "location_id", "kind", "entry", "wave", "value", where="location_id IS NOT NULL"
        ),
        unique_where(
            "uq_occasion_network", "rollout_id", "kind", "entry", "wave", "value", where="location_id IS NULL"
        ),
        Index("ix_occasion_place", "location_id", "kind", "due"),
        Index("ix_occasion_rollout", "rollout_id", "kind", "due"),
        Index(
            "ix_occasion_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    wave: str = ""
    kind: str
    entry: str
    value: str = ""
    position: int = 0
    title: str
    scope: str
    begins: Optional[date] = None
    due: Optional[date] = None
    due_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    late_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    first_begins: Optional[date] = None
    first_due: Optional[date] = None
    next_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    why: str = Field(default="", sa_type=Text)
    playbook_version_id: Optional[int] = Field(default=None, foreign_key="playbook_version.id")
