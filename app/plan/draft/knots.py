"""The values of a half-written file while they are being read, and the tree they become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from app.plan.problems import Mark
from app.plan.source import Node, resolved
from app.plan.terms import MAX_DEPTH

CARET: Final = "\ue000"
"""Stands in the text where somebody is writing: a character of the private area, which no playbook needs."""


@dataclass(slots=True)
class Knot:
    """One value. `kind` is "open" while nothing stands there; `column` is where its lines begin (from 0)."""

    mark: Mark
    kind: str = "open"
    text: str = ""
    quoted: bool = False
    column: int = -1
    pairs: list[tuple[Node, Knot]] = field(default_factory=list)
    items: list[Knot] = field(default_factory=list)

    def say(self, text: str, *, quoted: bool = False) -> None:
        """Take a text as the value, or as its next line."""
        if self.kind in ("mapping", "list"):
            return
        self.text = f"{self.text} {text}" if self.kind == "text" else text
        self.kind, self.quoted = "text", quoted

    def pair(self, name: str, mark: Mark) -> Knot:
        """A new key with its value still to come."""
        value = Knot(mark)
        self.pairs.append((Node("text", mark, name), value))
        return value

    def item(self, mark: Mark) -> Knot:
        self.items.append(Knot(mark))
        return self.items[-1]

    def node(self, depth: int = 0) -> Node:
        """The tree below, as the readers of the format take it; what is open or too deep is a fault."""
        if depth >= MAX_DEPTH or self.kind == "open":
            return Node("fault", self.mark)
        if self.kind == "mapping":
            pairs = {key.text: (key, value.node(depth + 1)) for key, value in reversed(self.pairs)}
            return Node("mapping", self.mark, pairs=tuple(reversed(pairs.values())))
        if self.kind == "list":
            return Node("list", self.mark, items=tuple(item.node(depth + 1) for item in self.items))
        return Node("text", self.mark, self.text) if self.quoted else resolved(self.text, self.mark)
