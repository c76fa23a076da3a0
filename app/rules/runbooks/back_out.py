"""How long it takes to back out of a run, and until when that can be decided. Pure.

Minutes to back out = longest chain of the way back's steps + `back_out_takes` of the steps already finished. Last safe
decision = done_by - minutes to back out - margin (playbook format, section 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.plan.minutes import NO_TIME
from app.rules.clock import duration
from app.rules.runbooks.actuals import UNTOUCHED, Actuals
from app.rules.runbooks.forecast import Forecast
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.steps import RunStep
from app.rules.runbooks.times import utc
from app.rules.runbooks.way_back import work_done


@dataclass(frozen=True)
class BackOut:
    """`minutes` to back out as of now, `worst_minutes` once every step that is not skipped has finished.

    `if_now` is when backing out ends that is decided now; `worst` when it ends that is decided as late as it can be: at
    the forecast beginning of the point of no return (without one at the forecast end), everything before it finished.
    `last_safe` is the last safe decision, None where no `done_by` is known.
    """

    minutes: timedelta
    worst_minutes: timedelta
    done_by: datetime | None
    margin: timedelta
    now: datetime
    worst: datetime

    @property
    def last_safe(self) -> datetime | None:
        return self.done_by - self.minutes - self.margin if self.done_by else None

    @property
    def if_now(self) -> datetime:
        return self.now + self.minutes

    @property
    def safe_for(self) -> timedelta | None:
        """Until the last safe decision; negative when it is past."""
        return self.last_safe - self.now if self.last_safe else None

    def spelled(self, at: Callable[[datetime], str]) -> str:
        """`back by 06:45, less 50 min to back out, less 15 min margin`: why it is decided when it is."""
        by = [f"back by {at(self.done_by)}"] if self.done_by else []
        margin = [f"less {duration(self.margin)} margin"] if self.margin else []
        return ", ".join([*by, f"less {duration(self.minutes)} to back out", *margin])


def back_out(plan: RunPlan, found: Forecast, actuals: Actuals, now: datetime) -> BackOut | None:
    """The figures of the way back at `now`; None for a runbook without one."""
    if not plan.back_title:
        return None
    kept = [step for step in plan.steps if actuals.get(step.id, UNTOUCHED).skipped is None]
    point = next((step for step in kept if step.no_return), None)
    decided = found.spans[point.id].begin if point else found.end
    before = [step for step in kept if found.spans[step.id].end <= decided]
    return BackOut(
        minutes=_minutes(plan, [step for step in kept if work_done(actuals.get(step.id, UNTOUCHED))]),
        worst_minutes=_minutes(plan, kept),
        done_by=plan.done_by,
        margin=plan.margin,
        now=utc(now),
        worst=decided + _minutes(plan, before),
    )


def _minutes(plan: RunPlan, finished: Iterable[RunStep]) -> timedelta:
    return plan.way_back_takes + sum((step.back_out_takes for step in finished), NO_TIME)


def no_way_back(plan: RunPlan, actuals: Actuals) -> bool:
    """Whether the point of no return is passed: its step has begun. One that was skipped before holds nothing."""
    return any(step.no_return and actuals.get(step.id, UNTOUCHED).begun is not None for step in plan.steps)
