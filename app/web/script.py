"""The one script of every page: what comes from npm, then our own files, each in a scope of its own.

It is comfort only; a page without it works. What npm brings is left out where it was never installed.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.folders import folder
from app.web.bundle import Bundle, bundle
from app.web.templating import render

VENDOR: Final = ("htmx.min.js", "idiomorph-ext.min.js")
OWN: Final = ("furniture", "live", "refresh", "send", "connection", "muster", "keys", "palette", "mentions")
"""In the order in which they listen: what keeps a form here comes before what marks it as busy."""
APART: Final = ("theme", "editor", "offers", "wall")
"""Not in the script: what runs before the first paint, and what one page alone needs."""


def join(static: Path, furniture: str) -> Bundle:
    """The script made of a folder's files. Raises FileNotFoundError where one of ours is not there."""
    vendor = [path.read_text(encoding="utf-8") for name in VENDOR if (path := static / "vendor" / name).exists()]
    own = [(static / "js" / f"{name}.js").read_text(encoding="utf-8") for name in OWN]
    own[0] = f"const FURNITURE = {json.dumps(furniture)};\n{own[0]}"
    alone = ['(() => {\n"use strict";\n' + text + "})();" for text in own]
    return bundle("\n;".join([*vendor, *alone]).encode(), "scripts", "js")


@lru_cache(maxsize=1)
def script() -> Bundle:
    return join(folder("static"), render("furniture.html"))
