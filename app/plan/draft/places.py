"""Where in a half-written playbook somebody is, and what the format takes there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.plan.containers import ListOf, MapOf
from app.plan.draft.knots import CARET
from app.plan.format.conditions import ConditionKind
from app.plan.format.nesting import Grouped
from app.plan.problems import TOP
from app.plan.reading import Kind, Path, Record
from app.plan.source import Node

_NOTHING = Node("fault", TOP)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of the caret: in a key of `node`, or in a value; `path` leads to that node or value.

    A word alone on its line may be both: the value, or the first key of a mapping. `before` and `after` are what
    stands there on either side of the caret.
    """

    path: Path
    key: bool
    value: bool
    before: str
    after: str
    node: Node


def find_place(root: Node) -> Place | None:
    """The place of the caret in a tree that holds it; None where it stands in a comment or outside of everything."""
    waiting: list[tuple[Path, Node, int]] = [((), root, 0)]
    while waiting:
        path, node, line = waiting.pop()
        if node.kind == "text" and CARET in node.text:
            before, _, after = node.text.partition(CARET)
            return Place(path, node.mark.line != line, bool(path), before, after, Node("mapping", node.mark))
        for key, value in node.pairs:
            if CARET in key.text:
                before, _, after = key.text.partition(CARET)
                return Place(path, True, False, before, after, node)
            waiting.append(((*path, key.text), value, key.mark.line))
        waiting += [((*path, str(number)), item, 0) for number, item in enumerate(node.items)]
    return None


def kinds_at(kind: Kind[Any], node: Node, path: Path) -> list[Kind[Any]]:
    """The kinds that the place at a path may be read by; none where the format has no such place."""
    found = list(open_up(kind))
    for step in path:
        node = _child(node, step)
        below = dict.fromkeys(inner for outer in found for inner in _below(outer, step))
        found = [each for inner in below for each in open_up(inner)]
    return found


def open_up(kind: Kind[Any]) -> Iterator[Kind[Any]]:
    """A kind as the kinds it consists of; an entry that may be a group stays whole, since what is written decides."""
    parts = (kind.item,) if isinstance(kind, ListOf) and kind.single else () if _whole(kind) else kind.parts()
    if _whole(kind) or not parts:
        yield kind
    for part in parts:
        yield from open_up(part)


def _whole(kind: Kind[Any]) -> bool:
    return isinstance(kind, (Record, MapOf, ListOf, Grouped))


def _child(node: Node, step: str) -> Node:
    if node.kind == "list":
        return node.items[int(step)] if step.isdigit() and int(step) < len(node.items) else _NOTHING
    return node.get(step) or _NOTHING


def _below(kind: Kind[Any], step: str) -> Iterator[Kind[Any]]:
    """What stands under a key or a number of a value of this kind."""
    if isinstance(kind, Grouped):
        for record in (kind.single, kind.group):
            yield from _below(record, step)
    elif isinstance(kind, Record):
        if step in kind.keys:
            yield kind.keys[step][1].kind
    elif isinstance(kind, MapOf):
        yield kind.item
    elif isinstance(kind, ListOf):
        if step.isdigit():
            yield kind.item
    elif isinstance(kind, ConditionKind):
        if step == "any":
            yield ListOf(kind)
        elif step == "not":
            yield kind
