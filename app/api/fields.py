"""What a request may hold: ids, texts and days, each with the pattern that the description of the API shows."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

LARGEST_ID: Final = 2**31 - 1
_NUMBER: Final = re.compile(r"-?[0-9]{1,10}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Printable text on one line; no half of a surrogate pair ever comes this far.
LINE_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
SLUG_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{0,79}$"
PLACE_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{0,79}$"
PATH_PATTERN: Final = r"^[a-z0-9-]{1,48}(\.[a-z0-9-]{1,48}){0,7}$"
ROLE_PATTERN: Final = r"^[a-z0-9-]{1,80}$"


def _whole(value: Any) -> Any:
    """A number of an address as people write it: no sign before it, no blanks, no underscores."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError("is no whole number")
    return value


def _day(value: Any) -> Any:
    """A day as JSON has it: a text of year, month and day."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("is no day such as 2027-02-08")
    return date.fromisoformat(value)


Whole = BeforeValidator(_whole)
Day = Annotated[date, BeforeValidator(_day)]
RowId = Annotated[int, Field(ge=1, le=LARGEST_ID), Whole, Path(examples=[12])]
Slug = Annotated[str, Path(pattern=SLUG_PATTERN, description="The rollout's word in addresses.", examples=["autumn"])]
PlaceSlug = Annotated[str, Path(pattern=PLACE_PATTERN, description="The location's id in the locations list.")]
LinePath = Annotated[
    str, Path(pattern=PATH_PATTERN, max_length=400, description="A line of the checklist: its ids, joined by dots.")
]
PlaybookId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,47}$", description="The playbook's `id`.")]
PlaybookVersion = Annotated[str, Path(pattern=r"^[0-9]{1,5}\.[0-9]{1,5}$", description="The playbook's `version`.")]
Word = Annotated[str, Query(max_length=100, pattern=LINE_PATTERN)]
Line = Annotated[str, Field(max_length=300, pattern=LINE_PATTERN)]
Prose = Annotated[str, Field(max_length=20_000)]
RowKey = Annotated[int, Field(ge=1, le=LARGEST_ID)]
RoleId = Annotated[str, Field(pattern=ROLE_PATTERN, description="The id of a role of the playbook.")]
PlaceId = Annotated[str, Field(pattern=PLACE_PATTERN, description="The id of a location in the locations list.")]
ChecklistPath = Annotated[
    str, Field(pattern=rf"^$|{PATH_PATTERN}", max_length=400, description="A line of the checklist; empty: the task.")
]


class Given(BaseModel):
    """What a request brings: exactly these members, of exactly these types."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Shown(BaseModel):
    """What an answer holds. Instants are in UTC; days are those of the place."""

    model_config = ConfigDict(extra="forbid", frozen=True)
