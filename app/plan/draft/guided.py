"""The few changes of a playbook that a lesson or a measured run usually asks for, each as an edit of its text."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeVar

from app.plan.draft.edits import append, put
from app.plan.draft.writing import Value
from app.plan.format.rhythm import Reconciliation, ReconciliationLine
from app.plan.format.runbooks import Runbook, Step
from app.plan.format.tasks import Group, Task
from app.plan.format.training import Training
from app.plan.inherit import everything, leaves
from app.plan.playbook import Playbook
from app.plan.reading import Path
from app.plan.terms import ID_LIMIT, RESERVED

Named = TypeVar("Named")
_NO_ID = re.compile(r"[^a-z0-9]+")


class Unfit(ValueError):
    """A change that cannot be made as it stands: which field, and what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, kw_only=True)
class AddTask:
    """A task more, in a group or (empty) in the section itself. What is left empty is handed down by the group; no
    `waves`: in all of them. `entry` is its id, made from the title where it is empty or taken.
    """

    title: str
    group: str = ""
    owner: str = ""
    due: str = ""
    waves: tuple[str, ...] = ()
    how: str = ""
    entry: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeTask:
    """Another title, owner, date or way of doing a task; empty: as it is. `line` is a line more on its checklist."""

    entry: str
    title: str = ""
    owner: str = ""
    due: str = ""
    how: str = ""
    line: str = ""


@dataclass(frozen=True, kw_only=True)
class AddPoint:
    """A topic more of a training, or a line more of what is practised in it."""

    entry: str
    topic: str = ""
    line: str = ""


@dataclass(frozen=True, kw_only=True)
class SetLine:
    """A line of a reconciliation: a new one, or (`line`) other words, sources or tolerance for one; empty: as it is."""

    entry: str
    line: str = ""
    title: str = ""
    left: str = ""
    right: str = ""
    tolerance: str = ""
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class SetMinutes:
    """Other planned minutes for a step of a runbook, on its way forward or back."""

    entry: str
    step: str
    minutes: int


Change = AddTask | ChangeTask | AddPoint | SetLine | SetMinutes
KINDS: Final[Mapping[str, type[Change]]] = {
    "add-task": AddTask,
    "change-task": ChangeTask,
    "training": AddPoint,
    "line": SetLine,
    "minutes": SetMinutes,
}
"""The changes by the word under which they are kept."""


def kept(change: Change) -> dict[str, Any]:
    """A change as a row keeps it."""
    word = next(word for word, kind in KINDS.items() if isinstance(change, kind))
    return {"do": word, **{name: list(one) if isinstance(one, tuple) else one for name, one in asdict(change).items()}}


def stored(row: Mapping[str, Any]) -> Change:
    """A kept change. Raises KeyError for one that is of no known kind."""
    given: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in row.items() if name != "do"
    }
    return KINDS[row["do"]](**given)


def applied(text: str, playbook: Playbook, change: Change) -> str:
    """The text of a playbook with a change made in it, and nothing else. Raises Unfit."""
    match change:
        case AddTask():
            return _add_task(text, playbook, change)
        case ChangeTask():
            return _change_task(text, playbook, change)
        case AddPoint():
            return _add_point(text, playbook, change)
        case SetLine():
            return _set_line(text, playbook, change)
        case SetMinutes():
            return put(text, (*_step(playbook, change).path, "takes"), f"{change.minutes}m")


def said(playbook: Playbook, change: Change) -> str:
    """What a change does, in a few words of the playbook. Raises Unfit for an entry that is not there."""
    match change:
        case AddTask():
            return f"New task: {change.title}"
        case ChangeTask():
            return f"Change of the task: {_task(playbook, change.entry).title}"
        case AddPoint():
            return f"One point more in the training: {_training(playbook, change.entry).title}"
        case SetLine():
            known = (_reconciliation(playbook, change.entry).lines or {}).get(change.line)
            return f"Change of the daily count: {known.title}" if known else f"New daily count: {change.title}"
        case SetMinutes():
            return f"{change.minutes} minutes for the step: {_step(playbook, change).title}"


def _add_task(text: str, playbook: Playbook, change: AddTask) -> str:
    group = _group(playbook, change.group) if change.group else None
    path = (*group.path, "tasks") if group else ("tasks",)
    taken = {*playbook.entries, *playbook.attributes, *playbook.retired, *RESERVED}
    entry = change.entry if change.entry and change.entry not in taken else new_id(change.title, taken)
    value: dict[str, Value] = {"title": _demanded("title", change.title, "Say what is to be done.")}
    value |= {name: one for name, one in (("owner", change.owner), ("due", change.due), ("how", change.how)) if one}
    if change.waves and set(change.waves) != set(playbook.waves):
        value["where"] = {"wave": [wave for wave in playbook.waves if wave in change.waves]}
    return put(text, (*path, entry), value if len(value) > 1 else change.title)


def _change_task(text: str, playbook: Playbook, change: ChangeTask) -> str:
    task = _task(playbook, change.entry)
    new = {"title": change.title, "owner": change.owner, "due": change.due, "how": change.how}
    text = _set(text, task.path, new)
    if change.line:
        text = _with_line(text, task.path, change.line, task.checklist)
    return _demand_other(text, bool(change.line) or any(new.values()))


def _add_point(text: str, playbook: Playbook, change: AddPoint) -> str:
    training = _training(playbook, change.entry)
    if change.topic:
        text = append(text, (*training.path, "topics"), change.topic)
    if change.line:
        text = _with_line(text, training.path, change.line, training.checklist)
    return _demand_other(text, bool(change.topic or change.line), "topic")


def _set_line(text: str, playbook: Playbook, change: SetLine) -> str:
    record = _reconciliation(playbook, change.entry)
    lines = record.lines or {}
    if bool(change.left) != bool(change.right):
        raise Unfit("right" if change.left else "left", "Two sources are compared: name both.")
    known = lines.get(change.line)
    if known is None:
        line = new_id(change.title, set(lines))
        value: dict[str, Value] = {"title": _demanded("title", change.title, "Say what is counted.")}
        value["compare"] = [_demanded("left", change.left, "Two sources are compared: name both."), change.right]
        value |= _tolerance(change) | ({"how": change.how} if change.how else {})
        return put(text, (*record.path, "lines", line), value)
    new: dict[str, Value] = {"title": change.title, **_tolerance(change), "how": change.how}
    if change.left:
        new["compare"] = [change.left, change.right]
    _demand_other(text, any(new.values()) or "tolerance" in new)
    return _set(text, known.path, new)


def _tolerance(change: SetLine) -> dict[str, Value]:
    """A bare figure is written as one."""
    given = change.tolerance
    return {"tolerance": int(given) if given.isascii() and given.isdigit() else given} if given else {}


def _set(text: str, path: Path, new: Mapping[str, Value]) -> str:
    for name, value in new.items():
        if value != "":
            text = put(text, (*path, name), value)
    return text


def _with_line(text: str, path: Path, title: str, known: Mapping[str, Any] | None) -> str:
    return put(text, (*path, "checklist", new_id(title, set(known or {}))), title)


def _demanded(field: str, given: str, otherwise: str) -> str:
    if not given:
        raise Unfit(field, otherwise)
    return given


def _demand_other(text: str, other: bool, field: str = "title") -> str:
    if not other:
        raise Unfit(field, "Nothing would change: say what is to be different.")
    return text


def new_id(title: str, taken: Collection[str]) -> str:
    """An id that a title suggests and that is free."""
    words = _NO_ID.sub("-", title.lower()).strip("-").lstrip("0123456789-")
    stem = words[: ID_LIMIT - 4].rstrip("-") or "added"
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def groups(playbook: Playbook) -> list[Group]:
    """The groups into which a task may go, outer ones first."""
    return [entry for entry in everything(playbook.tasks) if isinstance(entry, Group)]


def trainings(playbook: Playbook) -> list[Training]:
    return list(leaves(playbook.training))


def lines(playbook: Playbook) -> list[tuple[Reconciliation, ReconciliationLine]]:
    """Every line of every reconciliation, each with its record."""
    return [(one, line) for one in playbook.reconciliation.values() for line in (one.lines or {}).values()]


def _group(playbook: Playbook, entry: str) -> Group:
    return _named("group", entry, {one.id: one for one in groups(playbook)}, "group of tasks")


def _task(playbook: Playbook, entry: str) -> Task:
    return _named("entry", entry, {one.id: one for one in playbook.work}, "task")


def _training(playbook: Playbook, entry: str) -> Training:
    return _named("entry", entry, {one.id: one for one in trainings(playbook)}, "training")


def _reconciliation(playbook: Playbook, entry: str) -> Reconciliation:
    return _named("entry", entry, playbook.reconciliation, "daily count")


def _step(playbook: Playbook, change: SetMinutes) -> Step:
    runbook: Runbook = _named("entry", change.entry, playbook.runbooks, "runbook")
    back = runbook.back_out.steps if runbook.back_out else None
    known: dict[str, Step] = {one.id: one for items in (back, runbook.steps) for one in leaves(items)}
    return _named("step", change.step, known, "step")


def _named(field: str, entry: str, known: Mapping[str, Named], what: str) -> Named:
    if entry not in known:
        raise Unfit(field, f"The newest version has no such {what}: choose another.")
    return known[entry]
