"""One run of a runbook at one place: its steps with their instants, the window, and the way back. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from app.plan.facts import Facts
from app.plan.format.runbooks import Runbook
from app.plan.minutes import NO_TIME, Minutes, length, zero_of
from app.plan.places import Spot
from app.plan.timeline import Timeline
from app.rules.runbooks.forecast import Forecast, forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.here import steps_here
from app.rules.runbooks.steps import RunStep


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """A run as planned. `zero` is its T, of a `straight` run (one that does not keep the hours) when it begins.

    `back_title`, `decide` (a role) and `prompt` are those of the way back, empty where the runbook has none.
    """

    title: str
    zero: datetime
    live: bool
    straight: bool
    steps: tuple[RunStep, ...]
    way_back: tuple[RunStep, ...] = ()
    window: tuple[datetime, datetime] | None = None
    done_by: datetime | None = None
    margin: timedelta = NO_TIME
    back_title: str = ""
    decide: str = ""
    prompt: str = ""

    @cached_property
    def graph(self) -> Graph:
        return Graph(self.steps)

    @cached_property
    def planned(self) -> Forecast:
        """The times of the way forward before anything has happened."""
        return forecast(self.graph, {}, zero=self.zero)

    @cached_property
    def way_back_takes(self) -> timedelta:
        """The longest chain of the way back, without waiting for an hour."""
        graph = Graph([replace(step, not_before=None) for step in self.way_back])
        return forecast(graph, {}, zero=self.zero).end - self.zero

    @property
    def no_return(self) -> RunStep | None:
        """The step after whose beginning there is no way back."""
        return next((step for step in self.steps if step.no_return), None)


def plan_run(
    runbook: Runbook,
    facts: Facts,
    *,
    zero: datetime,
    live: bool,
    straight: bool = False,
    spot: Spot,
    timeline: Timeline,
) -> RunPlan:
    """The run of which T is `zero` at a place where `facts` are known.

    The T of a rehearsal is another one than the runbook's own: its dates that are not written with T move by as much.
    A `straight` run waits for no hour and begins at `zero`; the end of its window and `done_by` are moved so that it
    has as much time in hand as the same steps would have with their hours. Raises `ValueError` for a circle, and for a
    date that cannot be known at this place (`Unresolvable`, `NoOpenDay`).
    """
    zero = zero.astimezone(UTC)
    own = zero if live else zero_of(runbook, spot, timeline) or zero
    hours = Minutes(runbook, spot, timeline, own) if straight else Minutes(runbook, spot, timeline, zero, zero - own)
    plan = _with_hours(runbook, facts, hours, live)
    return _straight(plan, zero) if straight else plan


def _with_hours(runbook: Runbook, facts: Facts, minutes: Minutes, live: bool) -> RunPlan:
    plan = RunPlan(
        title=runbook.title,
        zero=minutes.zero,
        live=live,
        straight=False,
        steps=steps_here(runbook.steps, facts, minutes, live),
    )
    if (window := minutes.window(runbook.window)) is not None:
        begin = min((span.begin for span in plan.planned.spans.values()), default=plan.zero)
        plan = replace(plan, window=(window[0] or begin, window[1]))
    if (back := runbook.back_out) is None:
        return plan
    return replace(
        plan,
        way_back=steps_here(back.steps, facts, minutes, live),
        done_by=minutes.by(back.done_by),
        margin=length(back.margin),
        back_title=back.title,
        decide=back.decide,
        prompt=back.prompt,
    )


def _straight(plan: RunPlan, zero: datetime) -> RunPlan:
    """The same run from `zero` on without its hours, and with the same time in hand."""
    moved = replace(
        plan, zero=zero, straight=True, steps=_without_hours(plan.steps), way_back=_without_hours(plan.way_back)
    )
    later = moved.planned.end - plan.planned.end
    window = (zero, plan.window[1] + later) if plan.window else None
    if (point := plan.no_return) is not None:
        later = moved.planned.spans[point.id].begin - plan.planned.spans[point.id].begin
    return replace(moved, window=window, done_by=plan.done_by + later if plan.done_by else None)


def _without_hours(steps: tuple[RunStep, ...]) -> tuple[RunStep, ...]:
    return tuple(replace(step, not_before=None) for step in steps)
