"""A list as somebody sends it, CSV or XLSX, as a table of texts. What a cell would work out is never worked out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from app.actions.tables import MOST_COLUMNS, NOT_READ, workbook_rows
from app.errors import Invalid
from app.rules.training.staff_list import MOST_ROWS

LARGEST_FILE: Final = 4_000_000
MOST_LINES: Final = MOST_ROWS + 1_000
LONGEST_CELL: Final = 1_000
_ZIP: Final = b"PK\x03\x04"


def read_sheet(data: bytes) -> list[list[str]]:
    """The lines of a file, empty ones too, so that their numbers are those of the file. Raises Invalid for `file`."""
    if len(data) > LARGEST_FILE:
        raise Invalid({"file": f"At most {LARGEST_FILE // 1_000_000} MB."})
    lines = workbook_rows(io.BytesIO(data)) if data.startswith(_ZIP) else _separated(text_of(data))
    return _within(lines)


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or the code page that old spreadsheets write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_text(text: str) -> list[list[str]]:
    """The lines of a list that was pasted. Raises Invalid for `file`."""
    return _within(_separated(text))


def _within(lines: Iterable[list[str]]) -> list[list[str]]:
    found: list[list[str]] = []
    for cells in lines:
        if len(found) >= MOST_LINES:
            raise Invalid({"file": f"At most {MOST_ROWS:,} rows in one list."})
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise Invalid({"file": f"Line {len(found) + 1} holds a cell of more than {LONGEST_CELL:,} characters."})
        found.append(cells[:MOST_COLUMNS])
    return found


def _separated(text: str) -> Iterator[list[str]]:
    if "\x00" in text:
        raise Invalid({"file": NOT_READ})
    head = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        raise Invalid({"file": NOT_READ}) from None
