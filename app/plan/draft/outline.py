"""A half-written file as a tree, by its indentation, whatever is broken elsewhere in it.

The parser of `app.plan.source` judges a file and stops where it is no YAML. Somebody who is typing is never far from
such a place, so this reader refuses nothing: a line it cannot place costs that line. It judges nothing either.
"""

from __future__ import annotations

import re

from app.plan.draft.flow import OPENERS, FlowReader, unquoted
from app.plan.draft.knots import CARET, Knot
from app.plan.problems import TOP, Mark
from app.plan.source import Node

_QUOTED_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?:\s+|$)""")
_COLON = re.compile(r"\s*:(?:\s+|$)")
_DASH = re.compile(r"-(?:\s+|$)")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_SINGLE = re.compile(r"(?:[^']|'')*(?='(?:[^']|$))")
_DOUBLE = re.compile(r'(?:[^"\\]|\\.)*(?=")')
# Wider and deeper than any playbook.
_WIDEST = 200
_DEEPEST = 100


def outline(text: str) -> Node:
    """The tree of a text. Never raises; what cannot be placed is left out, a value not yet written is a fault."""
    return _Outline(text).read().node()


def with_caret(text: str, line: int, column: int) -> str:
    """The text with the sign of the caret at a place, counted from 1; past the end of a line is its end."""
    lines = text.replace(CARET, " ").split("\n")
    number = min(max(line, 1), len(lines)) - 1
    row = lines[number]
    at = max(column - 1, 0)
    before = row[:at] if row.strip() else " " * min(at, _WIDEST)
    lines[number] = f"{before}{CARET}{row[at:]}"
    return "\n".join(lines)


class _Outline:
    def __init__(self, text: str) -> None:
        self.lines = [line.rstrip("\r") for line in text.split("\n")]
        self.root = Knot(TOP)
        # What is open at this line: containers by the column of their lines, the innermost last.
        self.stack: list[Knot] = []

    def read(self) -> Knot:
        number = 0
        while number < len(self.lines):
            number = self._line(number)
        return self.root

    def _line(self, number: int) -> int:
        """Read one line, and those that belong to its value; the number of the next one."""
        line = self.lines[number]
        at = _indent(line)
        rest = line[at:]
        if not rest or rest[0] in "#%" or rest in ("---", "..."):
            return number + 1
        slot: Knot | None = None
        outer = at
        while dash := _DASH.match(line, at):
            slot = self._list(number, at).item(Mark(number + 1, dash.end() + 1))
            outer, at = at, dash.end()
        if at >= len(line):
            return number + 1
        found = _key(line, at)
        if found and len(self.stack) < _DEEPEST:
            name, end = found
            slot = self._mapping(number, at).pair(name, Mark(number + 1, at + 1))
            return self._value(slot, number, end, at)
        if slot is not None:
            return self._value(slot, number, at, outer)
        return self._bare(number, at)

    def _list(self, number: int, column: int) -> Knot:
        """The list whose dashes stand in this column."""
        self._leave(column)
        top = self.stack[-1] if self.stack else None
        if top is not None and top.column == column and top.kind == "list":
            return top
        return self._enter(self._slot(), "list", number, column)

    def _mapping(self, number: int, column: int) -> Knot:
        """The mapping whose keys stand in this column."""
        self._leave(column)
        if self.stack and self.stack[-1].column == column and self.stack[-1].kind == "list":
            self.stack.pop()
        top = self.stack[-1] if self.stack else None
        if top is not None and top.column == column:
            return top
        slot = self._slot()
        if slot.kind == "text" and slot.column == column:
            # What stood alone on its line was the first key, still without its colon.
            mark, text = slot.mark, slot.text
            self._enter(slot, "mapping", number, column).pair(text, mark)
            return slot
        return self._enter(slot, "mapping", number, column)

    def _leave(self, column: int) -> None:
        while self.stack and self.stack[-1].column > column:
            self.stack.pop()

    def _slot(self) -> Knot:
        """The value that comes next in the innermost container: the last key's, or the last item."""
        if not self.stack:
            return self.root
        top = self.stack[-1]
        if top.kind == "list":
            return top.items[-1] if top.items else top.item(top.mark)
        return top.pairs[-1][1] if top.pairs else Knot(top.mark)

    def _enter(self, knot: Knot, kind: str, number: int, column: int) -> Knot:
        """Go on inside a value; a line that fits nowhere is read apart, so that what follows keeps its place."""
        if knot.kind not in ("open", "text", kind):
            knot = Knot(knot.mark)
        if knot.kind == "open":
            knot.mark = Mark(number + 1, column + 1)
        if knot.kind != kind:
            knot.kind, knot.text = kind, ""
        knot.column = column
        self.stack.append(knot)
        return knot

    def _bare(self, number: int, at: int) -> int:
        """A line without a colon: a key being written, a value on a line of its own, or the next line of a text."""
        text = _COMMENT.sub("", self.lines[number][at:])
        if not text:
            return number + 1
        self._leave(at)
        if self.stack and self.stack[-1].column == at and self.stack[-1].kind == "list":
            self.stack.pop()
        top = self.stack[-1] if self.stack else None
        if top is not None and top.column == at:
            top.pair(text, Mark(number + 1, at + 1))
            return number + 1
        slot = self._slot()
        if slot.kind == "open":
            slot.mark, slot.column = Mark(number + 1, at + 1), at
            outer = top.column if top is not None else -1
            return self._value(slot, number, at, outer)
        if slot.kind == "text":
            slot.say(text)
        elif slot.kind == "mapping":
            slot.pair(text, Mark(number + 1, at + 1))
        return number + 1

    def _value(self, slot: Knot, number: int, at: int, outer: int) -> int:
        """Read the value that begins at a character of a line, inside of what stands in column `outer`."""
        line = self.lines[number]
        rest = line[at:]
        if not rest or rest.startswith("#"):
            return number + 1
        slot.mark = Mark(number + 1, at + 1)
        if _BLOCK.match(rest):
            return self._block(slot, number + 1, outer)
        if rest[0] in OPENERS:
            return self._flow(slot, number, at, outer)
        if rest[0] in "\"'":
            return self._quoted(slot, number, at, outer)
        if text := _COMMENT.sub("", rest).rstrip():
            slot.say(text)
        return number + 1

    def _block(self, slot: Knot, number: int, outer: int) -> int:
        """A text under `|` or `>`: every line that is further in."""
        lines = []
        while number < len(self.lines) and self._inside(number, outer):
            lines.append(self.lines[number].strip())
            number += 1
        slot.say("\n".join(lines), quoted=True)
        return number

    def _flow(self, slot: Knot, number: int, at: int, outer: int) -> int:
        """A row in braces, to its closing brace or to the first line that stands as far out as its key."""
        reader = FlowReader(slot)
        reader.line(self.lines[number], number + 1, at)
        number += 1
        while not reader.done and number < len(self.lines):
            closes = self.lines[number].lstrip()[:1] in ("}", "]")
            if not self._inside(number, outer) and not closes:
                break
            reader.line(self.lines[number], number + 1, _indent(self.lines[number]))
            number += 1
        return number

    def _quoted(self, slot: Knot, number: int, at: int, outer: int) -> int:
        """A text in quotes; where they are not closed further in, only what stands on this line."""
        quote, parts = self.lines[number][at], [self.lines[number][at + 1 :]]
        end = number
        while (closed := _closing(parts[-1], quote)) is None and end + 1 < len(self.lines):
            if not self._inside(end + 1, outer):
                break
            end += 1
            parts.append(self.lines[end].strip())
        if closed is None:
            slot.say(parts[0], quoted=True)
            return number + 1
        parts[-1] = parts[-1][:closed]
        slot.say(unquoted(quote + " ".join(parts)), quoted=True)
        return end + 1

    def _inside(self, number: int, outer: int) -> bool:
        line = self.lines[number]
        return not line.strip() or _indent(line) > outer


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _key(line: str, at: int) -> tuple[str, int] | None:
    """The key that begins at a character, and where its value begins; None where there is no key."""
    if line[at] in "\"'":
        quoted = _QUOTED_KEY.match(line, at)
        return (unquoted(quoted[1]), quoted.end()) if quoted else None
    colon = _COLON.search(line, at + 1)
    if line[at] in "{}[]" or colon is None or _COMMENT.search(line, at, colon.start()):
        return None
    return line[at : colon.start()], colon.end()


def _closing(text: str, quote: str) -> int | None:
    """Where a quoted text ends; None where it goes on."""
    found = (_SINGLE if quote == "'" else _DOUBLE).match(text)
    return found.end() if found else None
