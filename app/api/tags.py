"""Versions over HTTP: the tag of an answer, and the version that a change is meant for (RFC 9110, 8.8.3 and 13.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.actions.events import stale
from app.api.problems import StaleThing, VersionWanted
from app.errors import Stale

_TAG: Final = re.compile(r'"([0-9]{1,10})-([0-9a-f]{16})"')
TAG_PATTERN: Final = r'^"[0-9]{1,10}-[0-9a-f]{16}"$'
LARGEST: Final = 2**31 - 1
Made = TypeVar("Made")


@dataclass(frozen=True)
class Seen:
    """The version that whoever asks has seen: its number (0 where a thing has none), and the digest of all of it."""

    version: int
    digest: str

    def demand(self, session: Session, present: BaseModel, subject: tuple[str, int]) -> None:
        """For a thing without a number: raises StaleThing unless all of it is shown as it was. `subject` is what its
        events are about.
        """
        tag = tag_of(text_of(present))
        if not tag.endswith(f'-{self.digest}"'):
            raise StaleThing(stale(session, subject), tag)


async def seen(
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


def versioned_step(session: Session, act: Callable[[], Made], present: Callable[[], tuple[BaseModel, int]]) -> Made:
    """Make a change of a numbered thing. Raises what it raises; a stale one as StaleThing, with the thing as it is."""
    try:
        return act()
    except Stale as refusal:
        session.rollback()
        shown, version = present()
        raise StaleThing(refusal, tag_of(text_of(shown), version)) from refusal


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
    known = {**named_tag(tag), **(headers or {})}
    if location:
        known["Location"] = location
    if is_known(request, tag):
        return Response(status_code=304, headers=known)
    return Response(body, status, known, media_type)


def named_tag(tag: str) -> dict[str, str]:
    """The headers by which a version is named."""
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}


def is_known(request: Request, tag: str) -> bool:
    """Whether the reader has this version already."""
    return request.method == "GET" and tag in _tags(request.headers.get("if-none-match", ""))


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header[:2_000].split(",")]
