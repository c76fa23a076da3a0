"""Conditions: which locations an entry is for. All lines must hold; a list means any of; `any` and `not` nest."""

from __future__ import annotations

from dataclasses import dataclass

from app.plan.kinds import written_figure
from app.plan.language.compare import Comparison, Value, parse_comparison
from app.plan.problems import Wrong
from app.plan.reading import Book, Json, Kind, Path, Reading
from app.plan.source import Node


@dataclass(frozen=True, slots=True)
class Line:
    """One fact (an attribute, `wave`, or an answer given earlier) and the tests of which one must hold."""

    fact: str
    tests: tuple[Comparison, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Condition:
    """All `lines`, at least one of each group in `any_of`, and none of `none_of` must hold."""

    lines: tuple[Line, ...] = ()
    any_of: tuple[tuple[Condition, ...], ...] = ()
    none_of: tuple[Condition, ...] = ()

    @property
    def all_lines(self) -> tuple[Line, ...]:
        nested = [c for group in self.any_of for c in group] + list(self.none_of)
        return self.lines + tuple(line for condition in nested for line in condition.all_lines)


ALWAYS = Condition()


def both(first: Condition, second: Condition) -> Condition:
    """Conditions add up: what holds for the group holds for everything inside."""
    return Condition(first.lines + second.lines, first.any_of + second.any_of, first.none_of + second.none_of)


class ConditionKind(Kind[Condition]):
    """A mapping as a condition; breaks C3 for its form, C2 for a test that is none."""

    def read(self, node: Node, path: Path, reading: Reading) -> Condition | None:
        if node.kind == "fault":
            return None
        if node.kind != "mapping" or not node.pairs:
            reading.problem("C3", node.mark, path, "a condition is a mapping of facts, as {setting: urban}")
            return None
        lines: list[Line] = []
        any_of: list[tuple[Condition, ...]] = []
        none_of: list[Condition] = []
        for name, value in node.pairs:
            below = (*path, name.text)
            if value.kind == "fault":
                continue
            if name.text == "any":
                any_of.append(self._alternatives(value, below, reading))
            elif name.text == "not":
                nested = self.read(value, below, reading)
                none_of += [nested] if nested else []
            else:
                lines.append(Line(name.text, self._tests(value, below, reading), below))
                reading.refer("fact", name.text, "C1", below, name.mark)
        return Condition(tuple(lines), tuple(any_of), tuple(none_of))

    def _alternatives(self, node: Node, path: Path, reading: Reading) -> tuple[Condition, ...]:
        if node.kind != "list" or not node.items:
            reading.problem("C3", node.mark, path, "`any` takes a list of conditions, as [{a: x}, {b: y}]")
            return ()
        read = [self.read(item, (*path, str(n)), reading) for n, item in enumerate(node.items)]
        return tuple(condition for condition in read if condition)

    def _tests(self, node: Node, path: Path, reading: Reading) -> tuple[Comparison, ...]:
        items = node.items if node.kind == "list" else (node,)
        if not items:
            reading.problem("C2", node.mark, path, "an empty list can never hold")
        tests = []
        for item in items:
            try:
                tests.append(read_test(item))
            except Wrong as wrong:
                reading.problem("C2", item.mark, path, wrong.message)
        return tuple(tests)

    def schema(self, book: Book) -> Json:
        if "Condition" not in book.definitions:
            own = {"$ref": "#/definitions/Condition"}
            scalar = {"type": ["string", "number", "boolean"]}
            book.definitions["Condition"] = {
                "type": "object",
                "minProperties": 1,
                "properties": {"any": {"type": "array", "minItems": 1, "items": own}, "not": own},
                "additionalProperties": {"anyOf": [scalar, {"type": "array", "minItems": 1, "items": scalar}]},
            }
        return {"$ref": "#/definitions/Condition"}

    def says(self) -> str:
        return "facts and their values"


def read_test(node: Node, rule: str = "C2") -> Comparison:
    """A test as written: true and false, a bare figure, a literal, or a comparison. Raises `Wrong`."""
    if node.kind == "boolean":
        word = "true" if node.scalar else "false"
        return Comparison(word, "is", Value(option=word))
    if node.kind == "number":
        text = written_figure(node)
        return Comparison(text, "is", Value(number=float(text)))
    if node.kind == "text":
        return parse_comparison(node.text, rule)
    raise Wrong(rule, "a test is a value or a comparison, as `at least 50`")


CONDITION = ConditionKind()
