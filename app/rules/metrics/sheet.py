"""Readings in a table, one a row: read, and every fault said by its row. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from app.plan.language.dates import parse_iso_date
from app.plan.problems import Wrong
from app.rules.metrics.judging import figure_of

COLUMNS: Final = ("location", "metric", "first", "last", "value", "of", "note", "reason")
NEEDED: Final = COLUMNS[:5]
NETWORK: Final = "network"
WAVE: Final = "wave:"
MOST_ROWS: Final = 20_000
LONGEST_CELL: Final = 1_000
_MIDNIGHT: Final = "T00:00:00"
"""How a cell of a workbook that holds a day reads."""


class SheetError(ValueError):
    """The table cannot be read at all; the message says why."""


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (the heading is 1), its cells by column, what they say, and what is wrong."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    value: Decimal | None = None
    size: Decimal | None = None
    faults: tuple[str, ...] = ()

    def cell(self, name: str) -> str:
        return self.cells.get(name, "")

    @property
    def location(self) -> str:
        """The id of the location; empty for what is read once for many."""
        name = self.cell("location")
        return "" if name == NETWORK or name.startswith(WAVE) else name

    @property
    def wave(self) -> str:
        name = self.cell("location")
        return name.removeprefix(WAVE).strip() if name.startswith(WAVE) else ""


def read_rows(table: Iterable[Sequence[str]]) -> list[Row]:
    """The rows below the heading; those without a figure and empty ones are left out. A template that is filled in half
    can be sent so. Raises `SheetError` for a table without the columns that are needed, or with too many rows.
    """
    lines = iter(table)
    names = [name.strip().lower() for name in next(lines, [])]
    _demand_columns(names)
    found = []
    for number, line in enumerate(lines, start=2):
        cells = {name: cell.strip() for name, cell in zip(names, line, strict=False) if name}
        if not any(cells.get(name) for name in ("value", "of", "note", "reason")):
            continue
        found.append(_row(number, cells))
        if len(found) > MOST_ROWS:
            raise SheetError(f"At most {MOST_ROWS:,} figures at once.")
    if not found:
        raise SheetError("There is no figure below the heading.")
    return found


def _demand_columns(names: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise SheetError(f"The heading lacks {', '.join(missing)}. Its columns are {', '.join(COLUMNS)}.")
    known = [name for name in names if name]
    if len(set(known)) != len(known) or set(known) - {*COLUMNS}:
        raise SheetError(
            f"The heading has columns that are not known here, or one twice. Known are {', '.join(COLUMNS)}."
        )


def _row(number: int, sent: Mapping[str, str]) -> Row:
    cells = {name: cell.replace("\r\n", "\n").replace("\r", "\n") for name, cell in sent.items()}
    faults = [f"{name} is missing." for name in NEEDED if not cells.get(name)]
    faults += [f"{name} holds a character that cannot be shown." for name, cell in cells.items() if _hidden(cell)]
    faults += [f"{name} is longer than {LONGEST_CELL:,} characters." for name, cell in cells.items()
               if len(cell) > LONGEST_CELL]  # fmt: skip
    first, last = (_day(name, cells.get(name, ""), faults) for name in ("first", "last"))
    value, size = (_figure(name, cells.get(name, ""), faults) for name in ("value", "of"))
    return Row(number, cells, first, last, value, size, tuple(faults))


def _hidden(text: str) -> bool:
    return any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in text)


def _day(name: str, text: str, faults: list[str]) -> date | None:
    try:
        return parse_iso_date(text.removesuffix(_MIDNIGHT)) if text else None
    except (Wrong, ValueError):
        faults.append(f"{name} is written as 2027-02-08.")
        return None


def _figure(name: str, text: str, faults: list[str]) -> Decimal | None:
    try:
        return figure_of(text) if text else None
    except ValueError as fault:
        faults.append(f"{name}: {fault}.")
        return None
