"""Worksheets from a file: a row for each line of hours of each radiologist. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from app.rules.productivity.cells import MOST_FAULTS, PREFACE, Row, blank, cell, columns_of, figure
from app.rules.productivity.figures import MOST_HOURS, MOST_SHARING, WEEK, Sheet, sheet_faults
from app.rules.productivity.hours import KIND_WORDS, WHOLE, HourKind, HoursLine
from app.rules.productivity.relative_values import RowFault

MOST_ROWS: Final = 10_000
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("radiologist", "name"),
    "weekly": ("weekly hours",),
    "worked": ("share worked",),
    "kind": ("kind",),
    "times": ("times",),
    "hours": ("hours",),
    "shared_by": ("shared by",),
    "within": ("taken off",),
    "note": ("note",),
}
NEEDED: Final = ("name", "weekly", "kind", "times", "hours")
_WORDS: Final = {"yes": True, "no": False, "": False}
_KINDS: Final = {word.casefold(): kind for kind, word in KIND_WORDS.items()} | {kind.value: kind for kind in HourKind}


@dataclass(frozen=True)
class Worksheets:
    """The worksheets of a file in its order; with `faults` none of them is taken. `faulty` counts them all."""

    sheets: tuple[Sheet, ...]
    faults: tuple[RowFault, ...] = ()
    faulty: int = 0


class LineFault(ValueError):
    """A line that cannot be taken: `fields` maps the name of a column to what is wrong with it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


def read_line(kind: str, times: str, hours: str, shared_by: str = "", within: str = "", note: str = "") -> HoursLine:
    """A line of hours as it is written. Raises `LineFault`."""
    found = _KINDS.get(kind.casefold())
    figures = {
        "times": figure(times, MOST_HOURS), "hours": figure(hours, MOST_HOURS),
        "shared_by": figure(shared_by, MOST_SHARING) if shared_by else WHOLE,
    }  # fmt: skip
    faults = {name: f"“{text[:20]}” is no figure." for name, text in
              (("times", times), ("hours", hours), ("shared_by", shared_by)) if figures[name] is None}  # fmt: skip
    if found is None:
        faults["kind"] = f"“{kind[:40]}” is no kind of hours."
    if within.lower() not in _WORDS:
        faults["within"] = "Write yes or no."
    if faults or found is None:
        raise LineFault(faults)
    values = {name: value for name, value in figures.items() if value is not None}
    return HoursLine(found, **values, within=_WORDS[within.lower()], note=note)


def read_worksheets(rows: Iterable[Row]) -> Worksheets:
    """The worksheets of a file. Rows of one name belong together. Raises `ValueError` for one without a head, without a
    row and of too many.
    """
    numbered = enumerate(rows, start=1)
    columns = _head(numbered)
    read: dict[str, tuple[int, Sheet]] = {}
    faults: list[RowFault] = []
    count = 0
    for number, row in numbered:
        if blank(row):
            continue
        count += 1
        if count > MOST_ROWS:
            raise ValueError(f"at most {MOST_ROWS:,} rows in one file")
        try:
            _take(number, {name: cell(row, place) for name, place in columns.items()}, read)
        except ValueError as fault:
            faults.append(RowFault(number, str(fault)))
    if not count:
        raise ValueError("there is no row below the head")
    for number, sheet in read.values():
        faults += [RowFault(number, f"{sheet.name}: {said}") for said in sheet_faults(sheet).values()]
    return Worksheets(tuple(one for _, one in read.values()), tuple(faults[:MOST_FAULTS]), len(faults))


def _head(numbered: Iterable[tuple[int, Row]]) -> Mapping[str, int]:
    for number, row in numbered:
        columns = columns_of(row, NAMES)
        if "name" in columns:
            missing = [NAMES[name][0] for name in NEEDED if name not in columns]
            if missing:
                raise ValueError(f"the head lacks {', '.join(missing)}")
            return columns
        if number >= PREFACE:
            break
    raise ValueError(f"no row among the first {PREFACE} names a column “radiologist”")


def _take(number: int, cells: Mapping[str, str], read: dict[str, tuple[int, Sheet]]) -> None:
    name, worked = cells["name"], cells.get("worked", "")
    if not name:
        raise ValueError("the name is missing")
    said = figure(cells["weekly"], WEEK), figure(worked, 1) if worked else WHOLE
    weekly, share = said
    if weekly is None or share is None:
        raise ValueError(f"weekly hours are a figure up to {WEEK}, the share worked one from 0 to 1")
    line = read_line(**{key: cells.get(key, "") for key in ("kind", "times", "hours", "shared_by", "within", "note")})
    first, sheet = read.get(name, (number, Sheet(name, weekly, share)))
    if (sheet.weekly, sheet.worked) != (weekly, Decimal(share)):
        raise ValueError(f"{name} has other weekly hours, or another share worked, in row {first}")
    read[name] = first, replace(sheet, lines=(*sheet.lines, line))
