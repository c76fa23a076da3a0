"""What is dated besides entries: meetings, cover, reconciliation, catch-ups, rehearsals, days of metrics. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.plan.format.metrics import Baseline
from app.plan.language.dates import DateRange
from app.plan.language.durations import Duration
from app.plan.language.recurrence import Recurrence
from app.plan.moments import Stretch
from app.plan.places import Spot
from app.plan.playbook import Playbook
from app.plan.terms import Recurring, Roll, Scope
from app.plan.timeline import Timeline

# Dates of an entry besides its own.
PARTS = ("catch-up", "rehearsal", "baseline", "target")


@dataclass(frozen=True, slots=True)
class Beat:
    """A stretch, and how often something happens in it (None: the stretch itself, or one day).

    `grace`: how much later than written it counts as missed; None where nobody waits for a minute, but for the day.
    """

    entry: Any
    kind: str
    scope: Scope
    when: DateRange | None
    every: Recurrence | None
    roll: Roll | None = None
    keep: bool = False
    grace: Duration | None = None

    def dated(self, timeline: Timeline, spot: Spot) -> Stretch:
        """Its stretch at a place: time that stays where it is (`keep`), else a day of work that rolls."""
        if self.keep and self.when is not None:
            return timeline.kept(self.when, spot)
        return timeline.stretch(self.when, spot)


def rhythms(playbook: Playbook) -> Iterator[Beat]:
    """Every rhythm in file order; what has no date is left out."""
    scope = playbook.default_scope
    for meeting in playbook.meetings.values():
        for each in meeting.rhythms:
            yield Beat(
                meeting, Recurring.MEETING, meeting.scope or scope, each.when, each.every, meeting.roll, keep=True
            )
    for coverage in playbook.coverage.values():
        # Where somebody is present on named or all days, the stretch does not shrink to the open ones.
        keep = coverage.days != "open days"
        yield Beat(coverage, Recurring.COVERAGE, coverage.scope or scope, coverage.when, None, keep=keep)
    for reconciliation in playbook.reconciliation.values():
        rhythm, grace = reconciliation.every, reconciliation.grace
        yield Beat(reconciliation, Recurring.RECONCILIATION, scope, reconciliation.when, rhythm, keep=True, grace=grace)
    for session in playbook.sessions:
        if session.catch_up is not None:
            yield Beat(session, Recurring.CATCH_UP, session.scope or scope, session.catch_up, None, session.roll)
    for runbook in playbook.runbooks.values():
        for when in runbook.rehearse:
            yield Beat(runbook, "rehearsal", runbook.scope or scope, when, None)
    for metric in playbook.figures.values():
        baseline = metric.baseline.due if isinstance(metric.baseline, Baseline) else metric.baseline
        if baseline is not None:
            yield Beat(metric, "baseline", metric.scope or scope, baseline, None)
        if metric.target is not None and metric.target.by is not None:
            yield Beat(metric, "target", metric.scope or scope, metric.target.by, None)
