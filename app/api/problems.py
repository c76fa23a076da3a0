"""Refusals as problem documents (RFC 9457). Nothing of what was sent is ever repeated in one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.api.kinds import Kind
from app.errors import Forbidden, Stale

MEDIA_TYPE: Final = "application/problem+json"


class Malformed(HTTPException):
    """What came cannot be read. `at` names the part of the request; never the value."""

    def __init__(self, message: str, at: str, status: int = 400) -> None:
        super().__init__(status, message)
        self.at = at


class TokenWanted(Exception):
    """Nobody is known by the token that came, or none came."""


class ReadsOnly(Forbidden):
    """The token may read, and this would change something."""

    def __init__(self) -> None:
        super().__init__("This token may read, but change nothing.")


class VersionWanted(Exception):
    """A change came without the version that it is meant for."""


class StaleThing(Stale):
    """Somebody was quicker; `etag` is the version that is there now."""

    def __init__(self, stale: Stale, etag: str) -> None:
        super().__init__(stale.who, stale.when, stale.what)
        self.etag = etag


def problem(
    kind: Kind, detail: str, members: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """One problem document."""
    body = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail, **(members or {})}
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, kind.status, dict(headers or {}), MEDIA_TYPE)
