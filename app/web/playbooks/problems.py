"""Mistakes of a playbook or a locations file as the pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.plan import Problem, Report
from app.plan.change_kinds import ChangeKind
from app.plan.versions import Change
from app.rules.clock import count

LINES_AROUND = 2
LONGEST_VALUE = 400
_KINDS = {
    ChangeKind.WORDING: "Wording",
    ChangeKind.DEMAND: "What is asked",
    ChangeKind.DATE: "Date",
    ChangeKind.PLACE: "Place",
    ChangeKind.WHO: "Who",
    ChangeKind.ADDED: "New",
    ChangeKind.REMOVED: "Gone",
}


def shown_problem(problem: Problem) -> dict[str, Any]:
    """A mistake for the `code` and `problems` macros."""
    return {
        "line": problem.line,
        "column": problem.column,
        "id": problem.id,
        "kind": problem.level,
        "message": f"{problem.path}: {problem.message}" if problem.path else problem.message,
        "hint": None,
    }


def problem_words(report: Report) -> str:
    words = [
        count(len(report.errors), "error"),
        count(len(report.warnings), "warning"),
        count(len(report.notes), "note"),
    ]
    return ", ".join(words)


def lines_of(text: str, wanted: Sequence[int]) -> list[dict[str, Any]]:
    """The lines with a problem and a few around each; nothing where there is none."""
    rows = text.split("\n")
    near = {no for line in wanted for no in range(line - LINES_AROUND, line + LINES_AROUND + 1)}
    return [{"no": no, "text": rows[no - 1][:400]} for no in sorted(near) if 1 <= no <= len(rows)]


def shown_change(change: Change) -> dict[str, str]:
    """A difference between two versions for a table: what, which kind of change, and both values."""
    name = f"{change.section} {change.entry}".strip()
    return {
        "what": f"{name}: {change.key}" if change.key else name,
        "kind": _KINDS[change.kind],
        "was": _short(change.old),
        "is": _short(change.new),
    }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
