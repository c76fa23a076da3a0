"""Reads the files of `broken/`: what a playbook's own comments say the checker must find in it.

A comment directly below a line points into it: `#   ^ D1` expects D1 at the caret's column. Where no caret can
stand (columns 1 and 2, or the whole file) a comment says `# expect LINE:COLUMN ID`.
"""

import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
PAIRS = sorted((HERE / "broken" / "pairs").glob("*.yaml"))
VALID = sorted((HERE / "valid").glob("*.yaml"))

CARETS = re.compile(r" *#( *\^ [A-Z]\d+)+ *")
CARET = re.compile(r"\^ ([A-Z]\d+)")
EXPECT = re.compile(r"# expect (\d+):(\d+) ([A-Z]\d+)")

# C1-C3 and A1-A5 may stand for one another: which of them a fault is, is a matter of wording.
FAMILIES = {"C1": "C", "C2": "C", "C3": "C", "A1": "A", "A2": "A", "A3": "A", "A4": "A", "A5": "A"}


class Place(NamedTuple):
    """Line and column count from 1, columns in characters."""

    line: int
    column: int
    id: str


def family(rule: str) -> str:
    return FAMILIES.get(rule, rule)


def expected(source: str) -> set[Place]:
    """The problems that the comments of a file announce."""
    places = set()
    pointed_at = 0
    for number, line in enumerate(source.splitlines(), start=1):
        if CARETS.fullmatch(line):
            places |= {Place(pointed_at, m.start() + 1, family(m[1])) for m in CARET.finditer(line)}
            continue
        pointed_at = number
        if announced := EXPECT.fullmatch(line):
            places.add(Place(int(announced[1]), int(announced[2]), family(announced[3])))
    return places
