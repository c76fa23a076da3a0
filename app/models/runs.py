"""Runs of a runbook: rehearsed or live, their steps, and everything that happened, which is never edited."""

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import Attached, JSONDoc, UTCDateTime, Versioned, unique_where


class Run(Versioned, table=True):
    """One time that a runbook is run at its place, under the version of the playbook that held when it was made.

    `zero_at` is T of this run. `straight`: a rehearsal that waits for no hour of the plan. `broadcasts` is off, test or
    on. At most one run of a runbook at a place is not over. `returning_at` is when it was decided to go back;
    `outcome` is finished, backed-out or abandoned.
    """

    __tablename__ = "run"
    __table_args__ = (
        unique_where("uq_run_open", "dated_id", where="ended_at IS NULL"),
        Index("ix_run_rollout", "rollout_id", "location_id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    dated_id: int = Field(foreign_key="scheduled_entry.id", index=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    wave: str = ""
    runbook: str
    title: str = ""
    playbook_version_id: int = Field(foreign_key="playbook_version.id")
    number: int
    live: bool = False
    straight: bool = False
    broadcasts: str = "off"
    zero_at: datetime = Field(sa_type=UTCDateTime)
    window_begins: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    window_ends: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    done_by: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    margin_seconds: int = 0
    made_by: int = Field(foreign_key="person.id")
    made_at: datetime = Field(sa_type=UTCDateTime)
    returning_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    returning_by: Optional[int] = Field(default=None, foreign_key="person.id")
    returning_reason: str = Field(default="", sa_type=Text)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    ended_by: Optional[int] = Field(default=None, foreign_key="person.id")
    outcome: str = ""
    outcome_reason: str = Field(default="", sa_type=Text)


class RunStep(SQLModel, table=True):
    """One step of a run: as it was planned, who holds it, and where it stands, which follows from the run's entries.

    Lengths are seconds. `after` and `done_after` are lists of [step, "start" or "end", lag]. `baseline_*` are the times
    planned when the run was made; `planned_*` those of the plan as it is now, which a moved T moves. `lost_seconds` is
    what ended blocks took of a step that runs. `round` counts a repeated step from 1.
    """

    __tablename__ = "run_step"
    __table_args__ = (UniqueConstraint("run_id", "step"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    step: str
    back: bool = False
    number: int
    title: str
    groups: list[str] = Field(default_factory=list, sa_type=JSONDoc)
    takes: int = 0
    wait: int = 0
    not_before: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    after: list[Any] = Field(default_factory=list, sa_type=JSONDoc)
    done_after: list[Any] = Field(default_factory=list, sa_type=JSONDoc)
    no_return: bool = False
    critical: bool = False
    optional: bool = False
    undoes: str = ""
    undo_within: Optional[int] = None
    back_out_takes: int = 0
    baseline_begins: datetime = Field(sa_type=UTCDateTime)
    baseline_ends: datetime = Field(sa_type=UTCDateTime)
    planned_begins: datetime = Field(sa_type=UTCDateTime)
    planned_ends: datetime = Field(sa_type=UTCDateTime)
    holder_id: Optional[int] = Field(default=None, foreign_key="person.id")
    started_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    finished_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    verified_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    skipped_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    blocked_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    expected_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    lost_seconds: int = 0
    round: int = 1


class RunEntry(SQLModel, table=True):
    """Something that happened in a run: what, when it happened, when it was entered and by whom. Never changed.

    `kind` is started, finished, verified, skipped, blocked, unblocked, handed, round, corrected, returned (the verifier
    sent it back), reopened, retimed (T was moved), broadcast, noted. One that corrects another names it
    (`corrects_id`) and says why; `paper`: entered from paper afterwards. `value` holds what belongs to the kind: an
    answer, until when, to whom, an issue.
    """

    __tablename__ = "run_entry"
    __table_args__ = (Index("ix_run_entry_run", "run_id", "id"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    step_id: Optional[int] = Field(default=None, foreign_key="run_step.id")
    kind: str
    happened_at: datetime = Field(sa_type=UTCDateTime)
    at: datetime = Field(sa_type=UTCDateTime)
    by_id: int = Field(foreign_key="person.id")
    name: str
    paper: bool = False
    why: str = Field(default="", sa_type=Text)
    corrects_id: Optional[int] = Field(default=None, foreign_key="run_entry.id")
    value: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    issue_id: Optional[int] = Field(default=None, foreign_key="issue.id", index=True)


class RunFile(Attached, table=True):
    """A file or a link (`url`) that proves a step; removed, the row stays and so does the content."""

    __tablename__ = "run_file"

    step_id: int = Field(foreign_key="run_step.id", index=True)
    url: str = ""
    by_id: int = Field(foreign_key="person.id")


class RunLink(SQLModel, table=True):
    """A read-only link to the wall of one run, for a screen where nobody signs in. Only the hash of its token is kept;
    revoked it opens nothing.
    """

    __tablename__ = "run_link"

    id: Optional[int] = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    token_hash: str = Field(unique=True)
    title: str
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    revoked_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    revoked_by: Optional[int] = Field(default=None, foreign_key="person.id")
