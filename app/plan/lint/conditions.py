"""Conditions: each line can hold (C2, C4), tables and lists take rows from attributes with several values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.plan.format.answers import RESULTS, Answer
from app.plan.format.conditions import ALWAYS, Condition, Line
from app.plan.inherit import everything
from app.plan.language.compare import Comparison
from app.plan.playbook import Playbook
from app.plan.problems import shown
from app.plan.reading import Reading


def lint_conditions(book: Playbook, reading: Reading) -> None:
    asked = _asked(book)
    for condition in _conditions(book):
        for line in condition.all_lines if condition else ():
            if line.fact == "wave":
                _words(line, tuple(book.waves), reading)
            elif line.fact in asked:
                _line(line, asked[line.fact], reading)
    for task in book.work:
        attribute = book.attributes.get(task.each) if isinstance(task.each, str) else None
        if attribute is not None and attribute.answer is not None and attribute.answer.type != "choices":
            say = f"`{task.each}` has one value a location; `each` needs an attribute with several (choices)"
            reading.at_value("C4", (*task.path, "each"), say)


def _asked(book: Playbook) -> dict[str, Answer]:
    """What may be asked by name: attributes, tasks and lines of their checklists."""
    found = {name: attribute.answer for name, attribute in book.attributes.items() if attribute.answer}
    for task in book.work:
        found[task.id] = task.answer
        _below(task.checklist, f"{task.id}.", found)
    return found


def _below(items: Mapping[str, Any] | None, before: str, found: dict[str, Answer]) -> None:
    for name, item in (items or {}).items():
        found[before + name] = item.answer
        _below(item.checklist, f"{before}{name}.", found)


def _conditions(book: Playbook) -> Iterable[Condition | None]:
    """Every condition of the file; handed-down ones come again and are reported once; None where unreadable."""
    for entry in (*everything(book.tasks), *everything(book.training)):
        yield entry.where
        yield from _checklist(getattr(entry, "checklist", None))
    for runbook in book.runbooks.values():
        back = runbook.back_out.steps if runbook.back_out else {}
        for step in (*everything(runbook.steps), *everything(back)):
            yield step.where
            yield from _checklist(getattr(step, "checklist", None))
    for gate in book.gates.values():
        for criterion in (gate.criteria or {}).values():
            yield from (test.where for test in (criterion, *criterion.any))
    for selection in book.selection.values():
        for rules in (selection.exclude, selection.criteria, selection.together):
            yield from (rule.where for rule in (rules or {}).values())
        yield from (mix.where for mix in selection.mix)
    if book.issues:
        for severity in (book.issues.severities or {}).values():
            yield from (target.where for target in severity.targets)


def _checklist(items: Mapping[str, Any] | None) -> Iterable[Condition]:
    for item in (items or {}).values():
        if item.where is not ALWAYS:
            yield item.where
        yield from _checklist(item.checklist)


def _line(line: Line, answer: Answer, reading: Reading) -> None:
    if answer.type in ("choice", "choices"):
        _words(line, answer.options, reading)
    elif answer.type == "result":
        _words(line, RESULTS, reading)
    else:
        for number, test in enumerate(line.tests):
            if wrong := _misfit(answer, test):
                reading.at_value("C2", _place(line, number, reading), f"`{line.fact}` {wrong}")


def _misfit(answer: Answer, test: Comparison) -> str:
    numeric = test.value.number is not None
    if answer.type == "number":
        return "" if numeric else f"is a number, never `{shown(test.text)}`"
    if answer.type in ("yes-no", "tick"):
        return "" if test.value.option in ("true", "false") else f"is true or false, never `{shown(test.text)}`"
    return "is text and cannot be compared with a figure" if test.operator not in ("is", "is not") else ""


def _words(line: Line, known: tuple[str, ...], reading: Reading) -> None:
    for number, test in enumerate(line.tests):
        if str(test.value) not in known:
            hint = reading.near(str(test.value), known) or f" ({', '.join(known)})"
            say = f"`{line.fact}` is never `{shown(test.value)}`{hint}"
            reading.at_value("C4", _place(line, number, reading), say)
        elif test.operator not in ("is", "is not"):
            reading.at_value(
                "C2", _place(line, number, reading), f"`{line.fact}` is a word; `{test.operator}` compares figures"
            )


def _place(line: Line, number: int, reading: Reading) -> tuple[str, ...]:
    item = (*line.path, str(number))
    return item if reading.written(item) else line.path
