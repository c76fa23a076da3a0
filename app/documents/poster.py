"""The poster of a location's help desk: a code to scan, and the same address in words."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

import segno

from app.documents.typesetting import Paper, pdf

PROMISE: Final = "You get a number, and the time by which it is solved."


@dataclass(frozen=True)
class Poster:
    """What stands on it. `promise` says in one sentence what happens then."""

    location: str
    address: str
    promise: str = PROMISE
    paper: Paper = "a4"


@dataclass(frozen=True)
class _Set(Poster):
    """The poster with its code, as SVG."""

    code: str = ""


def poster(facts: Poster) -> bytes:
    """One page, as PDF."""
    return pdf("poster", _Set(facts.location, facts.address, facts.promise, facts.paper, _code(facts.address)))


def _code(address: str) -> str:
    """A QR code (ISO/IEC 18004) that is read though a quarter of it is torn or dirty."""
    drawn = BytesIO()
    segno.make_qr(address, error="q").save(drawn, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None)
    return drawn.getvalue().decode()
