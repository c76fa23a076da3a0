"""The minutes of a runbook: planned times against the steps before them (R7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.plan.calendars import NoOpenDay
from app.plan.format.runbooks import Runbook, Step
from app.plan.inherit import leaves
from app.plan.minutes import Minutes, length, meant, zero_of
from app.plan.moments import Unresolvable
from app.plan.places import Spot
from app.plan.playbook import Playbook
from app.plan.reading import Reading
from app.plan.timeline import Timeline


def lint_minutes(book: Playbook, reading: Reading, timeline: Timeline) -> None:
    for runbook in book.runbooks.values():
        for spot in timeline.spots(runbook.scope):
            try:
                _judge(runbook, spot, reading, timeline)
            except (Unresolvable, NoOpenDay, OverflowError, ValueError):
                continue  # the date itself was already judged


def _judge(runbook: Runbook, spot: Spot, reading: Reading, timeline: Timeline) -> None:
    zero = zero_of(runbook, spot, timeline)
    if zero is None:
        return
    minutes = Minutes(runbook, spot, timeline, zero)
    inside = meant(runbook.steps)
    ends: dict[str, datetime] = {}
    for step in leaves(runbook.steps):
        ready = _ready(step, ends, inside)
        planned = minutes.instant(step.at)
        if planned and ready and ready > planned:
            late = int((ready - planned).total_seconds() // 60)
            text = step.at.text if step.at else ""
            say = f"planned {text}, but the steps before it end {late} minutes later"
            reading.at_value("R7", (*step.path, "at"), say)
        begins = max((t for t in (ready, planned) if t), default=zero)
        ends[step.id] = begins + length(step.takes) + length(step.wait)


def _ready(step: Step, ends: Mapping[str, datetime], inside: Mapping[str, tuple[str, ...]]) -> datetime | None:
    """When all that a step waits for has ended; None where it waits for nothing that is planned."""
    names = [name for link in step.after if not link.start_of for name in inside.get(link.entry, ())]
    return max((ends[name] for name in names if name in ends), default=None)
