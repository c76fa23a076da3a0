"""The rows of a staff list, read one after the other: every fault with its line, its column and what would be right."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from app.rules.training.staff_list import COLUMNS, LIMITS, Fault, Known, Row

_FORMULA: Final = ("=", "+", "-", "@")
_YES_NO: Final = {"": None, "yes": True, "y": True, "true": True, "x": True, "no": False, "n": False, "false": False}


class RowReader:
    """Reads rows one after the other, and remembers who was there before."""

    def __init__(self, known: Known) -> None:
        self.faults: list[Fault] = []
        self._known = known
        self._roles = _by_words(known.roles)
        self._places = _by_words(known.places)
        self._seen: dict[tuple[str, str], int] = {}

    def row(self, line: int, cells: Mapping[str, str]) -> Row:
        """Somebody of one line, with cells by column; what is wrong with it joins the faults."""

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
