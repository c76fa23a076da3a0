"""Facts known about a place, and whether a condition holds there: yes, no, or not yet known (None)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.plan.format.conditions import Condition, Line
from app.plan.language.compare import Comparison, Value


@dataclass(frozen=True, slots=True)
class Facts:
    """The wave, the stated attributes, and answers given so far by entry id (`assess`, `assess.memory`)."""

    wave: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        if name == "wave":
            return self.wave or None
        found = self.attributes.get(name)
        return self.answers.get(name) if found is None else found


def holds(condition: Condition, facts: Facts) -> bool | None:
    """Three-valued: one line that fails settles it; else an unknown fact leaves it open."""
    parts: list[bool | None] = [_line(line, facts) for line in condition.lines]
    parts += [_any(holds(each, facts) for each in group) for group in condition.any_of]
    parts += [_not(holds(each, facts)) for each in condition.none_of]
    return _all(parts)


def _line(line: Line, facts: Facts) -> bool | None:
    value = facts.value(line.fact)
    if value is None:
        return None
    values = value if isinstance(value, (list, tuple)) else [value]
    return _any(satisfied(test, each) for test in line.tests for each in values)


def _all(parts: Iterable[bool | None]) -> bool | None:
    known = list(parts)
    return False if False in known else None if None in known else True


def _any(parts: Iterable[bool | None]) -> bool | None:
    known = list(parts)
    return True if True in known else None if None in known else False


def _not(part: bool | None) -> bool | None:
    return None if part is None else not part


def satisfied(test: Comparison, value: Any, baseline: float | None = None) -> bool | None:
    """Whether a value passes a comparison; None where it is measured against a baseline that is not known."""
    if test.operator in ("is", "is not") and (test.value.number is None or not _is_number(value)):
        same = _word(value) == str(test.value)
        return same if test.operator == "is" else not same
    if not _is_number(value):
        return False
    limit = _limit(test.value, baseline)
    if limit is None:
        return None
    match test.operator:
        case "at least":
            return bool(value >= limit)
        case "at most":
            return bool(value <= limit)
        case "over":
            return bool(value > limit)
        case "under":
            return bool(value < limit)
        case "is":
            return bool(value == limit)
        case "is not":
            return bool(value != limit)
    upper = _limit(test.upper, baseline) if test.upper else None
    return None if upper is None else bool(limit <= value <= upper)


def _limit(value: Value, baseline: float | None) -> float | None:
    if value.number is None:
        return None
    if not value.of_baseline:
        return value.number
    return None if baseline is None else baseline * (value.number / 100 if value.percent else value.number)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if _is_number(value) else str(value)
