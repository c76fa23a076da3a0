"""Answers that are tables: rows of typed cells, read and judged column by column. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.plan.format.answers import Answer
from app.rules.tasks.answers import ROW, AnswerError, Verdict, judge, parse

MOST_ROWS = 200


def row_titles(answer: Answer, attributes: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The rows a table asks for at a place: listed, or the values of an attribute; None where people add their own."""
    if isinstance(answer.rows, str):
        stated = attributes.get(answer.rows)
        return tuple(str(value) for value in stated) if isinstance(stated, (list, tuple)) and stated else None
    return answer.rows or None


def rows_of_text(answer: Answer, text: str, titles: Sequence[str] | None) -> list[dict[str, str]]:
    """Rows as typed into one field: a row a line, its cells separated by `|` or, pasted from a sheet, by tabs.

    With `titles` a line may begin with its title. Raises AnswerError for a line with too many or too few cells.
    """
    columns = list(answer.columns or {})
    rows = []
    for number, line in enumerate(filter(str.strip, text.splitlines())):
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else "|")]
        titled = titles is not None and number < len(titles) and cells[0] == titles[number]
        cells = cells[1:] if titled and len(cells) == len(columns) + 1 else cells
        if len(cells) != len(columns):
            raise AnswerError(f"Line {number + 1} has {len(cells)} cells; {' | '.join(columns)} are asked for.")
        rows.append(dict(zip(columns, cells, strict=True)))
    return rows


def parse_table(
    answer: Answer, rows: Sequence[Mapping[str, str]], titles: Sequence[str] | None
) -> list[dict[str, Any]]:
    """The typed cells (column id to text, one mapping a row) as values that JSON can keep.

    With `titles` there must be one row for each, in their order, and the value holds the title under `row`; without,
    rows left empty are dropped. Raises AnswerError, which names row and column.
    """
    if len(rows) > MOST_ROWS:
        raise AnswerError(f"At most {MOST_ROWS} rows.")
    if titles is None:
        rows = [row for row in rows if any(text.strip() for text in row.values())]
        if not rows:
            raise AnswerError("Nothing was given.")
        return [_row(answer, row, str(number)) for number, row in enumerate(rows, 1)]
    if len(rows) != len(titles):
        raise AnswerError(f"{len(titles)} rows are asked for, {len(rows)} were given.")
    return [{ROW: title, **_row(answer, row, title)} for title, row in zip(titles, rows, strict=True)]


def _row(answer: Answer, row: Mapping[str, str], title: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, column in (answer.columns or {}).items():
        try:
            values[name] = parse(column, row.get(name, ""))
        except AnswerError as error:
            raise AnswerError(f"Row {title}, {name}: {error}") from error
    return values


def judge_table(answer: Answer, values: Sequence[Mapping[str, Any]]) -> Verdict:
    """The gravest verdict of all cells."""
    found = {judge(column, row.get(name)) for row in values for name, column in (answer.columns or {}).items()}
    return "fail" if "fail" in found else "unclear" if "unclear" in found else "pass"
