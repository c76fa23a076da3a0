"""Answers on the page: the field that asks, and the words that tell what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.plan.format.answers import RESULTS, Answer
from app.rules.tables import ROW, table_hint

_INPUT_TYPES: Final = {"date": "date", "time": "time", "number": "text", "duration": "text", "person": "text"}
_HINTS: Final = {"duration": "Such as 45m or 2h30m.", "person": "A name."}
_YES_NO: Final = (("yes", "Yes"), ("no", "No"))


def value_words(value: Any, unit: str = "") -> str:
    """A stored answer as a person would say it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {value_words(one)}" for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ("; " if any(isinstance(one, Mapping | list) for one in value) else ", ").join(map(value_words, value))
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{number}\u00a0{unit}" if unit else number


def asked_field(
    answer: Answer, label: str, value: Any, error: str | None, id_: str, titles: Sequence[str] | None
) -> dict[str, Any]:
    """What the form shows: `control` is field, textarea, choices or table, the rest are its values.

    `value` is a stored answer, or the text as it was typed; `titles` are the rows that a table asks for.
    """
    typed = value if isinstance(value, str) else typed_words(answer, value)
    field: dict[str, Any] = {"label": label, "value": typed, "error": error, "id": id_, "hint": wanted_words(answer)}
    if answer.type == "text":
        return {**field, "control": "textarea"}
    if answer.type in ("yes-no", "result", "choice", "choices"):
        many = answer.type == "choices"
        chosen = typed.splitlines() if many else typed
        return {**field, "control": "choices", "options": _options(answer), "multiple": many, "value": chosen}
    if answer.type == "table":
        return {**field, "control": "table", "hint": table_hint(answer, titles)}
    kind = _INPUT_TYPES.get(answer.type, "text")
    numeric = {"inputmode": "decimal"} if answer.type == "number" else {}
    return {**field, "control": "field", "type": kind, "unit": answer.unit or None, "attrs": numeric}


def _options(answer: Answer) -> list[dict[str, str]]:
    if answer.type == "yes-no":
        return [{"value": value, "label": label} for value, label in _YES_NO]
    if answer.type == "result":
        return [{"value": name, "label": name.capitalize()} for name in RESULTS]
    return [{"value": name, "label": name} for name in answer.options]


def typed_words(answer: Answer, value: Any) -> str:
    """A stored answer as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if answer.type == "choices":
        return "\n".join(value)
    if answer.type == "table":
        return "\n".join(_typed_row(answer, row) for row in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _typed_row(answer: Answer, row: Mapping[str, Any]) -> str:
    """The cells of a row, the title first where the table asks for certain rows."""
    cells = [typed_words(column, row.get(id_)) for id_, column in (answer.columns or {}).items()]
    return " | ".join([row[ROW], *cells] if ROW in row else cells)


def wanted_words(answer: Answer) -> str | None:
    """What is asked, and what is good enough."""
    good = f"Good enough: {answer.passes.text}{f' {answer.unit}' if answer.unit else ''}." if answer.passes else ""
    return " ".join(word for word in (_HINTS.get(answer.type, ""), good) if word) or None
