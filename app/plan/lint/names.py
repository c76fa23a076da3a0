"""Names: every id that is referred to exists, and no id means two things (I2, T6, T7, T8, W1, W5, C1, G3, S5, …)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.plan.format.runbooks import Runbook
from app.plan.inherit import everything, leaves
from app.plan.playbook import Playbook
from app.plan.problems import shown
from app.plan.reading import Path, Reading, Reference
from app.plan.terms import Access

_SAID = {
    "entry": "no such entry", "step": "no step of this runbook, nor an entry", "fact": "no attribute or earlier answer",
    "training": "no such training", "severity": "no such severity", "type": "no such type of issue",
}  # fmt: skip


def lint_names(book: Playbook, reading: Reading) -> None:
    names = spaces(book)
    for reference in reading.references:
        known = known_to(reference, names, book)
        if reference.name not in known:
            said = _SAID.get(reference.space, f"no {reference.space}")
            quoted = f"`{shown(reference.name)}`"
            text = f"{said} {quoted}" if said == f"no {reference.space}" else f"{quoted}: {said}"
            reading.problem(reference.rule, reference.mark, reference.path, text + reading.near(reference.name, known))
    _unique(book.dated(), reading, "an entry")
    for section, what in ((book.roles, "a role"), (book.metrics, "a metric")):
        _unique(everything(section), reading, what)
    _attributes(book, reading)
    for runbook in book.runbooks.values():
        back = runbook.back_out.steps if runbook.back_out else {}
        _unique([*everything(runbook.steps), *everything(back)], reading, "a step")
    if not any(problem.id.startswith("F") and problem.level == "error" for problem in reading.problems):
        _unused_roles(book, reading)  # where a part could not be read, a role may be used there


def spaces(book: Playbook) -> Mapping[str, Iterable[str]]:
    """Every name that can be referred to, by what it names; mappings where the thing itself is known."""
    issues = book.issues
    return {
        "entry": book.entries,
        "fact": _facts(book),
        "role": book.people,
        "wave": book.waves,
        "phase": book.phases,
        "workstream": book.workstreams,
        "attribute": book.attributes,
        "metric": book.figures,
        "training": {entry.id: entry for entry in everything(book.training)},
        "reconciliation": book.reconciliation,
        "coverage": book.coverage,
        "gate": book.gates,
        "runbook": book.runbooks,
        "severity": (issues.severities or {}) if issues else {},
        "type": (issues.types or {}) if issues else {},
    }


def known_to(reference: Reference, names: Mapping[str, Iterable[str]], book: Playbook) -> Iterable[str]:
    """Every name that a reference may mean; for a step those of its own runbook."""
    if reference.space == "step":
        runbook = book.runbooks.get(reference.path[1])
        steps = list(_step_ids(runbook)) if runbook else []
        return steps if reference.rule == "R4" else [*steps, *names["entry"]]
    return names[reference.space]


def _step_ids(runbook: Runbook) -> Iterable[str]:
    yield from (step.id for step in everything(runbook.steps))
    if runbook.back_out:
        yield from (step.id for step in everything(runbook.back_out.steps))


def _facts(book: Playbook) -> set[str]:
    found = {"wave", *book.attributes}
    for task in book.work:
        found.add(task.id)
        found.update(f"{task.id}.{line}" for line in checklist_paths(task.checklist))
    return found


def checklist_paths(items: Mapping[str, Any] | None, before: str = "") -> Iterable[str]:
    """Dotted paths of all lines of a checklist."""
    for name, item in (items or {}).items():
        yield before + name
        yield from checklist_paths(item.checklist, f"{before}{name}.")


def _unique(entries: Iterable[Any], reading: Reading, what: str) -> None:
    placed = sorted(entries, key=lambda entry: _position(reading, entry.path))
    first: dict[str, Path] = {}
    for entry in placed:
        if entry.id in first:
            line = reading.key_mark(first[entry.id]).line
            reading.at_key("I2", entry.path, f"`{entry.id}` is used twice for {what} (line {line})")
        else:
            first[entry.id] = entry.path


def _position(reading: Reading, path: Path) -> tuple[int, int]:
    mark = reading.key_mark(path)
    return mark.line, mark.column


def _attributes(book: Playbook, reading: Reading) -> None:
    """An attribute and a task of one name could not be told apart in a condition."""
    tasks = {task.id: task for task in book.work}
    for name, attribute in book.attributes.items():
        if name in tasks:
            pair = sorted((attribute.path, tasks[name].path), key=lambda path: _position(reading, path))
            line = reading.key_mark(pair[0]).line
            reading.at_key("I2", pair[1], f"`{name}` is used twice, for an attribute and a task (line {line})")


def _unused_roles(book: Playbook, reading: Reading) -> None:
    named = {reference.name for reference in reading.references if reference.space == "role"}
    for role in leaves(book.roles):
        if role.id not in named and role.access is Access.MEMBER:
            reading.at_key("W5", role.path, f"role `{role.id}` is never used")
