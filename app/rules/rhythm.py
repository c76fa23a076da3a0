"""What has a rhythm besides tasks: meetings, cover, reconciliation, and the days metrics are captured. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.plan.format.metrics import Baseline
from app.plan.language.dates import DateRange
from app.plan.language.recurrence import Recurrence
from app.plan.moments import Stretch
from app.plan.places import Spot
from app.plan.playbook import Playbook
from app.plan.terms import Roll, Scope
from app.plan.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Beat:
    """A stretch, and how often something happens in it (None: the stretch itself, or one day)."""

    entry: Any
    kind: str
    scope: Scope
    when: DateRange | None
    every: Recurrence | None
    roll: Roll | None = None

    def dated(self, timeline: Timeline, spot: Spot) -> Stretch:
        """Its stretch at a place: time that stays where it is if something recurs in it, else a day of work."""
        if self.every is not None and self.when is not None:
            return timeline.kept(self.when, spot)
        return timeline.stretch(self.when, spot)


def rhythms(playbook: Playbook) -> Iterator[Beat]:
    """Every rhythm in file order; what has no date is left out."""
    scope = playbook.default_scope
    for meeting in playbook.meetings.values():
        for each in meeting.rhythms:
            yield Beat(meeting, "meeting", meeting.scope or scope, each.when, each.every, meeting.roll)
    for coverage in playbook.coverage.values():
        yield Beat(coverage, "coverage", coverage.scope or scope, coverage.when, None)
    for reconciliation in playbook.reconciliation.values():
        yield Beat(reconciliation, "reconciliation", scope, reconciliation.when, reconciliation.every)
    for metric in playbook.figures.values():
        baseline = metric.baseline.due if isinstance(metric.baseline, Baseline) else metric.baseline
        if baseline is not None:
            yield Beat(metric, "baseline", metric.scope or scope, baseline, None)
        if metric.target is not None and metric.target.by is not None:
            yield Beat(metric, "target", metric.scope or scope, metric.target.by, None)
