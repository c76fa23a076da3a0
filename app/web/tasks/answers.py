"""Answers on the page: the field that asks, and the words that tell what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.plan.format.answers import Answer
from app.web.tasks.tables import table_field
from app.web.tasks.typed import INPUT_TYPES, options_of, typed_words, wanted_words


def asked_field(
    answer: Answer, label: str, value: Any, error: str | None, id_: str, titles: Sequence[str] | None
) -> dict[str, Any]:
    """What the form shows: `control` is field, textarea, choices or table, the rest are its values.

    `value` is a stored answer, or what was typed; `titles` are the rows that a table asks for.
    """
    field: dict[str, Any] = {"label": label, "error": error, "id": id_, "hint": wanted_words(answer)}
    if answer.type == "table":
        return {**field, **table_field(answer, value, id_, titles)}
    typed = value if isinstance(value, str) else typed_words(answer, value)
    field["value"] = typed
    if answer.type == "text":
        return {**field, "control": "textarea"}
    if answer.type in ("yes-no", "result", "choice", "choices"):
        many = answer.type == "choices"
        chosen = typed.splitlines() if many else typed
        return {**field, "control": "choices", "options": options_of(answer), "multiple": many, "value": chosen}
    kind = INPUT_TYPES.get(answer.type, "text")
    numeric = {"inputmode": "decimal"} if answer.type == "number" else {}
    return {**field, "control": "field", "type": kind, "unit": answer.unit or None, "attrs": numeric}
