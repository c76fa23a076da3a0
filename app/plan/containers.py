"""Kinds that hold other kinds: lists, entries named by their key, and a choice of two."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from app.plan.kinds import TITLE, bad_id
from app.plan.language.dates import ID_PATTERN, is_id
from app.plan.reading import Book, Json, Kind, Path, Reading, merged, wrong_kind
from app.plan.source import Node
from app.plan.terms import ID_LIMIT, RESERVED, RESERVED_FACTS

T = TypeVar("T")


class ListOf(Kind[tuple[T, ...]], Generic[T]):
    """One or more values; `single` lets a bare value stand for a list of one, `least` says how few are allowed."""

    def __init__(self, item: Kind[T], *, single: bool = False, least: int = 1) -> None:
        self.item = item
        self.single = single
        self.least = least

    def read(self, node: Node, path: Path, reading: Reading) -> tuple[T, ...] | None:
        if node.kind != "list":
            if not self.single:
                wrong_kind(reading, node, path, "a list")
                return None
            one = self.item.read(node, path, reading)
            return None if one is None else (one,)
        if len(node.items) < self.least:
            reading.problem("F15", node.mark, path, f"`{path[-1]}` is an empty list")
            return None
        read = [self.item.read(item, (*path, str(n)), reading) for n, item in enumerate(node.items)]
        for item in node.items:
            if item.kind == "null":
                reading.problem("F15", item.mark, path, f"`{path[-1]}` has an item with no value")
        return tuple(value for value in read if value is not None)

    def schema(self, book: Book) -> Json:
        item = self.item.schema(book)
        listed: Json = {"type": "array", "items": item}
        if self.least:
            listed["minItems"] = self.least
        return merged([item, listed]) if self.single else listed

    def says(self) -> str:
        return f"{self.item.says()}, or a list" if self.single else f"a list: {self.item.says()}"


class MapOf(Kind[dict[str, T]], Generic[T]):
    """Entries named by their key. `dated` ids may not be words of the language, `facts` not words of a condition."""

    def __init__(self, item: Kind[T], *, dated: bool = False, facts: bool = False) -> None:
        self.item = item
        self.reserved = RESERVED if dated else RESERVED_FACTS if facts else frozenset()

    def read(self, node: Node, path: Path, reading: Reading) -> dict[str, T] | None:
        if node.kind != "mapping":
            wrong_kind(reading, node, path, "a mapping of ids")
            return None
        if not node.pairs:
            reading.problem("F15", node.mark, path, f"`{path[-1]}` is empty")
        found: dict[str, T] = {}
        for name, value in node.pairs:
            below = (*path, name.text)
            if not is_id(name.text):
                bad_id(reading, name, below)
            elif name.text in self.reserved:
                reading.problem("I3", name.mark, below, f"`{name.text}` is a word of the language, pick another id")
            read = self.item.read(value, below, reading)
            if read is not None:
                found[name.text] = read
        return found

    def schema(self, book: Book) -> Json:
        return {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{ID_PATTERN}$", "maxLength": ID_LIMIT},
            "additionalProperties": self.item.schema(book),
        }

    def says(self) -> str:
        return "entries by id"


class Either(Kind[Any]):
    """Text read by one kind, a mapping or list by another."""

    def __init__(self, scalar: Kind[Any], deep: Kind[Any], *, lists: bool = False) -> None:
        self.scalar = scalar
        self.deep = deep
        self.lists = lists

    def read(self, node: Node, path: Path, reading: Reading) -> Any:
        deep = node.kind == "mapping" or (self.lists and node.kind == "list")
        return (self.deep if deep else self.scalar).read(node, path, reading)

    def schema(self, book: Book) -> Json:
        return merged([self.scalar.schema(book), self.deep.schema(book)])

    def parts(self) -> tuple[Kind[Any], ...]:
        return self.scalar, self.deep


TITLES = ListOf(TITLE)
