"""Rows in braces and brackets, as far as they go: `{title: Sign, owner: director, due: …`."""

from __future__ import annotations

import re
from typing import Final

from app.plan.draft.knots import Knot
from app.plan.problems import Mark
from app.plan.terms import MAX_DEPTH

OPENERS: Final = {"{": "mapping", "[": "list"}
_TOKEN = re.compile(
    r"""(?P<blank>[ \t]+|(?:(?<=[ \t])|^)\#.*)
      | (?P<quoted>"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)
      | (?P<sign>[{}\[\],]|:(?=[ \t{}\[\],]|$))
      | (?P<plain>(?:(?!:(?:[ \t{}\[\],]|$)|[ \t]\#)[^,{}\[\]])+)
      | (?P<other>.)""",
    re.VERBOSE,
)


class FlowReader:
    """Reads one value in braces or brackets, line by line; `done` once the bracket that began it is closed."""

    def __init__(self, value: Knot) -> None:
        self._stack: list[Knot] = []
        self._slot: Knot | None = value
        self._named = False

    @property
    def done(self) -> bool:
        return not self._stack

    def line(self, line: str, number: int, at: int) -> None:
        """Read on from the character `at` (from 0) of the line `number` (from 1)."""
        for token in _TOKEN.finditer(line, at):
            if token.lastgroup == "blank":
                continue
            mark = Mark(number, token.start() + 1)
            if token.lastgroup == "sign":
                self._sign(token[0], mark)
            else:
                quoted = token.lastgroup == "quoted"
                self._text(unquoted(token[0]) if quoted else token[0].strip(), mark, quoted)
            if self.done:
                return

    def _sign(self, sign: str, mark: Mark) -> None:
        if sign in OPENERS:
            knot = self._place(mark)
            knot.kind, knot.mark = OPENERS[sign], mark
            if len(self._stack) < MAX_DEPTH:
                self._stack.append(knot)
            self._slot, self._named = None, False
        elif sign in "}]":
            self._stack.pop()
            self._slot, self._named = None, False
        elif sign == ",":
            self._slot, self._named = None, False
        elif self._stack[-1].kind == "mapping" and self._slot is not None:
            self._named = True

    def _text(self, text: str, mark: Mark, quoted: bool) -> None:
        inside = self._stack[-1]
        if inside.kind == "mapping" and self._slot is None:
            self._slot, self._named = inside.pair(text, mark), False
        elif inside.kind == "mapping" and not self._named:
            return  # a key over two lines: none that anybody writes
        else:
            self._place(mark).say(text, quoted=quoted)

    def _place(self, mark: Mark) -> Knot:
        """Where the next value goes: behind the key, into the list, or at the very beginning."""
        if self._slot is None:
            inside = self._stack[-1]
            self._slot = inside.item(mark) if inside.kind == "list" else inside.pair("", mark)
        if self._slot.kind == "open":
            self._slot.mark = mark
        return self._slot


def unquoted(text: str) -> str:
    """A quoted text without its quotes, closed or not; escapes stay but for the quotes themselves."""
    quote = text[0]
    inner = text[1:-1] if len(text) > 1 and text.endswith(quote) else text[1:]
    return inner.replace("''", "'") if quote == "'" else inner.replace('\\"', '"')
