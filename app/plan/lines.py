"""Two texts line by line: what stood there, what stands there now, and a little around it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

AROUND: Final = 3
Kind = Literal["same", "del", "add"]


@dataclass(frozen=True, slots=True)
class Hunk:
    """One stretch that changed: lines `first` to `last` of the new text, counted from 1; `rows` are (kind, text)."""

    first: int
    last: int
    rows: tuple[tuple[Kind, str], ...]


def line_changes(old: str, new: str) -> tuple[Hunk, ...]:
    """The stretches in which two texts differ, in order, each with three lines before and after it."""
    before, after = old.split("\n"), new.split("\n")
    matcher = SequenceMatcher(None, before, after)
    return tuple(_hunk(group, before, after) for group in matcher.get_grouped_opcodes(AROUND))


def _hunk(group: list[tuple[str, int, int, int, int]], before: list[str], after: list[str]) -> Hunk:
    rows: list[tuple[Kind, str]] = []
    for tag, old_from, old_to, new_from, new_to in group:
        if tag == "equal":
            rows += [("same", line) for line in after[new_from:new_to]]
        else:
            rows += [("del", line) for line in before[old_from:old_to]]
            rows += [("add", line) for line in after[new_from:new_to]]
    return Hunk(group[0][3] + 1, group[-1][4], tuple(rows))
