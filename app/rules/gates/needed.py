"""What a criterion asks for, in a few words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.plan.format.gates import DAILY, UNOWNED, Criterion, Test
from app.rules.clock import written
from app.rules.rollouts.criteria import share_of


def tests_of(criterion: Criterion) -> Sequence[tuple[str, Test]]:
    """What it asks for, each with its name in the records of a gate: one of several where it names alternatives."""
    if not criterion.any:
        return [(criterion.id, criterion)]
    return [(f"{criterion.id}.{number}", test) for number, test in enumerate(criterion.any, 1)]


def needed_words(criterion: Criterion) -> str:
    """`all done`, `at least 100 %`, `yes, or all done`."""
    return ", or ".join(dict.fromkeys(_words(test) for _, test in tests_of(criterion)))


def _words(test: Test) -> str:
    passes = test.passes.text if test.passes else ""
    match test.source:
        case "tasks":
            share = share_of(test.passes)
            return "all done" if share >= 100 else f"{share:g}% done"
        case "training":
            return f"{passes} passed" if passes else "all passed"
        case "issues":
            return _issues(test, passes)
        case "reconciliation":
            return f"{passes or 'at least 1'} clean in a row"
        case "coverage":
            return f"{passes or 'at least 100 %'} filled"
        case "rehearsal":
            return f"one inside the window, {passes or 'is 0'} blocked"
        case "gate":
            return "go"
        case "baseline":
            return "captured and signed"
        case "unmodified":
            return "nothing changed by hand"
        case "answer":
            return _answer(test)
    return passes


def _issues(test: Test, passes: str) -> str:
    """`none open`, `none without an owner`, `at most 2 opened a day for 5 days`."""
    if test.counts == UNOWNED:
        return f"{passes or 'none'} without an owner"
    if test.counts == DAILY and test.over is not None:
        return f"{passes} opened a day for {written(test.over)}"
    return f"{passes or 'none'} open"


def _answer(test: Test) -> str:
    answer = test.answer
    if answer is None:
        return ""
    if answer.passes is not None:
        return f"{answer.passes.text} {answer.unit}".strip()
    return {"yes-no": "yes", "tick": "yes", "result": "pass"}.get(answer.type, "answered")
