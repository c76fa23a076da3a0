"""What the guided form offers: the entries of the playbook that may be changed, and how the chosen one stands."""

from __future__ import annotations

from typing import Any, Final

from app.plan import Playbook
from app.plan.draft.guided import groups, lines, trainings
from app.plan.format.who import Who

Option = tuple[str, str]
KINDS: Final = (
    ("add-task", "A new task"),
    ("change-task", "A task, otherwise"),
    ("training", "A point of a training"),
    ("line", "A daily count"),
)


def kinds(book: Playbook) -> list[Option]:
    """What can change in this playbook."""
    there = {"add-task": True, "change-task": bool(book.work), "training": bool(book.sessions),
             "line": bool(book.reconciliation)}  # fmt: skip
    return [(do, title) for do, title in KINDS if there[do]]


def offered(book: Playbook, do: str) -> dict[str, Any]:
    """Options for the selects of one kind of change."""
    return {
        "groups": [("", "By itself"), *((one.id, one.title) for one in groups(book))],
        "owners": [(role.id, role.title) for role in book.people.values() if not role.staff],
        "waves": [{"value": wave.id, "label": wave.title} for wave in book.waves.values()],
        "entries": _entries(book, do),
    }


def _entries(book: Playbook, do: str) -> list[Option]:
    if do == "change-task":
        return [(task.id, task.title) for task in book.work]
    if do == "training":
        return [(one.id, one.title) for one in trainings(book)]
    if do == "line":
        new = [(f"{one.id}/", f"{one.title}: a new line") for one in book.reconciliation.values()]
        return [*new, *((f"{one.id}/{line.id}", f"{one.title}: {line.title}") for one, line in lines(book))]
    return []


def stands(book: Playbook, do: str, entry: str) -> list[Option] | None:
    """How the chosen entry stands now, label by label; None where none is chosen, or it is not there."""
    if do == "add-task":
        return []
    if do == "change-task":
        task = next((one for one in book.work if one.id == entry), None)
        return None if task is None else _said(
            ("Task", task.title), ("Who", _who(book, task.owner)), ("Due", task.due.text if task.due else ""),
            ("How", task.how), ("Checklist", ", ".join(one.title for one in (task.checklist or {}).values())),
        )  # fmt: skip
    if do == "training":
        training = next((one for one in trainings(book) if one.id == entry), None)
        return None if training is None else _said(
            ("Training", training.title), ("Topics", ", ".join(training.topics)),
            ("Practised", ", ".join(one.title for one in (training.checklist or {}).values())),
        )  # fmt: skip
    return _count(book, entry)


def _count(book: Playbook, entry: str) -> list[Option] | None:
    record, _, name = entry.partition("/")
    known = book.reconciliation.get(record)
    line = (known.lines or {}).get(name) if known else None
    if known is None or (name and line is None):
        return None
    if line is None:
        return _said(
            ("In", known.title), ("Counted there", ", ".join(one.title for one in (known.lines or {}).values()))
        )
    return _said(
        ("In", known.title), ("Count", line.title), ("Compares", " with ".join(line.compare or ())),
        ("Tolerance", line.tolerance.text), ("How", line.how),
    )  # fmt: skip


def _said(*facts: Option) -> list[Option]:
    return [(label, value) for label, value in facts if value]


def _who(book: Playbook, who: Who | None) -> str:
    return ", ".join(book.people[role].title if role in book.people else role for role in (who.roles if who else ()))
