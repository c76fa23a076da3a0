"""A run as it was laid out, kept in the process: its steps with what they wait for do not change while it is walked.

Of a run only where each step stands is read anew. It is laid out anew when it is decided to go back, or its T moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlmodel import Session, select

from app.models import Run, RunStep
from app.plan.format.runbooks import Runbook
from app.rules.runbooks.actuals import Actuals
from app.rules.runbooks.back_out import BackOut, back_out
from app.rules.runbooks.forecast import Forecast, forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.ledger import Told
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.steps import RunStep as Planned
from app.stored.runs import stored_run

_KEPT: Final[dict[tuple[Any, ...], Layout]] = {}
_KEEP: Final = 16


@dataclass(frozen=True)
class Layout:
    """Both ways of a run: the steps as planned, and the order in which they are looked at."""

    plan: RunPlan
    returning: tuple[Planned, ...]
    runbook: Runbook

    @cached_property
    def back_graph(self) -> Graph:
        return Graph(self.returning)


@dataclass(frozen=True)
class KeptRun:
    """Where a run stands: its layout, and of each step what is told of it and to whom it was handed."""

    run: Run
    layout: Layout
    told: Mapping[str, Told]
    holders: Mapping[str, int]

    @property
    def plan(self) -> RunPlan:
        return self.layout.plan

    @property
    def goes_back(self) -> bool:
        return self.run.returning_at is not None

    @property
    def way(self) -> tuple[Planned, ...]:
        """The steps that are to be done now: forward, or back."""
        return self.layout.returning if self.goes_back else self.plan.steps

    @cached_property
    def actuals(self) -> Actuals:
        return {id_: one.actual for id_, one in self.told.items()}

    def forecast(self, now: datetime) -> Forecast:
        """Of the way that is gone now, at a moment not after the end of the run."""
        if self.goes_back:
            return forecast(self.layout.back_graph, self.actuals, max(now, self.run.returning_at or now))
        return forecast(self.plan.graph, self.actuals, now)

    def back_out(self, found: Forecast, now: datetime) -> BackOut | None:
        return None if self.goes_back else back_out(self.plan, found, self.actuals, now)


def kept_run(session: Session, run: Run) -> KeptRun:
    """One query; three more for a run that is new here."""
    layout = _layout(session, run)
    checked = {one.id: one.asked.checked_by is not None for one in (*layout.plan.steps, *layout.returning)}
    columns: Any = (
        RunStep.step, RunStep.holder_id, RunStep.started_at, RunStep.finished_at, RunStep.verified_at,
        RunStep.skipped_at, RunStep.blocked_at, RunStep.expected_at, RunStep.lost_seconds, RunStep.round,
    )  # fmt: skip
    told: dict[str, Told] = {}
    holders: dict[str, int] = {}
    for step, holder, began, ended, checked_at, skipped, blocked, expected, lost, round_ in session.exec(
        select(*columns).where(RunStep.run_id == run.id)
    ):
        if step not in checked:
            continue  # laid out a moment ago: whoever looks next sees it
        told[step] = Told(
            checked[step], began, ended, checked_at, skipped, blocked, expected, timedelta(seconds=lost), round_
        )
        if holder is not None:
            holders[step] = holder
    return KeptRun(run, layout, told, holders)


def _layout(session: Session, run: Run) -> Layout:
    key = (
        str(session.get_bind().engine.url), run.id, run.made_at, run.playbook_version_id, run.runbook,
        run.returning_at, run.zero_at, run.window_ends, run.done_by, run.margin_seconds,
    )  # fmt: skip
    if key not in _KEPT:
        found = stored_run(session, run)
        while len(_KEPT) >= _KEEP:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = Layout(found.plan, found.returning, found.runbook)
    return _KEPT[key]
