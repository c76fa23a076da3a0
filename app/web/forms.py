"""What a form may send: texts without control characters, numbers in range. Pydantic types for endpoint arguments."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from fastapi import Form, Path, Query
from pydantic import AfterValidator, BeforeValidator

from app.errors import Invalid
from app.plan.language.dates import parse_iso_date
from app.plan.problems import Wrong
from app.plan.terms import FIRST_YEAR, LAST_YEAR

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


def digits(value: Any) -> Any:
    """Digits and nothing else. Raises ValueError for what a lenient reader would take: `1_000`, `1.0`, `+1`."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("is no whole number")
    return value


Whole: Final = BeforeValidator(digits)
Line = Annotated[str, Form(max_length=300), AfterValidator(one_line)]
Prose = Annotated[str, Form(max_length=4_000), AfterValidator(prose)]
# Passwords are never trimmed: a blank at the end may be meant.
Password = Annotated[str, Form(max_length=200)]
Seen = Annotated[int, Form(alias="version", ge=0, le=LARGEST_ID), Whole]
Filter = Annotated[str, Query(max_length=100), AfterValidator(one_line)]
RowId = Annotated[int, Path(ge=1, le=LARGEST_ID), Whole]
Slug = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]


def day_of(name: str, text: str) -> date | None:
    """A day as a date field sends it; nothing for an empty one. Raises Invalid for the field `name`."""
    return demanded_day(name, text) if text else None


def demanded_day(name: str, text: str, like: str = "2027-02-08") -> date:
    """The same where a day must be given; `like` is the example that a refusal shows."""
    try:
        return parse_iso_date(text)
    except Wrong as fault:
        years = f"Write a day in the years {FIRST_YEAR} to {LAST_YEAR}."
        raise Invalid({name: years if fault.rule == "D21" else f"Write a day, such as {like}."}) from None
