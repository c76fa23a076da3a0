"""What a form may send: texts without control characters, numbers in range. Pydantic types for endpoint arguments."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Form, Path, Query
from pydantic import AfterValidator

LARGEST_ID: Final = 2**31 - 1


def one_line(text: str) -> str:
    """The text, trimmed. Raises ValueError for control characters (line ends too) and half surrogate pairs."""
    if any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError("has characters that are not text")
    return text.strip()


def prose(text: str) -> str:
    """Several lines, trimmed, line ends made equal. Raises ValueError as `one_line` does, but takes line ends, tabs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    one_line(lines.replace("\n", " ").replace("\t", " "))
    return lines.strip()


Line = Annotated[str, Form(max_length=300), AfterValidator(one_line)]
Prose = Annotated[str, Form(max_length=4_000), AfterValidator(prose)]
# Passwords are never trimmed: a blank at the end may be meant.
Password = Annotated[str, Form(max_length=200)]
Seen = Annotated[int, Form(alias="version", ge=0, le=LARGEST_ID)]
Filter = Annotated[str, Query(max_length=100), AfterValidator(one_line)]
RowId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Slug = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
