"""A rollout, and the locations it takes live."""

from datetime import date, datetime
from typing import Any, Literal, Optional

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import JSONDoc, UTCDateTime, Versioned, unique_where

RolloutState = Literal["draft", "starting", "running", "closed"]


class Rollout(Versioned, table=True):
    """A playbook with a start day. Draft until somebody starts it, starting while its plan is being written.

    Closed, it is read only. `follows_id` is the rollout from whose playbook and people it was made.
    """

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
    closed_by: Optional[int] = Field(default=None, foreign_key="person.id")
    closed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    closed_note: str = Field(default="", sa_type=Text)
    follows_id: Optional[int] = Field(default=None, foreign_key="rollout.id")

    @property
    def state(self) -> RolloutState:
        if self.closed_at is not None:
            return "closed"
        if self.planned_at is not None:
            return "running"
        return "draft" if self.started_at is None else "starting"


class Location(SQLModel, table=True):
    """A site of a rollout. `slug` is its id in the locations file; the playbook version is pinned at the start.

    Dropped, it stays in the history and leaves the counts. `first_cutover_at` is the cutover as first planned.
    """

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
    first_cutover_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    playbook_version_id: Optional[int] = Field(default=None, foreign_key="playbook_version.id")
    planned_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    dropped_by: Optional[int] = Field(default=None, foreign_key="person.id")
    dropped_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    dropped_reason: str = Field(default="", sa_type=Text)

    def facts(self) -> dict[str, Any]:
        """The location as one row of a locations file: what the schedule needs to know of it."""
        own = {"id": self.slug, "name": self.name, "zone": self.zone, "wave": self.wave, "attributes": self.attributes}
        return {**own, **self.calendar, **({"cutover": self.cutover} if self.cutover else {})}


class Pause(SQLModel, table=True):
    """A location stands still, and why. At most one pause of a location has not ended."""

    __tablename__ = "pause"
    __table_args__ = (unique_where("uq_pause_open", "location_id", where="ended_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    location_id: int = Field(foreign_key="location.id", index=True)
    reason: str = Field(sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    ended_by: Optional[int] = Field(default=None, foreign_key="person.id")


class Consent(SQLModel, table=True):
    """A location lets the others see what one entry of the playbook's `sharing` names. Given once, and revocable.

    `covers` are the ids of the tasks, workstreams and metrics that it named then: what it names later was not agreed
    to.
    """

    __tablename__ = "consent"
    __table_args__ = (unique_where("uq_consent_standing", "location_id", "sharing", where="withdrawn_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    location_id: int = Field(foreign_key="location.id", index=True)
    sharing: str
    covers: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    withdrawn_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    withdrawn_by: Optional[int] = Field(default=None, foreign_key="person.id")
