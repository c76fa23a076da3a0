"""Operational trouble: what somebody reported, the clock it runs under, whom it climbs to, and what became of it."""

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.columns import Attached, JSONDoc, UTCDateTime, Versioned, unique_where


class Issue(Versioned, table=True):
    """One report. `number` is how people call it in its rollout.

    `law` is what holds for it, frozen when it was opened or its severity changed: clock, times, ladder and who may stop
    the clock (see `app.rules.issues.law`). `breach_at` is when its time to resolve runs out; None while its clock
    stands still. Somebody without an account (`by_id` None) says who they are in `caller`. `source` is where it came
    from: a person, the help desk, or a line of work that did not pass.
    """

    __tablename__ = "issue"
    __table_args__ = (
        UniqueConstraint("rollout_id", "number"),
        Index("ix_issue_open", "rollout_id", "closed_at", "breach_at"),
        Index("ix_issue_place", "location_id", "opened_at"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    number: int
    title: str
    details: str = Field(default="", sa_type=Text)
    severity: str
    kind: str = ""
    source: str = "person"
    by_id: Optional[int] = Field(default=None, foreign_key="person.id")
    caller: str = Field(default="", sa_type=Text)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    task_id: Optional[int] = Field(default=None, foreign_key="task.id", index=True)
    law: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    breach_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    holder_id: Optional[int] = Field(default=None, foreign_key="person.id", index=True)
    acknowledged_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    acknowledged_by: Optional[int] = Field(default=None, foreign_key="person.id")
    told_at: datetime = Field(sa_type=UTCDateTime)
    resolved_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    closed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Standstill(SQLModel, table=True):
    """The issue waits on somebody, and whether its clock stands still meanwhile. At most one has not ended."""

    __tablename__ = "standstill"
    __table_args__ = (unique_where("uq_standstill_open", "issue_id", where="until IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True)
    waits_for: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    stops_clock: bool = False
    by_id: int = Field(foreign_key="person.id")
    since: datetime = Field(sa_type=UTCDateTime)
    until: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    until_by: Optional[int] = Field(default=None, foreign_key="person.id")


class Resolution(SQLModel, table=True):
    """Somebody says that it is solved: why it happened and what was done. Confirmed, or reopened with a reason."""

    __tablename__ = "resolution"
    __table_args__ = (unique_where("uq_resolution_standing", "issue_id", where="reopened_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True)
    cause: str = Field(sa_type=Text)
    fix: str = Field(sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    confirmed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    confirmed_by: Optional[int] = Field(default=None, foreign_key="person.id")
    reopened_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    reopened_by: Optional[int] = Field(default=None, foreign_key="person.id")
    reopened_reason: str = Field(default="", sa_type=Text)


class IssueStep(SQLModel, table=True):
    """Something that an issue's clock will do at `due_at`, once: tell a rung, remind, or say that time has run out.

    `due_at` None: not while the clock stands still, or not yet. Done, or passed over, it is settled: `outcome` says
    which (told, spared, vacant, dropped), `told` to whom.
    """

    __tablename__ = "issue_step"
    __table_args__ = (
        Index(
            "ix_issue_step_due",
            "due_at",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index("ix_issue_step_issue", "issue_id", "id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id")
    kind: str
    number: int = 0
    to: list[list[str]] = Field(default_factory=list, sa_type=JSONDoc)
    said: str = ""
    since: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    unless: str = "resolved"
    due_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    settled_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    outcome: str = ""
    told: list[int] = Field(default_factory=list, sa_type=JSONDoc)
    by_id: Optional[int] = Field(default=None, foreign_key="person.id")


class IssueNote(SQLModel, table=True):
    """What people say about an issue. Taken away or redacted, the row stays."""

    __tablename__ = "issue_note"

    id: Optional[int] = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True)
    said: str = Field(sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    redacted_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class IssueFile(Attached, table=True):
    """A photo or file attached to an issue; `sha256` names the stored content."""

    __tablename__ = "issue_file"

    issue_id: int = Field(foreign_key="issue.id", index=True)
    by_id: Optional[int] = Field(default=None, foreign_key="person.id")


class SameIssue(SQLModel, table=True):
    """Another location has the same problem."""

    __tablename__ = "same_issue"
    __table_args__ = (UniqueConstraint("issue_id", "location_id"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id")
    location_id: int = Field(foreign_key="location.id", index=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)


class Notice(SQLModel, table=True):
    """A line of somebody's inbox: what happened, to which thing, by whose doing, and whether it has been seen.
    `key` tells it from every other, so that nothing is told twice.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notice_person", "person_id", "id"),
        Index(
            "ix_notice_unseen",
            "person_id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    key: str
    person_id: int = Field(foreign_key="person.id")
    kind: str
    rollout_id: Optional[int] = Field(default=None, foreign_key="rollout.id")
    subject_kind: str
    subject_id: int
    said: str = ""
    by_name: str = ""
    at: datetime = Field(sa_type=UTCDateTime)
    seen_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Channel(SQLModel, table=True):
    """A way to reach somebody beside mail: Slack, Teams, a text message, a web hook.

    `url` is what the sender needs, and a secret; `secret` is the key by which a web hook proves who calls it; `kinds`
    are the kinds of message that go this way.
    """

    __tablename__ = "channel"

    id: Optional[int] = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str
    url: str = Field(sa_type=Text)
    secret: str = ""
    kinds: list[str] = Field(default_factory=list, sa_type=JSONDoc)
    made_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Intake(SQLModel, table=True):
    """The public help-desk link of one location. Its token is on a poster on the wall, and so no secret: it opens a
    form that creates and never reads, and is taken back by a new one.
    """

    __tablename__ = "intake"
    __table_args__ = (unique_where("uq_intake_open", "location_id", where="ended_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    location_id: int = Field(foreign_key="location.id", index=True)
    token: str = Field(unique=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class IntakeUse(SQLModel, table=True):
    """A report that came by a help-desk link, kept while it counts towards the throttle. `form` tells one sending of
    the form from the next, so that the same one again makes no second issue.
    """

    __tablename__ = "intake_use"
    __table_args__ = (
        UniqueConstraint("intake_id", "form"),
        Index("ix_intake_use_intake_at", "intake_id", "at"),
        Index("ix_intake_use_address_at", "address", "at"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    intake_id: int = Field(foreign_key="intake.id")
    issue_id: int = Field(foreign_key="issue.id")
    form: str
    address: str
    at: datetime = Field(sa_type=UTCDateTime)
