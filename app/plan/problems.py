"""What is wrong with a playbook: one problem a mistake, each with its place in the file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]

_LONGEST_MESSAGE = 600
_LONGEST_NAME = 100  # nobody misspells more than that
WARNINGS = frozenset(
    [
        "F9",
        "D14",
        "D22",
        "D16",
        "D17",
        "D18",
        "D19",
        "D20",
        "T2",
        "W4",
        "W6",
        "G4",
        "R2",
        "R3",
        "R5",
        "R6",
        "R7",
        "R8",
        "S3",
        "M8",
        "V3",
    ]
)
NOTES = frozenset(["M2", "W5"])


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; `line` and `column` count from 1, the column in characters."""

    line: int
    column: int


TOP = Mark(1, 1)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the rule's id, where it stands, which key path, and what would be right."""

    id: str
    line: int
    column: int
    path: str
    message: str

    @property
    def level(self) -> Level:
        if self.id in WARNINGS:
            return "warning"
        return "note" if self.id in NOTES else "error"


class Wrong(ValueError):
    """A text or value that breaks a rule; carries the rule's id. Raised by the small languages, which know no place."""

    def __init__(self, rule: str, message: str, *, meant: str = "", names: Iterable[str] = ()) -> None:
        """`meant` is the misspelt name and `names` what it may have been; who knows the place offers the nearest."""
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.meant = meant
        self.names = names


def near(name: str, names: Iterable[str]) -> str:
    """`; did you mean …?` where a known name is close to `name`, else an empty text."""
    if len(name) > _LONGEST_NAME:
        return ""
    found = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f"; did you mean `{found[0]}`?" if found else ""


def said_safely(message: str) -> str:
    """A message whatever it quotes: one line, nothing that a terminal or a page could take for more than text."""
    return shown(message, _LONGEST_MESSAGE)


def shown(text: object, limit: int = 60) -> str:
    """A value as a message may quote it: one line, no control characters, shortened."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
