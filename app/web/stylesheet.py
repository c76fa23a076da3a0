"""The one stylesheet of every page: our css files joined in the order of their layers, kept by the browser for good.

A change touches one small file; a phone on a slow line still makes one request, and none the second time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.web.folders import folder

FIRST = ("tokens", "fonts", "base")


@dataclass(frozen=True)
class Stylesheet:
    """What is served, and the address that changes with it."""

    body: bytes
    address: str


def join(css: Path) -> Stylesheet:
    """The first files by name, then every component and every page in alphabetical order."""
    files = [css / f"{name}.css" for name in FIRST]
    files += [*sorted((css / "components").glob("*.css")), *sorted((css / "pages").glob("*.css"))]
    body = b"\n".join(path.read_bytes() for path in files)
    return Stylesheet(body, f"/styles/{hashlib.sha256(body).hexdigest()[:16]}.css")


@lru_cache(maxsize=1)
def stylesheet() -> Stylesheet:
    return join(folder("static") / "css")
