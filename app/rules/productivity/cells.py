"""Rows of cells as people send them: the head among the first of them, figures as they are written. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

PREFACE: Final = 40
"""Within so many rows the head must come."""
MOST_FAULTS: Final = 50
"""So many faults are told one by one; of the others only how many there are."""
Row = Sequence[str]
Numbered = Iterator[tuple[int, Row]]


def cell(row: Row, place: int | None) -> str:
    """Empty where the row is shorter, and for a column that is not there."""
    return row[place].strip() if place is not None and place < len(row) else ""


def blank(row: Row) -> bool:
    return not any(one.strip() for one in row)


def columns_of(row: Row, names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where each column stands, by any of the `names` that it goes by."""
    heads = [" ".join(one.replace("_", " ").lower().split()) for one in row]
    found = {name: next((heads.index(one) for one in known if one in heads), None) for name, known in names.items()}
    return {name: place for name, place in found.items() if place is not None}


def figure(text: str, most: int) -> Decimal | None:
    """A figure from 0 to `most`, with or without commas between its thousands; None for anything else."""
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= most else None


def whole(text: str, most: int) -> int | None:
    """A whole number from 0 to `most`; None for anything else."""
    value = figure(text, most)
    return int(value) if value is not None and value == value.to_integral_value() else None
