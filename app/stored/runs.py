"""A stored run as the rules see it: its steps as they were frozen, and where each stands. Both sides read it so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from app.models import Run, RunStep
from app.plan import Playbook
from app.plan.format.runbooks import Runbook, Step
from app.plan.inherit import leaves
from app.rules.runbooks.actuals import Actuals
from app.rules.runbooks.back_out import BackOut, back_out
from app.rules.runbooks.forecast import Forecast, forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.ledger import Told
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.steps import Before
from app.rules.runbooks.steps import RunStep as Planned
from app.rules.runbooks.way_back import undo_of
from app.stored import playbook_of


@dataclass(frozen=True)
class StoredRun:
    """A run with its rows, forward and back, each in the order of its numbers."""

    run: Run
    rows: Mapping[str, RunStep]
    plan: RunPlan
    returning: tuple[Planned, ...]
    runbook: Runbook
    playbook: Playbook

    @cached_property
    def told(self) -> Mapping[str, Told]:
        """Where each step stands, by its id."""
        return {id_: told_of(row, self.steps[id_].asked) for id_, row in self.rows.items()}

    @cached_property
    def steps(self) -> Mapping[str, Planned]:
        """Forward and back, by their ids."""
        return {one.id: one for one in (*self.plan.steps, *self.returning)}

    @property
    def goes_back(self) -> bool:
        return self.run.returning_at is not None

    @property
    def way(self) -> tuple[Planned, ...]:
        """The steps that are to be done now: forward, or back."""
        return self.returning if self.goes_back else self.plan.steps

    @cached_property
    def back_graph(self) -> Graph:
        return Graph(self.returning)

    def actuals(self) -> Actuals:
        return {id_: one.actual for id_, one in self.told.items()}

    def forecast(self, now: datetime) -> Forecast:
        """Of the way that is gone now. A run that is over is as it was."""
        now = min(now, self.run.ended_at) if self.run.ended_at else now
        if self.goes_back:
            return forecast(self.back_graph, self.actuals(), max(now, self.run.returning_at or now))
        return forecast(self.plan.graph, self.actuals(), now)

    def back_out(self, found: Forecast, now: datetime) -> BackOut | None:
        return None if self.goes_back else back_out(self.plan, found, self.actuals(), now)


def stored_run(session: Session, run: Run) -> StoredRun:
    """Two queries, one more for a playbook that is new here."""
    rows = session.exec(select(RunStep).where(RunStep.run_id == run.id).order_by(col(RunStep.number))).all()
    playbook = playbook_of(session, run.playbook_version_id)
    return as_stored(run, rows, playbook)


def as_stored(run: Run, rows: Sequence[RunStep], playbook: Playbook) -> StoredRun:
    """The same from what was read already."""
    runbook = playbook.runbooks[run.runbook]
    asked = _asked(runbook)
    forward = [_planned(row, asked[row.step], live=run.live) for row in rows if not row.back]
    known = {one.id: one for one in forward}
    back = [
        _planned(row, asked.get(row.step) or undo_of(known[row.undoes].asked, row.step), live=run.live)
        for row in rows
        if row.back
    ]
    return StoredRun(
        run=run,
        rows={row.step: row for row in rows},
        plan=_plan(run, runbook, forward, [one for one in back if one.id in asked]),
        returning=tuple(back),
        runbook=runbook,
        playbook=playbook,
    )


def told_of(row: RunStep, asked: Step) -> Told:
    """Where a step stands, as its row has it."""
    return Told(
        checked=asked.checked_by is not None,
        started=row.started_at,
        finished=row.finished_at,
        verified=row.verified_at,
        skipped=row.skipped_at,
        blocked=row.blocked_at,
        expected=row.expected_at,
        lost=timedelta(seconds=row.lost_seconds),
        round=row.round,
    )


def _asked(runbook: Runbook) -> dict[str, Step]:
    back = leaves(runbook.back_out.steps) if runbook.back_out else ()
    return {step.id: step for step in (*leaves(runbook.steps), *back)}


def _plan(run: Run, runbook: Runbook, forward: Sequence[Planned], way_back: Sequence[Planned]) -> RunPlan:
    back = runbook.back_out
    return RunPlan(
        title=runbook.title,
        zero=run.zero_at,
        live=run.live,
        straight=run.straight,
        steps=tuple(forward),
        way_back=tuple(way_back),
        window=(run.window_begins, run.window_ends) if run.window_begins and run.window_ends else None,
        done_by=run.done_by,
        margin=timedelta(seconds=run.margin_seconds),
        back_title=back.title if back else "",
        decide=back.decide if back else "",
        prompt=back.prompt if back else "",
    )


def _planned(row: RunStep, asked: Step, *, live: bool) -> Planned:
    return Planned(
        id=row.step,
        number=row.number,
        title=row.title,
        asked=asked,
        takes=timedelta(seconds=row.takes),
        wait=timedelta(seconds=row.wait),
        not_before=row.not_before,
        after=_links(row.after),
        done_after=_links(row.done_after),
        no_return=row.no_return,
        critical=row.critical,
        undoes=row.undoes,
        undo_within=None if row.undo_within is None else timedelta(seconds=row.undo_within),
        back_out_takes=timedelta(seconds=row.back_out_takes),
        group=tuple(row.groups),
        how=asked.how if live else asked.how_in_rehearsal or asked.how,
    )


def _links(stored: Iterable[Sequence[Any]]) -> tuple[Before, ...]:
    return tuple(Before(step, edge == "start", timedelta(seconds=lag)) for step, edge, lag in stored)
