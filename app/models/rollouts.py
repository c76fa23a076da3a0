"""A rollout, and the locations it takes live."""

from datetime import date, datetime
from typing import Any, Literal, Optional

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import JSONDoc, UTCDateTime, Versioned


class Rollout(Versioned, table=True):
    """A playbook with a start day. Draft until somebody starts it, starting while its plan is being written."""

    __tablename__ = "rollout"

    id: Optional[int] = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    title: str
    playbook_version_id: int = Field(foreign_key="playbook_version.id")
    start: Optional[date] = None
    created_by: Optional[int] = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UTCDateTime)
    started_by: Optional[int] = Field(default=None, foreign_key="person.id")
    started_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    planned_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)

    @property
    def state(self) -> Literal["draft", "starting", "running"]:
        if self.planned_at is not None:
            return "running"
        return "draft" if self.started_at is None else "starting"


class Location(SQLModel, table=True):
    """A site of a rollout. `slug` is its id in the locations file; the playbook version is pinned at the start."""

    __tablename__ = "location"
    __table_args__ = (UniqueConstraint("rollout_id", "slug"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    slug: str
    name: str
    zone: str
    wave: str = ""
    position: int = 0
    attributes: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    calendar: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    cutover: Optional[str] = Field(default=None, sa_type=Text)
    cutover_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    playbook_version_id: Optional[int] = Field(default=None, foreign_key="playbook_version.id")

    def facts(self) -> dict[str, Any]:
        """The location as one row of a locations file: what the schedule needs to know of it."""
        own = {"id": self.slug, "name": self.name, "zone": self.zone, "wave": self.wave, "attributes": self.attributes}
        return {**own, **self.calendar, **({"cutover": self.cutover} if self.cutover else {})}
