"""What was performed, from a file of a billing system: a line for each procedure billed, or totals by code. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from app.rules.productivity.cells import MOST_FAULTS, PREFACE, Numbered, Row, blank, cell, columns_of, figure, whole
from app.rules.productivity.relative_values import RowFault

OTHER: Final = "OTHER"
"""In the column of codes: procedures that are known as a sum only, with the work RVU of all of them together."""
TECHNICAL: Final = "TC"
MOST_OF_A_LINE: Final = 100_000_000
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("code", "cpt", "cpt code", "hcpcs", "procedure code"),
    "modifier": ("modifier", "modifiers", "mod"),
    "quantity": ("quantity", "qty", "units", "procedures"),
    "total": ("total work rvu",),
}
_CODE: Final = re.compile(r"[0-9A-Z]{5}\Z")
_REMEMBERED: Final = 100_000
"""Lines that say the same are judged once, of so many different ones."""


@dataclass(frozen=True)
class Procedures:
    """So many of each code. `lines` were read, `technical` of them left out: they bill the technical component, whose
    work is nobody's. `faulty` were passed over, the first of which are `faults`. `other` are procedures that are known
    as a sum only, `other_rvu` their work.
    """

    quantities: Mapping[str, int]
    lines: int
    technical: int = 0
    faulty: int = 0
    faults: tuple[RowFault, ...] = ()
    other: int = 0
    other_rvu: Decimal = Decimal(0)

    @property
    def total(self) -> int:
        return sum(self.quantities.values()) + self.other


@dataclass
class _Read:
    columns: Mapping[str, int]
    lines: int = 0
    technical: int = 0
    faulty: int = 0
    faults: list[RowFault] = field(default_factory=list)
    other: int = 0
    other_rvu: Decimal = Decimal(0)
    quantities: Counter[str] = field(default_factory=Counter)
    known: dict[tuple[str, str, str], tuple[str, int] | str] = field(default_factory=dict)

    def take(self, number: int, row: Row) -> None:
        places = self.columns
        said = (cell(row, places["code"]), cell(row, places.get("modifier")), cell(row, places.get("quantity")))
        if not said[0] and blank(row):
            return
        self.lines += 1
        if said[0].upper() == OTHER:
            self._take_other(number, said[2], cell(row, places.get("total")))
            return
        judged = self.known.get(said)
        if judged is None:
            judged = _judged(*said, counted="quantity" in places)
            if len(self.known) < _REMEMBERED:
                self.known[said] = judged
        if isinstance(judged, str):
            self._fault(number, judged)
        elif judged[0] == TECHNICAL:
            self.technical += 1
        else:
            self.quantities[judged[0]] += judged[1]

    def _take_other(self, number: int, quantity: str, total: str) -> None:
        procedures, rvu = whole(quantity, MOST_OF_A_LINE), figure(total, MOST_OF_A_LINE)
        if procedures is None or rvu is None:
            self._fault(number, f"{OTHER} needs a whole number in quantity, and a figure in total work rvu")
            return
        self.other += procedures
        self.other_rvu += rvu

    def _fault(self, number: int, said: str) -> None:
        self.faulty += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(RowFault(number, said))


def _judged(code: str, modifier: str, quantity: str, *, counted: bool) -> tuple[str, int] | str:
    """The code and how many, `TECHNICAL` in the place of the code, or what is wrong."""
    if not _CODE.match(code.upper()):
        return f"“{code[:20]}” is no procedure code of five letters and digits"
    if TECHNICAL in re.split(r"[\s,;/-]+", modifier.upper()):
        return TECHNICAL, 0
    number = whole(quantity, MOST_OF_A_LINE) if counted else 1
    if number is None:
        return f"the quantity “{quantity[:20]}” is no whole number from 0 to {MOST_OF_A_LINE:,}"
    return code.upper(), number


def read_procedures(rows: Iterable[Row]) -> Procedures:
    """The procedures of a file, from its rows of cells; the memory it takes does not grow with their number.

    The head names `code`, and where they are there `modifier`, `quantity` (without it each line is one procedure) and
    `total work rvu` (of lines whose code is OTHER). Lines with modifier 26, or without TC, count: the professional
    component counts in a global setting too. Raises `ValueError` for a file without a head, and without any line.
    """
    numbered = enumerate(rows, start=1)
    found = _Read(_head(numbered))
    for number, row in numbered:
        found.take(number, row)
    if not found.lines:
        raise ValueError("there is no line below the head")
    return Procedures(
        found.quantities, found.lines, found.technical, found.faulty, tuple(found.faults), found.other, found.other_rvu
    )


def _head(numbered: Numbered) -> Mapping[str, int]:
    for number, row in numbered:
        columns = columns_of(row, NAMES)
        if "code" in columns:
            return columns
        if number >= PREFACE:
            break
    raise ValueError(f"no row among the first {PREFACE} names a column “code”")
