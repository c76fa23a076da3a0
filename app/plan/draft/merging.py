"""Two people changed the same text: both changes in one, where they are in different places."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple


class _Piece(NamedTuple):
    """Lines `first` up to, without, `last` of the old text, and what stands there now."""

    first: int
    last: int
    lines: tuple[str, ...]


def merged(base: str, mine: str, theirs: str) -> str | None:
    """The text of `base` with the lines that `mine` and `theirs` changed in it; None where both changed the same ones,
    or lines that touch. What both changed alike counts once.
    """
    rows = base.split("\n")
    pieces = sorted({*_pieces(rows, mine), *_pieces(rows, theirs)})
    for one, other in pairwise(pieces):
        if other.first <= one.last:
            return None
    for piece in reversed(pieces):
        rows[piece.first : piece.last] = piece.lines
    return "\n".join(rows)


def _pieces(base: list[str], other: str) -> list[_Piece]:
    rows = other.split("\n")
    codes = SequenceMatcher(None, base, rows, autojunk=False).get_opcodes()
    return [_Piece(a, b, tuple(rows[c:d])) for tag, a, b, c, d in codes if tag != "equal"]
