"""A table as somebody sends it, CSV or XLSX, row by row: the memory that it takes does not grow with its length. What a
cell would work out is never worked out.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Final

from app.errors import Invalid

LARGEST_UNPACKED: Final = 60_000_000
MOST_COLUMNS: Final = 40
NOT_READ: Final = "This file cannot be read. Save the list as CSV or XLSX and choose it again."
_ZIP: Final = b"PK\x03\x04"
_HEAD: Final = 1_000_000
_CHUNK: Final = 256 * 1024
_FIRST: Final = 20
"""Rows from which the separator is known: some files begin with words."""


def digest_of_file(file: BinaryIO) -> str:
    """The SHA-256 of a file, which then stands at its beginning again."""
    found = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def table_rows(file: BinaryIO) -> Iterator[list[str]]:
    """The rows of a file, empty ones too, so that their numbers are those of the file. Raises Invalid for `file`."""
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(_ZIP):
        yield from workbook_rows(file)
        return
    text = io.TextIOWrapper(file, encoding=_encoding(head), errors="replace", newline="")
    first = "".join(head.decode(_encoding(head), "replace").splitlines(keepends=True)[:_FIRST])
    try:
        yield from csv.reader(text, delimiter=max(",;\t", key=first.count))
    except csv.Error:
        raise Invalid({"file": NOT_READ}) from None
    finally:
        text.detach()  # the file is closed by whoever opened it


def _encoding(head: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or the code page that old spreadsheets write."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def workbook_rows(file: BinaryIO) -> Iterator[list[str]]:
    """The first sheet of a workbook. A file that unpacks to more than any list needs is not unpacked."""
    from openpyxl import load_workbook  # half a second, which only this needs

    try:
        with zipfile.ZipFile(file) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise Invalid({"file": "This file unpacks to more than a workbook may. Save it as CSV."})
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        for cells in sheet.iter_rows(max_col=MOST_COLUMNS):
            yield [_cell(cell.value, cell.number_format if cell.value is not None else "") for cell in cells]
    except Invalid:
        raise
    except Exception as error:  # whatever a broken file makes a parser raise
        raise Invalid({"file": NOT_READ}) from error


def _cell(value: Any, shown_as: str) -> str:
    """What is shown as `8 %` is kept as 0.08 in the file; what people read there is what they mean."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and "%" in shown_as:
        return f"{(Decimal(repr(value)) * 100).normalize():f} %"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
