"""A staff list as somebody brings it: its columns, its rows, its faults, and what it is read against.

Pure: what stands in a cell is a name or a number, never something to be worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

COLUMNS: Final = ("number", "name", "role", "email", "shift", "location", "go_live")
LIMITS: Final = {"number": 40, "name": 120, "email": 254, "shift": 40}
MOST_ROWS: Final = 20_000


@dataclass(frozen=True)
class Row:
    """Somebody on the list, at line `line` of the file; `works` on go-live day (None: the list does not say)."""

    line: int
    number: str
    name: str
    role: str
    email: str
    shift: str
    location: str
    works: bool | None = None


@dataclass(frozen=True)
class Fault:
    """What cannot be taken: where, and what would be right."""

    line: int
    column: str
    say: str


@dataclass(frozen=True)
class StaffList:
    """A list that was read; with any fault none of it may be stored. `columns` are those that it has, `ignored` others
    that nobody asks for.
    """

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...] = ()
    columns: tuple[str, ...] = COLUMNS


@dataclass(frozen=True)
class Known:
    """What a list is read against: roles and locations by id, each with its title, and the location of rows that say
    none (empty: every row must). `is_email` judges an address.
    """

    roles: Mapping[str, str]
    places: Mapping[str, str]
    is_email: Callable[[str], bool]
    usual: str = ""
