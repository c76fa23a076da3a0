"""The one stylesheet of every page: our css files joined in the order of their layers, kept by the browser for good.

A change touches one small file; a phone on a slow line still makes one request, and none the second time. What the
pages of one noun alone need stands apart in a sheet of its own, so that the first visit elsewhere does not pay for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.folders import folder
from app.web.bundle import Bundle, bundle

FIRST = ("tokens", "fonts", "base")
APART: Final = ("gates", "metrics", "productivity", "runs", "wall")
"""Sheets of their own, each the files of its folder below `apart`."""


def join(css: Path) -> Bundle:
    """The first files by name, then every component and every page in alphabetical order."""
    files = [css / f"{name}.css" for name in FIRST]
    files += [*sorted((css / "components").glob("*.css")), *sorted((css / "pages").glob("*.css"))]
    return bundle(lean(b"\n".join(path.read_bytes() for path in files)), "styles", "css")


def lean(css: bytes) -> bytes:
    """Without what only its authors read: comments, indents and empty lines. A fifth less to send to a phone."""
    return re.sub(rb"\n\s+", b"\n", re.sub(rb"/\*.*?\*/", b"", css, flags=re.DOTALL))


@lru_cache(maxsize=1)
def stylesheet() -> Bundle:
    return join(folder("static") / "css")


def join_apart(css: Path, name: str) -> Bundle:
    """The files of one sheet that stands apart, in alphabetical order."""
    files = sorted((css / "apart" / name).glob("*.css"))
    return bundle(lean(b"\n".join(path.read_bytes() for path in files)), "styles", "css", f"{name}-")


@lru_cache(maxsize=len(APART))
def sheet_apart(name: str) -> Bundle:
    return join_apart(folder("static") / "css", name)


def sheet_of(file_name: str) -> Bundle:
    """The sheet that an address names, the present one where it is older; of an unknown name the one of every page."""
    name = file_name.partition("-")[0]
    return sheet_apart(name) if name in APART else stylesheet()
