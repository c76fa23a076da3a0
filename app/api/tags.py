"""Versions over HTTP: the tag of an answer, and the version that a change is meant for (RFC 9110, 8.8.3 and 13.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.api.problems import StaleThing, VersionWanted
from app.errors import Stale

_TAG: Final = re.compile(r'"([0-9]{1,10})-([0-9a-f]{16})"')
TAG_PATTERN: Final = r'^"[0-9]{1,10}-[0-9a-f]{16}"$'
LARGEST: Final = 2**31 - 1


@dataclass(frozen=True)
class Seen:
    """The version that whoever asks has seen: its number (0 where a thing has none), and the digest of all of it."""

    version: int
    digest: str

    def demand(self, present: str, change: Callable[[], Stale]) -> None:
        """For a thing without a number: raises StaleThing unless all of it is as it was. `change` tells by whom."""
        found = _TAG.fullmatch(present)
        if found is None or found[2] != self.digest:
            raise StaleThing(change(), present)


def seen(
    if_match: Annotated[
        str | None,
        Header(
            description="The `ETag` of the version that you saw. Of a numbered thing the number counts.",
            pattern=TAG_PATTERN,
        ),
    ] = None,
) -> Seen:
    """Raises VersionWanted where none is named."""
    found = _TAG.fullmatch(if_match or "")
    if found is None:
        raise VersionWanted
    return Seen(min(int(found[1]), LARGEST), found[2])


IfMatch = Annotated[Seen, Depends(seen)]


def tag_of(body: bytes, version: int = 0) -> str:
    """`"7-…"`: the number of the version, and a digest of everything that is shown, which time changes too."""
    return f'"{version}-{sha256(body).hexdigest()[:16]}"'


def text_of(shown: BaseModel) -> bytes:
    return shown.model_dump_json().encode("utf-8", "replace")


def answer(
    request: Request, shown: BaseModel, *, version: int = 0, status: int = 200, location: str = "",
    headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """The thing with its tag; 304 for whoever has it already."""
    body = text_of(shown)
    return tagged(request, body, tag_of(body, version), status=status, location=location, headers=headers)


def tagged(
    request: Request, body: bytes, tag: str, *, status: int = 200, location: str = "",
    headers: dict[str, str] | None = None, media_type: str = "application/json",
) -> Response:  # fmt: skip
    """An answer with a tag of its own."""
    known: dict[str, Any] = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    known |= headers or {}
    if location:
        known["Location"] = location
    if request.method == "GET" and tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=known)
    return Response(body, status, known, media_type)


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header[:2_000].split(",")]
