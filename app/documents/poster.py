"""The poster of a location's help desk: a code to scan, and the same address in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.documents.codes import qr_code
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
    return pdf("poster", _Set(facts.location, facts.address, facts.promise, facts.paper, qr_code(facts.address)))
