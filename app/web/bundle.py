"""Many small files served as one, under an address that follows its content, so that a browser keeps it for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

FOR_GOOD: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Bundle:
    """What is served, the same packed, and the address that changes with it."""

    body: bytes
    packed: bytes
    address: str


def bundle(body: bytes, folder: str, ending: str, begins: str = "") -> Bundle:
    """A body with its address `/folder/<hash>.ending`; `begins` stands before the hash."""
    address = f"/{folder}/{begins}{hashlib.sha256(body).hexdigest()[:16]}.{ending}"
    return Bundle(body, gzip.compress(body, 9, mtime=0), address)


def served(request: Request, found: Bundle, media_type: str) -> Response:
    """The bundle as an answer. An address of an older one gets the present one, which then is not kept."""
    kept = FOR_GOOD if request.url.path == found.address else "no-cache"
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(found.body, media_type=media_type, headers=headers)
    return Response(found.packed, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
