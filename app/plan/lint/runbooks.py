"""The minutes of a runbook: planned times against the steps before them (R7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.plan.calendars import NoOpenDay
from app.plan.format.runbooks import Runbook, Step
from app.plan.inherit import everything, leaves
from app.plan.language.dates import DateRange
from app.plan.language.durations import Duration
from app.plan.moments import Unresolvable, stepped
from app.plan.places import Spot
from app.plan.playbook import Playbook
from app.plan.reading import Reading
from app.plan.timeline import Timeline

ZERO_MINUTES = timedelta(0)


def lint_minutes(book: Playbook, reading: Reading, timeline: Timeline) -> None:
    for runbook in book.runbooks.values():
        for spot in timeline.spots(runbook.scope):
            try:
                _judge(runbook, spot, reading, timeline)
            except (Unresolvable, NoOpenDay, OverflowError, ValueError):
                continue  # the date itself was already judged


def _judge(runbook: Runbook, spot: Spot, reading: Reading, timeline: Timeline) -> None:
    zero = timeline.stretch(runbook.zero, spot, runbook).end
    if zero is None:
        return
    calendar = timeline.calendar(spot)
    start = zero.at or calendar.instant(zero.day, calendar.opens(zero.day))
    ends: dict[str, datetime] = {}
    for step in leaves(runbook.steps):
        ready = _ready(step, ends, runbook)
        planned = step_instant(step.at, start, spot, timeline)
        if planned and ready and ready > planned:
            late = int((ready - planned).total_seconds() // 60)
            text = step.at.text if step.at else ""
            say = f"planned {text}, but the steps before it end {late} minutes later"
            reading.at_value("R7", (*step.path, "at"), say)
        begins = max((t for t in (ready, planned) if t), default=start)
        ends[step.id] = begins + _length(step.takes) + _length(step.wait)


def _ready(step: Step, ends: Mapping[str, datetime], runbook: Runbook) -> datetime | None:
    """When all that a step waits for has ended; None where it waits for nothing that is planned."""
    groups = {group.id: group for group in everything(runbook.steps) if hasattr(group, "items")}
    names = [name for link in step.after if not link.start_of for name in _inside(link.entry, groups)]
    return max((ends[name] for name in names if name in ends), default=None)


def _inside(name: str, groups: Mapping[str, Step]) -> list[str]:
    return [step.id for step in leaves({name: groups[name]})] if name in groups else [name]


def _length(duration: Duration | None) -> timedelta:
    return timedelta(seconds=duration.amount) if duration and duration.elapsed else ZERO_MINUTES


def step_instant(written: DateRange | None, zero: datetime, spot: Spot, timeline: Timeline) -> datetime | None:
    """The instant of a step's `at`: counted from T, or a date of its own at the place."""
    if written is None or written.end is None:
        return None
    point = written.end
    if point.anchor.kind != "T":
        return timeline.stretch(written, spot).end.at  # type: ignore[union-attr]  # a point always has an end
    calendar = timeline.calendar(spot)
    day, at = stepped(point.offsets, calendar.local_day(zero), zero, calendar)
    return calendar.instant(day, point.at) if point.at else at
