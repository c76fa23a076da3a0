"""Documents are set by Typst. What goes into one goes as JSON values, never as markup: what people typed is text."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from app.folders import folder

Paper = Literal["a4", "us-letter"]
HERE: Final = Path(__file__).resolve().parent


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Our own typeface and the typesetter's, whatever the machine has: the same document everywhere."""
    own = folder("static") / "vendor" / "inter" / "ttf"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(own)])


def pdf(layout: str, facts: Any) -> bytes:
    """The facts, a dataclass, set by the layout of that name, as PDF for readers with and without eyes (PDF/UA-1).

    A letter that the typeface does not have may not stand in such a file; then it is a plain PDF.
    """
    try:
        return _compiled(layout, facts, "ua-1")
    except typst.TypstError:
        return _compiled(layout, facts, None)


def _compiled(layout: str, facts: Any, standard: Literal["ua-1"] | None) -> bytes:
    made: bytes = typst.compile(
        str(HERE / f"{layout}.typ"),
        root=str(HERE),
        font_paths=_fonts(),
        sys_inputs={"facts": json.dumps(asdict(facts))},
        pdf_standards=[standard] if standard else [],
    )
    return made
