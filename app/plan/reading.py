"""How a declared record becomes a value: one declaration gives the reader, the published schema and the key tables.

A record is a frozen dataclass whose fields are made by `key(kind, …)`. A kind reads one value of the file and can say
its JSON Schema. Readers never stop at a mistake: they report it with its place and go on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from app.plan.problems import TOP, Mark, Problem, Wrong, near, said_safely, shown
from app.plan.source import Node
from app.plan.terms import MAX_PROBLEMS

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Path = tuple[str, ...]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that must exist: `space` says among what (role, wave, entry, …), `rule` what is broken if not."""

    space: str
    name: str
    rule: str
    path: Path
    mark: Mark


class Reading:
    """One pass over a file: the problems found, the names referred to, and where every key and value stands."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.references: list[Reference] = []
        self.marks: dict[Path, tuple[Mark, Mark]] = {(): (TOP, TOP)}
        self._said: set[tuple[object, ...]] = set()
        self._offers = 0

    def place(self, node: Node) -> None:
        """Remember where everything below `node` stands, so that later rules need only a path."""
        stack: list[tuple[Path, Node]] = [((), node)]
        while stack:
            path, current = stack.pop()
            for key, value in current.pairs:
                below = (*path, key.text)
                self.marks[below] = (key.mark, value.mark)
                stack.append((below, value))
            for number, item in enumerate(current.items):
                below = (*path, str(number))
                self.marks[below] = (item.mark, item.mark)
                stack.append((below, item))

    def written(self, path: Path) -> bool:
        return path in self.marks

    def key_mark(self, path: Path) -> Mark:
        return self._mark(path, 0)

    def value_mark(self, path: Path) -> Mark:
        """The value's place; where the key was handed down and is not written here, the entry's key."""
        return self._mark(path, 1) if path in self.marks else self._mark(path, 0)

    def _mark(self, path: Path, which: int) -> Mark:
        while path not in self.marks:
            path = path[:-1]
        return self.marks[path][which]

    def problem(self, rule: str, mark: Mark, path: Path, message: str) -> None:
        """Report once: the same rule at the same place twice says nothing new.

        Without a file (a rollout's own dates) there are no places: then the path and what is said tell two apart.
        """
        said = (rule, mark) if len(self.marks) > 1 else (rule, path, message)
        if said not in self._said:
            self._said.add(said)
            self.problems.append(
                Problem(rule, mark.line, mark.column, shown(".".join(path), 200), said_safely(message))
            )

    def refuse(self, wrong: Wrong, mark: Mark, path: Path) -> None:
        """Report what a small language refused, with the nearest name it knows."""
        hint = self.near(wrong.meant, wrong.names) if wrong.meant else ""
        self.problem(wrong.rule, mark, path, wrong.message + hint)

    def near(self, name: str, names: Iterable[str]) -> str:
        """`; did you mean …?` for the first mistakes of a file: looking for near names costs more than finding them."""
        self._offers += 1
        return near(name, names) if self._offers <= MAX_PROBLEMS else ""

    def at_value(self, rule: str, path: Path, message: str) -> None:
        self.problem(rule, self.value_mark(path), path, message)

    def at_key(self, rule: str, path: Path, message: str) -> None:
        self.problem(rule, self.key_mark(path), path, message)

    def refer(self, space: str, name: str, rule: str, path: Path, mark: Mark) -> None:
        self.references.append(Reference(space, name, rule, path, mark))


class Book:
    """The definitions of a JSON Schema while it is written."""

    def __init__(self) -> None:
        self.definitions: dict[str, Json] = {}

    def define(self, name: str, kind: Record[Any]) -> Json:
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = kind.body(self)
        return {"$ref": f"#/definitions/{name}"}


class Kind(Generic[T_co]):
    """What a key takes. `read` returns None after reporting what is wrong."""

    def read(self, node: Node, path: Path, reading: Reading) -> T_co | None:
        raise NotImplementedError

    def schema(self, book: Book) -> Json:
        raise NotImplementedError

    def parts(self) -> tuple[Kind[Any], ...]:
        """The kinds of which this one takes one or the other, and words that may stand in its text."""
        return ()

    def says(self) -> str:
        """What it takes, in a few words."""
        return " or ".join(dict.fromkeys(part.says() for part in self.parts())) or "a text"


@dataclass(frozen=True, slots=True)
class Key:
    """A declared key: its name in the file, what it takes, and one line about it."""

    name: str
    kind: Kind[Any]
    required: bool
    about: str


_KEY: Final = "key"


def key(kind: Kind[Any], about: str = "", *, default: Any = None, required: bool = False, name: str = "") -> Any:
    """A field of a record that is read from the file; `name` where Python will not have the key's own."""
    return field(default=default, metadata={_KEY: (name, kind, required, about)})


_FOUND: dict[type[Any], dict[str, tuple[str, Key]]] = {}


def keys_of(record: type[Any]) -> dict[str, tuple[str, Key]]:
    """Key name in the file → (field name, declaration), in the order of declaration."""
    if record not in _FOUND:
        found: dict[str, tuple[str, Key]] = {}
        for each in dataclasses.fields(record):
            if _KEY in each.metadata:
                name, kind, required, about = each.metadata[_KEY]
                found[name or each.name] = (each.name, Key(name or each.name, kind, required, about))
        _FOUND[record] = found
    return _FOUND[record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Anything named by its key. `path` leads to it in the file; `()` is the file itself."""

    id: str = ""
    path: Path = ()


class Record(Kind[T]):
    """A mapping with declared keys. `short` names the key that a bare text stands for.

    `refused` maps keys that are known elsewhere but wrong here to (rule, message).
    """

    def __init__(
        self, build: type[T], *, short: str = "", refused: Mapping[str, tuple[str, str]] | None = None, what: str = ""
    ) -> None:
        self.build = build
        self.short = short
        self.refused = dict(refused or {})
        self.what = what or build.__name__.lower()

    @property
    def keys(self) -> dict[str, tuple[str, Key]]:
        return keys_of(self.build)

    def read(self, node: Node, path: Path, reading: Reading) -> T | None:
        values: dict[str, Any] = {}
        if dataclasses.is_dataclass(self.build) and issubclass(self.build, Entry):
            values = {"id": path[-1] if path else "", "path": path}
        if node.kind == "fault":
            return None
        if node.kind != "mapping":
            return self._short(node, path, reading, values)
        values.update(self._pairs(node, path, reading))
        for name, (_, declared) in self.keys.items():
            if declared.required and not any(k.scalar == name for k, _ in node.pairs):
                reading.at_key("F13", path, f"`{path[-1] if path else 'the playbook'}` needs `{name}`")
        return self.build(**values)

    def _short(self, node: Node, path: Path, reading: Reading, values: dict[str, Any]) -> T | None:
        if not self.short or node.kind == "list":
            what = f"`{path[-1]}`" if path else "a playbook"
            reading.problem("F14", node.mark, path, f"{what} takes keys and values, not {_kind_words(node)}")
            return None
        field_name, declared = self.keys[self.short]
        value = declared.kind.read(node, path, reading)
        if value is None:
            return None
        missing = [n for n, (_, d) in self.keys.items() if d.required and n != self.short]
        for name in missing:
            reading.at_key("F13", path, f"`{path[-1]}` needs `{name}`")
        return self.build(**values, **{field_name: value})

    def _pairs(self, node: Node, path: Path, reading: Reading) -> dict[str, Any]:
        values: dict[str, Any] = {}
        declared = self.keys
        for name, value in node.pairs:
            below = (*path, name.text)
            if value.kind == "fault":
                continue
            if name.text in self.refused:
                rule, message = self.refused[name.text]
                reading.problem(rule, name.mark, below, message)
            elif name.text not in declared:
                hint = reading.near(name.text, declared)
                reading.problem("F11", name.mark, below, f"unknown key `{shown(name.text)}`{hint}")
            else:
                field_name, spec = declared[name.text]
                read = spec.kind.read(value, below, reading)
                if read is not None:
                    values[field_name] = read
        return values

    def schema(self, book: Book) -> Json:
        body = book.define(self.build.__name__, self)
        if not self.short:
            return body
        return {"anyOf": [self.keys[self.short][1].kind.schema(book), body]}

    def says(self) -> str:
        return "keys and values"

    def body(self, book: Book) -> Json:
        keys = self.keys.values()
        shape: Json = {"type": "object", "additionalProperties": False, "properties": {}}
        for _, declared in keys:
            described = declared.kind.schema(book)
            if declared.about and "$ref" not in described:
                described = {**described, "description": declared.about}
            shape["properties"][declared.name] = described
        if required := [declared.name for _, declared in keys if declared.required]:
            shape["required"] = required
        return shape


def _kind_words(node: Node) -> str:
    return {"text": "text", "number": "a figure", "boolean": "true or false", "list": "a list"}.get(
        node.kind, "nothing"
    )


def wrong_kind(reading: Reading, node: Node, path: Path, wanted: str) -> None:
    """Report F14: what stands here and what would be right."""
    if node.kind == "fault":
        return
    found = f"`{shown(node.scalar)}`" if node.kind in ("text", "number", "boolean") else _kind_words(node)
    if node.kind == "mapping":
        found = "a mapping"
    reading.problem("F14", node.mark, path, f"{found} is not {wanted}")


def merged(parts: Iterable[Json]) -> Json:
    """`anyOf` of the given schemas, one alone as it is."""
    found = list(parts)
    return found[0] if len(found) == 1 else {"anyOf": found}
