"""Answers and evidence: what a person gives when the work is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.plan.containers import Either, ListOf, MapOf
from app.plan.format.conditions import read_test
from app.plan.kinds import BOOL, ID, TITLE, Whole, Words
from app.plan.language.compare import Comparison
from app.plan.problems import Wrong, shown
from app.plan.reading import Book, Json, Kind, Path, Reading, Record, key, wrong_kind
from app.plan.source import Node

TYPES = (
    "tick", "text", "date", "time", "duration", "person", "number", "yes-no", "result", "choice", "choices", "table",
)  # fmt: skip
RESULTS = ("pass", "fail", "not tested")


class PassKind(Kind[Comparison]):
    def read(self, node: Node, path: Path, reading: Reading) -> Comparison | None:
        if node.kind == "fault":
            return None
        try:
            return read_test(node, "A2")
        except Wrong as wrong:
            reading.refuse(wrong, node.mark, path)
            return None

    def schema(self, book: Book) -> Json:
        return {"type": ["string", "number", "boolean"]}

    def says(self) -> str:
        return "a value or a comparison"


class ColumnsKind(Kind[Mapping[str, "Answer"]]):
    """The columns of a table; read late, since an answer's own kind is not yet there."""

    def read(self, node: Node, path: Path, reading: Reading) -> Mapping[str, Answer] | None:
        return MapOf(ANSWER).read(node, path, reading)

    def schema(self, book: Book) -> Json:
        return {"type": "object", "minProperties": 1, "additionalProperties": {"type": ["string", "array", "object"]}}

    def parts(self) -> tuple[Kind[Any], ...]:
        return (MapOf(ANSWER),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is asked. `passes` is None where every answer is good; `rows` is a list of titles or an attribute's id."""

    type: str = key(Words({name: name for name in TYPES}), "what kind of answer", default="tick")
    unit: str = key(TITLE, "unit of a figure", default="")
    passes: Comparison | None = key(PassKind(), "what is good enough", name="pass")
    options: tuple[str, ...] = key(ListOf(TITLE), "what can be chosen", default=())
    columns: Mapping[str, Answer] = key(ColumnsKind(), "the columns of a table", default=None)
    rows: tuple[str, ...] | str = key(Either(ID, ListOf(TITLE), lists=True), "a list, or an attribute", default=())


TICK = Answer()


class AnswerKind(Kind[Answer]):
    """Text, a list of options or a mapping as an `Answer`; breaks A1 to A4."""

    def __init__(self) -> None:
        self.deep = Record(Answer)

    def read(self, node: Node, path: Path, reading: Reading) -> Answer | None:
        if node.kind == "text":
            return self._short(node, path, reading)
        if node.kind == "list":
            options = ListOf(TITLE).read(node, path, reading)
            return None if options is None else self._sound(Answer(type="choice", options=options), path, reading)
        if node.kind != "mapping":
            wrong_kind(reading, node, path, "an answer")
            return None
        return self._mapping(node, path, reading)

    def _mapping(self, node: Node, path: Path, reading: Reading) -> Answer | None:
        given = node.get("type")
        if given is not None and given.kind == "text" and given.text not in TYPES:
            self._unknown(given.text, given, (*path, "type"), reading)
            return None
        answer = self.deep.read(node, path, reading)
        return None if answer is None else self._sound(answer, path, reading)

    def _short(self, node: Node, path: Path, reading: Reading) -> Answer | None:
        word, blank, unit = node.text.partition(" ")
        if word not in TYPES:
            self._unknown(node.text, node, path, reading)
            return None
        if blank and (word != "number" or not unit.strip()):
            reading.problem("A1", node.mark, path, f"only a number has a unit: `{shown(node.text)}`")
            return None
        return self._sound(Answer(type=word, unit=unit), path, reading)

    def _unknown(self, text: str, node: Node, path: Path, reading: Reading) -> None:
        hint = reading.near(text, TYPES) or f"; write one of {', '.join(TYPES)}"
        reading.problem("A1", node.mark, path, f"no answer type `{shown(text)}`{hint}")

    def _sound(self, answer: Answer, path: Path, reading: Reading) -> Answer:
        """Judge the parts together: what each type needs and may have."""
        if answer.type == "table" and not answer.columns and not reading.written((*path, "columns")):
            reading.at_value("A3", path, "a table needs columns")
        if answer.type in ("choice", "choices"):
            self._options(answer, path, reading)
        for name, types in _BELONGS.items():
            if reading.written((*path, name)) and answer.type not in types:
                reading.at_key("A5", (*path, name), f"`{name}` belongs to {' or '.join(types)}, not to {answer.type}")
        if answer.passes is not None:
            self._passes(answer, answer.passes, (*path, "pass"), reading)
        if isinstance(answer.rows, str):
            reading.refer("attribute", answer.rows, "C1", (*path, "rows"), reading.value_mark((*path, "rows")))
        return answer

    def _options(self, answer: Answer, path: Path, reading: Reading) -> None:
        if not answer.options and not reading.written((*path, "options")):
            reading.at_value("A4", path, f"a {answer.type} needs options")
        place = (*path, "options") if reading.written((*path, "options")) else path
        for number, option in enumerate(answer.options):
            if option in answer.options[:number]:
                reading.at_value("A4", (*place, str(number)), f"the option `{shown(option)}` is given twice")

    def _passes(self, answer: Answer, passes: Comparison, path: Path, reading: Reading) -> None:
        wrong = pass_fault(answer, passes)
        if wrong:
            reading.at_value("A2", path, wrong)

    def schema(self, book: Book) -> Json:
        listed = ListOf(TITLE).schema(book)
        return {
            "anyOf": [{"type": "string", "pattern": f"^({'|'.join(TYPES)})( .+)?$"}, listed, self.deep.schema(book)]
        }

    def parts(self) -> tuple[Kind[Any], ...]:
        return self.deep.keys["type"][1].kind, ListOf(TITLE), self.deep

    def says(self) -> str:
        return "a kind of answer"


_BELONGS = {
    "unit": ("number",),
    "options": ("choice", "choices"),
    "columns": ("table",),
    "rows": ("table",),
    "pass": ("number", "yes-no", "result", "choice", "choices"),
}


def pass_fault(answer: Answer, passes: Comparison) -> str:
    """Why `passes` does not fit the answer's type; empty where it does."""
    numeric = passes.value.number is not None
    if answer.type == "number":
        return "" if numeric else f"a number is compared with a figure, not `{shown(passes.text)}`"
    if answer.type == "yes-no":
        return "" if passes.value.option in ("true", "false") else "a yes-no passes on true or on false"
    if passes.operator not in ("is", "is not"):
        return f"`{passes.operator}` compares figures; a {answer.type} passes with `is` or `is not`"
    known = RESULTS if answer.type == "result" else answer.options
    if answer.type in ("result", "choice", "choices") and known and str(passes.value) not in known:
        return f"`{shown(passes.value)}` is not an option; one of {', '.join(known[:20])}"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A piece of proof to attach: at least so many, with a checksum where the file must be provably unchanged."""

    type: str = key(
        Words({"file": "file", "photo": "photo", "link": "link"}, "A5"), "file, photo or link", required=True
    )
    title: str = key(TITLE, "what it shows", default="")
    at_least: int = key(Whole(1, 100), "how many", default=1)
    checksum: bool = key(BOOL, "keep and show the file's checksum", default=False)


ANSWER = AnswerKind()
EVIDENCE = ListOf(Record(Evidence, short="type"), single=True)
