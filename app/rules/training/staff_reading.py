"""A staff list is read: the columns by the names that people give them, then row by row. A table of texts goes in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.rules.training.staff_list import COLUMNS, MOST_ROWS, Fault, Known, StaffList
from app.rules.training.staff_rows import RowReader

REQUIRED: Final = ("number", "name", "role")
_ALIASES: Final = {
    "e_mail": "email",
    "mail": "email",
    "staff_number": "number",
    "no": "number",
    "works_on_go_live_day": "go_live",
    "go_live_day": "go_live",
    "centre": "location",
    "site": "location",
}


def read_list(table: Sequence[Sequence[str]], known: Known) -> StaffList:
    """The first line names the columns; empty lines are passed over."""
    start = next((at for at, cells in enumerate(table) if any(cell.strip() for cell in cells)), None)
    if start is None:
        return StaffList((), (Fault(1, "", "The list is empty. Its first line names the columns."),))
    names = [_named(cell) for cell in table[start]]
    faults = list(_head_faults(names, start + 1))
    if faults:
        return StaffList((), tuple(faults))
    lines = [(at + 1, cells) for at, cells in enumerate(table) if at > start and any(cell.strip() for cell in cells)]
    if len(lines) > MOST_ROWS:
        say = f"At most {MOST_ROWS:,} rows in one list; this has {len(lines):,}."
        return StaffList((), (Fault(lines[MOST_ROWS][0], "", say),))
    reader = RowReader(known)
    rows = tuple(reader.row(line, dict(zip(names, cells, strict=False))) for line, cells in lines)
    if not rows:
        reader.faults.append(Fault(start + 2, "", "Nobody is on the list."))
    ignored = tuple(name for name in names if name and name not in COLUMNS)
    return StaffList(rows, tuple(reader.faults), ignored, tuple(name for name in COLUMNS if name in names))


def _named(cell: str) -> str:
    plain = "_".join(cell.casefold().replace("-", " ").replace("_", " ").split())
    return _ALIASES.get(plain, plain)


def _head_faults(names: Sequence[str], line: int) -> Iterator[Fault]:
    for name in REQUIRED:
        if name not in names:
            yield Fault(line, name, f"The first line must name a column `{name}`.")
    for name in COLUMNS:
        if names.count(name) > 1:
            yield Fault(line, name, f"There are {names.count(name)} columns called `{name}`; leave one.")
