"""A staff list as a file that a spreadsheet opens, in which no cell is taken for a formula. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.rules.training.staff_list import COLUMNS

_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """A text as one cell: an apostrophe stands before what a spreadsheet would work out."""
    safe = f"'{text}" if text.startswith(_BEGINS) else text
    return f'"{safe.replace(chr(34), chr(34) * 2)}"' if any(sign in safe for sign in ',"\n\r;') else safe


def staff_file(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """The whole file (RFC 4180), as it can be read in again."""
    lines = [",".join(columns), *(",".join(cell(row[name]) for name in columns) for row in rows)]
    return "\r\n".join(lines) + "\r\n"
