"""A run opened for a change: loaded through what the person may see, locked, with all its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions.events import record
from app.actions.loading import count_version, key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, NotFound, Refused, Stale
from app.models import Location, Rollout, Run, RunEntry, RunStep
from app.plan.format.runbooks import Runbook
from app.rules.people.access import Permission, Viewer
from app.rules.runbooks.access import may_do, may_lead
from app.rules.runbooks.ledger import Act, Entry, told
from app.rules.runbooks.steps import RunStep as Planned
from app.stored.runs import StoredRun, stored_run


@dataclass
class OpenRun:
    """A run at one place, locked."""

    found: StoredRun
    rollout: Rollout
    location: Location | None

    @property
    def run(self) -> Run:
        return self.found.run

    @property
    def id(self) -> int:
        return key_of(self.run)

    @property
    def runbook(self) -> Runbook:
        return self.found.runbook

    @property
    def place(self) -> dict[str, Any]:
        """Where it is, as permissions ask for it."""
        return {"rollout": self.run.rollout_id, "location": self.run.location_id}

    @property
    def spot(self) -> dict[str, Any]:
        """Where it is, as held roles are asked for."""
        return {**self.place, "wave": self.run.wave}

    def step(self, id_: str) -> tuple[RunStep, Planned]:
        """A step's row, and how it was planned. Raises NotFound."""
        planned = self.found.steps.get(id_)
        if planned is None:
            raise NotFound("step")
        return self.found.rows[id_], planned


def open_run(session: Session, run_id: int, *, by: Viewer, over: bool = False) -> OpenRun:
    """The run for somebody who may see it; `over`: though it is. Raises NotFound, and Refused where nothing is changed
    any more.
    """
    run = load(session, Run, run_id, "run")
    if not by.can(Permission.SEE_PLAN, rollout=run.rollout_id, location=run.location_id):
        raise NotFound("run")
    rollout = session.get_one(Rollout, run.rollout_id)
    location = session.get(Location, run.location_id) if run.location_id is not None else None
    demand_open(rollout, location)
    if run.ended_at is not None and not over:
        raise Refused("This run is over. What happened can be corrected, not gone on with.")
    return OpenRun(stored_run(session, run), rollout, location)


def demand_lead(opened: OpenRun, by: Viewer) -> None:
    """Raises Forbidden for whoever does not lead the run."""
    if not may_lead(by, opened.runbook, opened.place):
        raise Forbidden("Only whoever leads the run does this.")


def demand_hand(opened: OpenRun, row: RunStep, planned: Planned, by: Viewer) -> None:
    """Raises Forbidden for whoever has nothing to do with the step."""
    if not may_do(by, opened.runbook, planned.asked, row.holder_id, opened.place):
        raise Forbidden("You may see this step, but it is not yours to do.")


def open_step(
    session: Session, run_id: int, step: str, *, by: Viewer, over: bool = False
) -> tuple[OpenRun, RunStep, Planned]:
    """A step of the run for somebody who has to do with it. Raises as `open_run`, and Forbidden for anybody else."""
    opened = open_run(session, run_id, by=by, over=over)
    row, planned = opened.step(step)
    demand_hand(opened, row, planned, by)
    return opened, row, planned


def demand_seen(session: Session, opened: OpenRun, row: RunStep, seen: int | None) -> None:
    """Raises Stale when something was entered of the step after the form was drawn: `seen` is the key of the last entry
    that it showed (0: none; None: whichever).
    """
    if seen is None:
        return
    last = session.exec(
        select(RunEntry).where(RunEntry.step_id == key_of(row)).order_by(col(RunEntry.id).desc()).limit(1)
    ).first()
    if last is not None and seen != last.id:
        raise Stale(last.name, last.at, last.kind)


def enter(
    session: Session,
    opened: OpenRun,
    act: Act,
    row: RunStep | None = None,
    *,
    by: Viewer,
    now: datetime,
    happened: datetime | None = None,
    paper: bool = False,
    why: str = "",
    value: Mapping[str, Any] | None = None,
    corrects: int | None = None,
    issue: int | None = None,
) -> RunEntry:
    """Write down what happened, tell anew where its step stands, and record the event; last step of every change."""
    entry = RunEntry(
        run_id=opened.id, step_id=key_of(row) if row else None, kind=act.value, happened_at=happened or now, at=now,
        by_id=by.person, name=by.name, paper=paper, why=why, value=dict(value or {}), corrects_id=corrects,
        issue_id=issue,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    if row is not None:
        project(session, opened, row)
    changed(session, opened, act.value, by=by, now=now, step=row.step if row else "")
    return entry


def project(session: Session, opened: OpenRun, row: RunStep) -> None:
    """Where a step stands follows from its entries."""
    entries = session.exec(select(RunEntry).where(RunEntry.step_id == key_of(row)).order_by(col(RunEntry.id)))
    _, planned = opened.step(row.step)
    found = told([_entry(one) for one in entries], checked=planned.asked.checked_by is not None)
    row.started_at, row.finished_at, row.verified_at = found.started, found.finished, found.verified
    row.skipped_at, row.blocked_at, row.expected_at = found.skipped, found.blocked, found.expected
    row.lost_seconds, row.round = int(found.lost.total_seconds()), found.round
    session.add(row)
    session.flush()
    opened.found.__dict__.pop("told", None)


def _entry(row: RunEntry) -> Entry:
    until = row.value.get("until")
    return Entry(
        key_of(row), Act(row.kind), row.happened_at, datetime.fromisoformat(until) if until else None, row.corrects_id
    )


def changed(
    session: Session, opened: OpenRun, verb: str, *, by: Viewer, now: datetime, step: str = "", **after: Any
) -> None:
    """Count one more version of the run and record the event. What people typed never stands in it."""
    count_version(session, opened.run, "runbook")
    facts = {**({"step": step} if step else {}), **after}
    record(
        session, f"run.{verb}", ("run", opened.id), by=by, now=now, rollout_id=opened.run.rollout_id,
        location_id=opened.run.location_id, after=facts or None,
    )  # fmt: skip
