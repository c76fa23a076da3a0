"""Values as the house style of playbooks writes them: in a row of braces where that fits, else a key a line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.plan.problems import TOP
from app.plan.source import resolved

Value = str | int | bool | Sequence[str] | Mapping[str, "Value"]
WIDTH: Final = 120
STEP: Final = 2
_FIGURE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,6}(\.[0-9]{1,6})? %|[1-9][0-9]{0,4}(mo|wd|[wdhms])", re.ASCII)
_QUOTED: Final = re.compile(r"[,\[\]{}#\t\n\r\"'`]|:\s|:$|\s$")
_YES_NO: Final = frozenset({"yes", "no", "on", "off", "y", "n"})
_SINGLE_BLANK = re.compile(r"(?<! ) (?! )")


def in_row(value: Value) -> str:
    """A value on one line, as it may stand in braces."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{in_row(key)}: {in_row(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(in_row(each) for each in value) + "]"


def _text(text: str) -> str:
    """Plain where every reader takes it for this very text, else in quotes."""
    plain = bool(text) and (text[0].isalpha() or text[0] == "(" or _FIGURE.fullmatch(text) is not None)
    plain = plain and text.isprintable() and not _QUOTED.search(text) and text.lower() not in _YES_NO
    plain = plain and resolved(text, TOP).kind == "text"
    return text if plain else json.dumps(text, ensure_ascii=False)


def pair_lines(key: str, value: Value, column: int, literal: bool = True) -> list[str]:
    """The lines of `key: value` that stand in a column (from 0), without what ends them.

    `literal`: a text of several lines may stand under `|-`, which takes in whatever is indented below it.
    """
    head = f"{' ' * column}{in_row(key)}:"
    row = in_row(value)
    if isinstance(value, str):
        if literal and _is_literal(value):
            return [f"{head} |-", *(f"{' ' * (column + STEP)}{line}" if line else "" for line in value.split("\n"))]
        return _wrapped(f"{head} ", row, column + STEP)
    if len(head) + 1 + len(row) <= WIDTH or not isinstance(value, Mapping) or not value:
        return [f"{head} {row}"]
    return [head, *(line for name, each in value.items() for line in pair_lines(name, each, column + STEP, literal))]


def _is_literal(text: str) -> bool:
    """Several lines that `|-` keeps as they are."""
    lines = text.split("\n")
    odd = text.endswith("\n") or any(line != line.strip() for line in lines) or not lines[0]
    return len(lines) > 1 and not odd and all(line.isprintable() for line in lines)


def _wrapped(head: str, row: str, column: int) -> list[str]:
    """A long text over several lines; a break where a single blank was is read as that blank."""
    lines, line = [], head
    for number, word in enumerate(_SINGLE_BLANK.split(row)):
        if number and len(line) + 1 + len(word) > WIDTH and line.strip():
            lines.append(line.rstrip(" ") if line == head else line)
            line = " " * column + word
        else:
            line += f" {word}" if number else word
    return [*lines, line]
