"""The dates of everything in a plan that is not a task: groups, gates, milestones, freezes, training, runbooks."""

from datetime import date, datetime
from typing import Optional

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.models.columns import UTCDateTime, unique_where


class ScheduledEntry(SQLModel, table=True):
    """When one entry of the playbook happens at one place. `kind` is group, training, gate, milestone, freeze,
    selection or runbook; the other columns mean what they mean on a task.
    """

    __tablename__ = "scheduled_entry"
    __table_args__ = (
        unique_where(
            "uq_scheduled_entry_location", "location_id", "entry", "wave", "value", where="location_id IS NOT NULL"
        ),
        unique_where("uq_scheduled_entry_network", "rollout_id", "entry", "wave", "value", where="location_id IS NULL"),
        Index("ix_scheduled_entry_rollout_kind", "rollout_id", "kind"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    wave: str = ""
    entry: str
    value: str = ""
    position: int = 0
    kind: str
    title: str
    scope: str
    begins: Optional[date] = None
    due: Optional[date] = None
    due_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    late_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    first_begins: Optional[date] = None
    first_due: Optional[date] = None
    why: str = Field(default="", sa_type=Text)
    unclear: bool = False
