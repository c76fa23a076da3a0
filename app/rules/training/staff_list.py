"""A staff list as somebody brings it: read row by row, every fault with its line, its column and what would be right.

Pure: a table of texts goes in. What stands in a cell is a name or a number, never something to be worked out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

COLUMNS: Final = ("number", "name", "role", "email", "shift", "location", "go_live")
REQUIRED: Final = ("number", "name", "role")
LIMITS: Final = {"number": 40, "name": 120, "email": 254, "shift": 40}
MOST_ROWS: Final = 20_000
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
_FORMULA: Final = ("=", "+", "-", "@")
_YES_NO: Final = {"": None, "yes": True, "y": True, "true": True, "x": True, "no": False, "n": False, "false": False}


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
    reader = _Reader(known)
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


class _Reader:
    """Reads rows one after the other, and remembers who was there before."""

    def __init__(self, known: Known) -> None:
        self.faults: list[Fault] = []
        self._known = known
        self._roles = _by_words(known.roles)
        self._places = _by_words(known.places)
        self._seen: dict[tuple[str, str], int] = {}

    def row(self, line: int, cells: Mapping[str, str]) -> Row:
        def fault(column: str, say: str) -> None:
            self.faults.append(Fault(line, column, say))

        text = {name: _plain(cells.get(name, "")) for name in COLUMNS}
        for name, most in LIMITS.items():
            if len(text[name]) > most:
                fault(name, f"At most {most} characters; this has {len(text[name])}.")
            elif any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in text[name]):
                fault(name, "This holds a character that cannot be shown.")
        for name in ("number", "name"):
            if not text[name]:
                fault(name, "Say something here.")
        if text["email"] and not self._known.is_email(text["email"]):
            fault("email", "Write an e-mail address, such as name@example.org, or leave it empty.")
        if text["go_live"].casefold() not in _YES_NO:
            fault("go_live", "Write yes or no, or leave it empty.")
        row = Row(
            line, text["number"], text["name"], self._role(text["role"], fault), text["email"].casefold(),
            text["shift"], self._place(text["location"], fault), _YES_NO.get(text["go_live"].casefold()),
        )  # fmt: skip
        self._demand_new(row, fault)
        return row

    def _role(self, text: str, fault: Callable[[str, str], None]) -> str:
        found = self._roles.get(text.casefold(), "")
        if not found:
            fault("role", f"Write one of {_offered(self._known.roles)}.")
        return found

    def _place(self, text: str, fault: Callable[[str, str], None]) -> str:
        found = self._places.get(text.casefold(), "") if text else self._known.usual
        if not found:
            fault("location", f"Write one of {_offered(self._known.places)}.")
        return found

    def _demand_new(self, row: Row, fault: Callable[[str, str], None]) -> None:
        key = (row.location, row.number.casefold())
        if row.number and key in self._seen:
            fault("number", f"{row.number} stands in line {self._seen[key]} too; a number is one person's.")
        self._seen.setdefault(key, row.line)


def _plain(text: str) -> str:
    """On one line, and without the apostrophe that our own files put before what a spreadsheet would work out."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    return plain[1:] if plain[:1] == "'" and plain[1:2] in _FORMULA else plain


def _by_words(known: Mapping[str, str]) -> dict[str, str]:
    """Ids and titles, both as people may write them."""
    return {title.casefold(): id_ for id_, title in known.items()} | {id_.casefold(): id_ for id_ in known}


def _offered(known: Mapping[str, str], most: int = 8) -> str:
    names = list(known)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}" if names else "nothing: there is none"
