"""Every date that a file writes, with its place and the scope in which it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.plan.format.frame import Freeze, Milestone
from app.plan.format.gates import Gate
from app.plan.format.metrics import Baseline
from app.plan.format.runbooks import Runbook
from app.plan.inherit import leaves
from app.plan.language.dates import DateRange
from app.plan.playbook import Playbook
from app.plan.reading import Path
from app.plan.terms import Scope


@dataclass(frozen=True, slots=True)
class Written:
    """One date: whose, where it stands, and for which scope (None: read wherever it is asked for)."""

    name: str
    path: Path
    date: DateRange
    scope: Scope | None
    entry: Any = None

    @property
    def time(self) -> bool:
        """A stretch of time (a window, a closure), not work: its edges stay where they are."""
        return self.entry is None and self.path[-1] not in ("cutover", "by", "due", "baseline")


def written_dates(book: Playbook) -> Iterator[Written]:
    """All dates of a playbook in the order of its sections; unreadable ones are left out."""
    for name, path, value, scope, entry in _all(book):
        for number, each in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(each, DateRange):
                place = (*path, str(number)) if isinstance(value, tuple) and len(value) > 1 else path
                yield Written(name, place, each, scope, entry)


Found = tuple[str, Path, Any, Scope | None, Any]


def _all(book: Playbook) -> Iterable[Found]:
    for number, closure in enumerate(book.calendar.closed):
        yield "closed", ("calendar", "closed", str(number), "when"), closure.when, Scope.NETWORK, None
    for wave in book.waves.values():
        for key in ("when", "cutover", "buffer"):
            yield wave.id, (*wave.path, key), getattr(wave, key), Scope.WAVE, None
    for phase in book.phases.values():
        yield phase.id, (*phase.path, "when"), phase.when, None, None
    yield from _entries(book)
    for section in (book.coverage, book.reconciliation):
        for item in section.values():
            yield item.id, (*item.path, "when"), item.when, item.scope, None
    for meeting in book.meetings.values():
        yield meeting.id, (*meeting.path, "when"), meeting.when, meeting.scope, meeting
        for number, each in enumerate(meeting.rounds):
            yield meeting.id, (*meeting.path, "rounds", str(number), "when"), each.when, meeting.scope, meeting
    yield from _issues(book)
    yield from _metrics(book)


def _entries(book: Playbook) -> Iterable[Found]:
    fixed: list[Milestone | Freeze | Gate] = [
        *book.milestones.values(), *book.freezes.values(), *book.gates.values()
    ]  # fmt: skip
    for item in fixed:
        yield item.id, (*item.path, "when"), item.when, item.scope, item
    for selection in book.selection.values():
        yield selection.id, (*selection.path, "due"), selection.due, Scope.NETWORK, selection
    for task in book.work:
        yield task.id, (*task.path, "due"), task.due, task.scope, task
    for session in book.sessions:
        yield session.id, (*session.path, "due"), session.due, session.scope, session
        yield session.id, (*session.path, "catch_up"), session.catch_up, session.scope, session
        if session.buddy:
            yield session.id, (*session.path, "buddy", "when"), session.buddy.when, session.scope, session
    for runbook in book.runbooks.values():
        yield from _runbook(runbook)


def _runbook(runbook: Runbook) -> Iterable[Found]:
    for key in ("zero", "window", "rehearse"):
        yield runbook.id, (*runbook.path, key), getattr(runbook, key), runbook.scope, runbook
    back = runbook.back_out
    if back:
        yield runbook.id, (*runbook.path, "back_out", "done_by"), back.done_by, runbook.scope, runbook
    for step in (*leaves(runbook.steps), *leaves(back.steps if back else {})):
        yield step.id, (*step.path, "at"), step.at, runbook.scope, runbook


def _issues(book: Playbook) -> Iterable[Found]:
    severities = (book.issues.severities or {}).values() if book.issues else ()
    for severity in severities:
        for number, target in enumerate(severity.targets):
            path = (*severity.path, "targets", str(number), "when")
            yield severity.id, path, target.when, book.default_scope, None


def _metrics(book: Playbook) -> Iterable[Found]:
    for metric in book.figures.values():
        yield metric.id, (*metric.path, "exclude"), metric.exclude, metric.scope, None
        if isinstance(metric.baseline, Baseline):
            yield metric.id, (*metric.path, "baseline", "due"), metric.baseline.due, metric.scope, None
        else:
            yield metric.id, (*metric.path, "baseline"), metric.baseline, metric.scope, None
        if metric.target:
            yield metric.id, (*metric.path, "target", "by"), metric.target.by, metric.scope, None
