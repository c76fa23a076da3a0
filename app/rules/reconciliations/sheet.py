"""Counts in a table, one line a row, as a spreadsheet writes it: read, and every fault said by its row. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.plan.language.dates import parse_iso_date
from app.plan.problems import Wrong

COLUMNS: Final = ("location", "entry", "day", "line", "left", "right", "answer", "reason")
NEEDED: Final = COLUMNS[:4]
MOST_ROWS: Final = 5_000
LONGEST_CELL: Final = 4_000


class SheetError(ValueError):
    """The table cannot be read at all; the message says why."""


@dataclass(frozen=True)
class Row:
    """One row of the table: its number in the file (the heading is 1), its cells by column, and what is wrong with it.

    `day` is None where the cell holds none; then `faults` says so.
    """

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    day: date | None = None
    faults: tuple[str, ...] = ()

    def cell(self, name: str) -> str:
        return self.cells.get(name, "")


def read_sheet(text: str) -> list[Row]:
    """The rows of a table with a heading; empty ones are left out. Separated by commas, semicolons or tabs.

    Raises `SheetError` for a table without the columns that are needed, with others, without rows or with too many.
    """
    text = text.lstrip("\ufeff")
    heading = text.split("\n", 1)[0]
    mark = max(",;\t", key=heading.count)
    try:
        lines = list(csv.reader(text.splitlines(keepends=True), delimiter=mark, strict=True))
    except csv.Error as fault:
        raise SheetError(f"This is no table that can be read: {fault}.") from None
    names = [name.strip().lower() for name in lines[0]] if lines else []
    _demand_columns(names)
    numbered = [(number, line) for number, line in enumerate(lines[1:], start=2) if any(map(str.strip, line))]
    if not numbered:
        raise SheetError("There is nothing below the heading.")
    return rows_of_cells((number, _named(names, line), len(line) > len(names)) for number, line in numbered)


def rows_of_cells(found: Iterable[tuple[int, dict[str, str], bool]]) -> list[Row]:
    """Rows of cells that are named already: their numbers, the cells, and whether there were more than the heading
    names. Raises `SheetError` for too many.
    """
    lines = list(found)
    if len(lines) > MOST_ROWS:
        raise SheetError(f"At most {MOST_ROWS:,} rows at once; this has {len(lines):,}.")
    return _once([_row(number, cells, beyond) for number, cells, beyond in lines])


def _demand_columns(names: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise SheetError(f"The heading lacks {', '.join(missing)}. Its columns are {', '.join(COLUMNS)}.")
    if len(set(names)) != len(names) or set(names) - {*COLUMNS}:
        raise SheetError(
            f"The heading has columns that are not known here, or one twice. Known are {', '.join(COLUMNS)}."
        )


def _named(names: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    return {name: cell.strip() for name, cell in zip(names, line, strict=False)}


def _row(number: int, cells: dict[str, str], beyond: bool) -> Row:
    faults = [f"{name} is missing." for name in NEEDED if not cells.get(name)]
    faults += [f"{name} is longer than {LONGEST_CELL:,} characters." for name, cell in cells.items()
               if len(cell) > LONGEST_CELL]  # fmt: skip
    if beyond:
        faults.append("There are more cells than the heading names; a comma inside a text needs quotes around it.")
    day = None
    try:
        day = parse_iso_date(cells.get("day", ""))
    except (Wrong, ValueError):
        if cells.get("day"):
            faults.append("day is written as 2027-02-08.")
    return Row(number, cells, day, tuple(faults))


def _once(rows: list[Row]) -> list[Row]:
    """The same line of the same day twice could be read in two ways."""
    first: dict[tuple[str, ...], int] = {}
    found = []
    for row in rows:
        key = tuple(row.cell(name) for name in NEEDED)
        known = first.setdefault(key, row.number)
        again = () if known == row.number else (f"This line stands in row {known} already.",)
        found.append(Row(row.number, row.cells, row.day, (*row.faults, *again)))
    return found
