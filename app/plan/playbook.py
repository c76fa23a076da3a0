"""A playbook: what one file says, read, handed down and frozen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from app.plan.containers import ListOf, MapOf
from app.plan.format.base import Dated
from app.plan.format.frame import (
    Attribute,
    Calendar,
    Freeze,
    Health,
    Milestone,
    Phase,
    Role,
    Selection,
    Sharing,
    Source,
    Wave,
    Workstream,
)  # fmt: skip
from app.plan.format.gates import GATES, Gate
from app.plan.format.handed import HANDED, Handed
from app.plan.format.issues import ISSUES, Issues
from app.plan.format.metrics import HANDED_METRIC, Metric
from app.plan.format.nesting import NESTED
from app.plan.format.rhythm import COVERAGE, MEETINGS, RECONCILIATION, Coverage, Meeting, Reconciliation
from app.plan.format.runbooks import HANDED_STEP, RUNBOOKS, Runbook, Step
from app.plan.format.tasks import Task
from app.plan.format.training import HANDED_TRAINING, Training
from app.plan.inherit import everything, hand_down, leaves
from app.plan.kinds import ID, ISO_DATE, PROSE, TITLE, VERSION, WEEKS, Whole
from app.plan.reading import Record, key
from app.plan.terms import FORMAT_VERSION, Scope


@dataclass(frozen=True, kw_only=True)
class Playbook:
    """Everything a file says. Sections are in file order; `None` values of groups are already handed down."""

    muster: int = key(Whole(FORMAT_VERSION, FORMAT_VERSION), "version of the format", required=True, default=1)
    id: str = key(ID, "identity", required=True, default="")
    title: str = key(TITLE, "name", required=True, default="")
    version: str = key(VERSION, "MAJOR.MINOR, quoted", required=True, default="")
    summary: str = key(PROSE, "what it is for", default="")
    sources: tuple[Source, ...] = key(ListOf(Record(Source, short="title")), "where it comes from", default=())
    start: date | None = key(ISO_DATE, "only where the calendar year is part of the plan")
    length: int = key(WEEKS, "weeks 1 to n exist", required=True, default=1)
    calendar: Calendar = key(Record(Calendar), "the default place", required=True, default=Calendar(zone="UTC"))
    attributes: Mapping[str, Attribute] = key(MapOf(Record(Attribute), facts=True), "facts stated for each location")
    roles: Mapping[str, Any] = key(NESTED["roles"], "who may be asked", required=True)
    waves: Mapping[str, Wave] = key(MapOf(Record(Wave)), "sets of locations, in order")
    phases: Mapping[str, Phase] = key(MapOf(Record(Phase)), "labels in time")
    workstreams: Mapping[str, Workstream] = key(MapOf(Record(Workstream, short="title")), "labels by subject")
    milestones: Mapping[str, Milestone] = key(MapOf(Record(Milestone), dated=True), "dated facts")
    freezes: Mapping[str, Freeze] = key(MapOf(Record(Freeze), dated=True), "stretches in which work stops")
    selection: Mapping[str, Selection] = key(MapOf(Record(Selection), dated=True), "how locations are chosen")
    health: Health | None = key(Record(Health), "when a workstream turns amber or red")
    sharing: Mapping[str, Sharing] = key(MapOf(Record(Sharing)), "what locations show each other")
    retired: Mapping[str, str] = key(MapOf(PROSE), "entries removed on purpose")
    tasks: Mapping[str, Any] = key(NESTED["tasks"], "the work")
    training: Mapping[str, Any] = key(NESTED["training"], "what people must know")
    coverage: Mapping[str, Coverage] = key(COVERAGE, "who must be present")
    meetings: Mapping[str, Meeting] = key(MEETINGS, "talks that recur")
    reconciliation: Mapping[str, Reconciliation] = key(RECONCILIATION, "counts that must agree each day")
    gates: Mapping[str, Gate] = key(GATES, "may we go on")
    runbooks: Mapping[str, Runbook] = key(RUNBOOKS, "the minutes of the night")
    issues: Issues | None = key(ISSUES, "the law for trouble")
    metrics: Mapping[str, Any] = key(NESTED["metrics"], "figures captured and compared")

    @property
    def default_scope(self) -> Scope:
        return Scope.LOCATION if self.waves else Scope.NETWORK

    @cached_property
    def work(self) -> tuple[Task, ...]:
        """All single tasks in file order."""
        return tuple(leaves(self.tasks))

    @cached_property
    def sessions(self) -> tuple[Training, ...]:
        return tuple(leaves(self.training))

    @cached_property
    def figures(self) -> Mapping[str, Metric]:
        return {metric.id: metric for metric in leaves(self.metrics)}

    @cached_property
    def people(self) -> Mapping[str, Role]:
        """Single roles by id, groups left out."""
        return {role.id: role for role in leaves(self.roles)}

    @cached_property
    def entries(self) -> Mapping[str, Dated]:
        """Everything that has a date or is waited for, in file order."""
        return {entry.id: entry for entry in self.dated()}

    @cached_property
    def inside(self) -> Mapping[str, tuple[str, ...]]:
        """Every task's id to itself, every group's id to the tasks inside, in the order of the playbook."""
        return self._inside(self.work)

    @cached_property
    def taught(self) -> Mapping[str, tuple[str, ...]]:
        """The same for training."""
        return self._inside(self.sessions)

    def _inside(self, single: Iterable[Handed]) -> Mapping[str, tuple[str, ...]]:
        inside: dict[str, list[str]] = {}
        for one in single:
            entry = one.id
            while entry:
                inside.setdefault(entry, []).append(one.id)
                found = self.entries[entry]
                entry = found.parent if isinstance(found, Handed) else ""
        return {entry: tuple(ids) for entry, ids in inside.items()}

    @cached_property
    def predecessors(self) -> Mapping[str, tuple[str, ...]]:
        """The tasks that must be finished before each task may start. Gates and runbooks hold nothing up here."""
        found: dict[str, tuple[str, ...]] = {}
        for task in self.work:
            links = [link.entry for link in task.after if not link.start_of and not link.previous]
            before = dict.fromkeys(leaf for entry in links for leaf in self.inside.get(entry, ()))
            before.pop(task.id, None)
            if before:
                found[task.id] = tuple(before)
        return found

    def dated(self) -> Iterator[Dated]:
        """As `entries`, with an id that is used twice standing twice."""
        yield from (*self.milestones.values(), *self.freezes.values(), *self.selection.values())
        yield from everything(self.tasks)
        yield from everything(self.training)
        yield from (*self.gates.values(), *self.runbooks.values())

    def wave_before(self, wave: str) -> str:
        """The wave before in file order; empty for the first."""
        order = list(self.waves)
        place = order.index(wave)
        return order[place - 1] if place else ""


PLAYBOOK = Record(Playbook)


def settled(raw: Playbook) -> Playbook:
    """The playbook with everything handed down and absent sections empty."""
    empty: dict[str, Any] = {
        each.name: {}
        for each in dataclasses.fields(Playbook)
        if getattr(raw, each.name) is None and each.name not in ("start", "health", "issues")
    }
    book = dataclasses.replace(raw, **empty)
    scope = book.default_scope
    work = {
        "scope": scope,
        "critical": False,
        "optional": False,
        "on_fail": "",
        "on_late": "",
        "phase": "",
        "workstream": "",
    }
    return dataclasses.replace(
        book,
        roles=hand_down(book.roles, ("scope",), {"scope": scope}),
        milestones=_scoped(book.milestones, scope),
        freezes=_scoped(book.freezes, scope),
        coverage=_scoped(book.coverage, scope),
        meetings=_scoped(book.meetings, scope),
        gates=_scoped(book.gates, scope),
        tasks=hand_down(book.tasks, HANDED, work),
        training=hand_down(book.training, HANDED_TRAINING, {**work, "share": 100.0, "recorded": False}),
        runbooks={name: _runbook(runbook, scope) for name, runbook in book.runbooks.items()},
        metrics=hand_down(book.metrics, HANDED_METRIC, {"scope": scope, "on_fail": ""}),
    )


def _scoped(items: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    return {name: item if item.scope else dataclasses.replace(item, scope=scope) for name, item in items.items()}


def _runbook(runbook: Runbook, scope: Scope) -> Runbook:
    """Steps without an owner are their runbook's owner's; the way back hands down the same."""
    given = {"owner": runbook.owner, "critical": False, "optional": False, "on_fail": ""}
    steps = hand_down(runbook.steps or {}, HANDED_STEP, given, chained=runbook.order == "sequence")
    changes: dict[str, Any] = {"scope": runbook.scope or scope, "steps": steps}
    if runbook.back_out is not None:
        back = hand_down(runbook.back_out.steps or {}, HANDED_STEP, given, chained=True)
        changes["back_out"] = dataclasses.replace(runbook.back_out, steps=back)
    return dataclasses.replace(runbook, **changes)


def steps_of(runbook: Runbook) -> Iterator[Step]:
    """The single steps of the way forward, in file order."""
    yield from leaves(runbook.steps)
