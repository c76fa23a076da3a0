"""Entries that may hold entries of their own kind: groups, checklists, steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.plan.reading import Book, Json, Kind, Path, Reading, Record
from app.plan.source import Node

# Filled by the sections: a kind that holds itself can only be named before it is there.
NESTED: dict[str, Kind[Mapping[str, Any]]] = {}


class ItemsKind(Kind[Mapping[str, Any]]):
    """Entries that hold entries of their own kind: the kind is asked for when it is there."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def _kind(self) -> Kind[Mapping[str, Any]]:
        return NESTED[self.kind]

    def read(self, node: Node, path: Path, reading: Reading) -> Mapping[str, Any] | None:
        return self._kind().read(node, path, reading)

    def schema(self, book: Book) -> Json:
        return self._kind().schema(book)

    def parts(self) -> tuple[Kind[Any], ...]:
        return (self._kind(),)


class Grouped(Kind[Any]):
    """An entry that is a group where it holds its own section's word, else a single one."""

    def __init__(self, word: str, group: Record[Any], single: Record[Any]) -> None:
        self.word = word
        self.group = group
        self.single = single

    def read(self, node: Node, path: Path, reading: Reading) -> Any:
        return self.meant(node).read(node, path, reading)

    def meant(self, node: Node) -> Record[Any]:
        return self.group if node.get(self.word) is not None else self.single

    def schema(self, book: Book) -> Json:
        return {"anyOf": [self.single.schema(book), self.group.schema(book)]}

    def parts(self) -> tuple[Kind[Any], ...]:
        return self.single, self.group
