"""A table on the page: one field a cell, with the rows that are asked for or as many as people add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.plan.format.answers import Answer
from app.rules.tasks.answers import ROW
from app.rules.tasks.tables import MOST_ROWS
from app.web.tasks.typed import INPUT_TYPES, options_of, typed_words, wanted_words

EMPTY_ROWS: Final = 3


def rows_of_cells(columns: Sequence[str], cells: Sequence[str]) -> list[dict[str, str]]:
    """Cells as a form sends them, row after row, as one mapping of column id to text a row."""
    rows = [cells[at : at + len(columns)] for at in range(0, len(cells), len(columns))]
    return [dict(zip(columns, row, strict=False)) for row in rows[: MOST_ROWS + 1]]


def table_field(answer: Answer, value: Any, id_: str, titles: Sequence[str] | None) -> dict[str, Any]:
    """`columns` and `rows` of the form. `value` are rows as stored or as typed; `titles` are the rows asked for."""
    columns = answer.columns or {}
    given = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
    rows = _titled(given, titles) if titles is not None else [("", row) for row in _with_empty(given)]
    return {
        "control": "table",
        "columns": [
            {"id": name, "label": _label(name, column), "hint": wanted_words(column)}
            for name, column in columns.items()
        ],
        "titled": titles is not None,
        "rows": [_row(columns, title, row, id_, number) for number, (title, row) in enumerate(rows, 1)],
    }


def _titled(given: Sequence[Mapping[str, Any]], titles: Sequence[str]) -> list[tuple[str, Mapping[str, Any]]]:
    """The rows asked for, each with what was stored under its title, or typed in its place."""
    by_title = {row[ROW]: row for row in given if ROW in row}
    places = {title: row for title, row in zip(titles, given, strict=False) if ROW not in row}
    return [(title, by_title.get(title) or places.get(title) or {}) for title in titles]


def _with_empty(given: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    if not given:
        return [{} for _ in range(EMPTY_ROWS)]
    return [*given, *([{}] if any(given[-1].values()) else [])]


def _row(columns: Mapping[str, Answer], title: str, row: Mapping[str, Any], id_: str, number: int) -> dict[str, Any]:
    head = title or f"Row {number}"
    cells = [_cell(name, column, row.get(name), f"{id_}-{number}-{name}", head) for name, column in columns.items()]
    return {"title": head, "cells": cells}


def _cell(name: str, column: Answer, value: Any, id_: str, head: str) -> dict[str, Any]:
    typed = value if isinstance(value, str) else typed_words(column, value)
    cell = {"id": id_, "label": f"{_label(name, column)}, {head}", "value": typed, "options": options_of(column)}
    if column.type in ("yes-no", "result", "choice"):
        return {**cell, "control": "select"}
    if column.type in ("text", "choices"):
        return {**cell, "control": "lines"}
    numeric = "decimal" if column.type == "number" else None
    return {**cell, "control": "line", "type": INPUT_TYPES.get(column.type, "text"), "inputmode": numeric}


def _label(name: str, column: Answer) -> str:
    words = name.replace("-", " ").replace("_", " ")
    return f"{words[0].upper()}{words[1:]}{f' ({column.unit})' if column.unit else ''}"
