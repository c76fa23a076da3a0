"""Work relative value units (RVU) by procedure code, from the public file of the Medicare physician fee schedule. Pure.

The layout is that of the National Physician Fee Schedule Relative Value File of the Centers for Medicare & Medicaid
Services: a preface that names the year, a head of several rows with names of columns one above the other, then one row
for each code and modifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

PROFESSIONAL: Final = "26"
"""The modifier of the professional component."""
_YEAR: Final = re.compile(r"\b((?:19|20)\d\d)\b.*\bRelative Value File\b", re.IGNORECASE)
_CODE: Final = re.compile(r"[0-9A-Z]{5}\Z")
_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}\Z")
_PREFACE: Final = 40
"""Within so many rows the head must come."""
_STACKED: Final = 5
"""So many rows make the head, at most."""
_MOST: Final = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row (1 is the first of the file), and what would be right."""

    row: int
    said: str


@dataclass(frozen=True)
class RelativeValues:
    """Of one year: the work RVU of the professional component of each code. `faults` are rows that were passed over."""

    year: int
    work: Mapping[str, Decimal]
    faults: tuple[RowFault, ...] = ()

    def value(self, code: str) -> Decimal | None:
        return self.work.get(code)


@dataclass
class _Columns:
    code: int
    modifier: int
    work: int


@dataclass
class _Read:
    """What was read so far: of each code the row of its professional component, and that without a modifier."""

    professional: dict[str, Decimal] = field(default_factory=dict)
    plain: dict[str, Decimal] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)

    def take(self, number: int, row: Sequence[str], columns: _Columns) -> None:
        code, modifier = _cell(row, columns.code).upper(), _cell(row, columns.modifier).upper()
        if not any(cell.strip() for cell in row):
            return
        fault, value = "", None
        if not _CODE.match(code):
            fault = f"“{code[:20]}” is no procedure code of five letters and digits"
        elif modifier and not _MODIFIER.match(modifier):
            fault = f"“{modifier[:20]}” is no modifier of two letters and digits"
        elif modifier in ("", PROFESSIONAL):
            value = _figure(_cell(row, columns.work))
            into = self.professional if modifier else self.plain
            if value is None:
                fault = f"the work RVU “{_cell(row, columns.work)[:20]}” is no figure from 0 to {_MOST:,}"
            elif into.setdefault(code, value) != value:
                fault = f"{code}{f' with modifier {modifier}' if modifier else ''} stood before with {into[code]}"
        if fault:
            self.faults.append(RowFault(number, fault))


def read_relative_values(rows: Iterable[Sequence[str]]) -> RelativeValues:
    """The values of a file, from its rows of cells.

    Where a code has a row of the professional component (modifier 26), that one counts; a code without one is not
    divided, and its only row counts. The technical component (TC) has no work. Raises `ValueError` for a file whose
    year or head is not found.
    """
    numbered = enumerate(rows, start=1)
    year, columns = _head(numbered)
    found = _Read()
    for number, row in numbered:
        found.take(number, row, columns)
    return RelativeValues(year, {**found.plain, **found.professional}, tuple(found.faults))


def _head(rows: Iterator[tuple[int, Sequence[str]]]) -> tuple[int, _Columns]:
    """The year of the preface and the columns; the rows after the head are left."""
    year = 0
    before: list[Sequence[str]] = []
    for number, row in rows:
        if year == 0 and (named := _YEAR.search(" ".join(row))):
            year = int(named[1])
        if _cell(row, 0).upper() == "HCPCS":
            if not year:
                raise ValueError("the rows above the columns do not name the year of the relative value file")
            return year, _columns([*before[1 - _STACKED :], row])
        before.append(row)
        if number >= _PREFACE:
            break
    raise ValueError(f"no row among the first {_PREFACE} begins with HCPCS, the name of the column of codes")


def _columns(head: Sequence[Sequence[str]]) -> _Columns:
    """Names stand one above the other: `WORK` over `RVU`."""
    names = [" ".join(_cell(row, place) for row in head).upper().split() for place in range(len(head[-1]))]
    modifier = next((place for place, name in enumerate(names) if name[-1:] == ["MOD"]), None)
    work = next((place for place, name in enumerate(names) if name[-2:] == ["WORK", "RVU"]), None)
    if modifier is None or work is None:
        raise ValueError("the head has no column MOD, or no column WORK RVU")
    return _Columns(0, modifier, work)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _figure(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= _MOST else None
