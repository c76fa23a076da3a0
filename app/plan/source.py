"""From bytes to a tree of values that know their line and column.

The parser's event stream is read instead of a loaded document: it does not recurse, it shows anchors, tags and
repeated keys before anything is built, and every value keeps its place. Refused here is what other YAML readers
understand differently (format, section 5: F1 to F10, F12).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import yaml

from app.plan.problems import TOP, Mark, Problem, said_safely, shown
from app.plan.terms import MAX_BYTES, MAX_DEPTH, MAX_VALUES

NodeKind = Literal["text", "number", "boolean", "null", "list", "mapping", "fault"]
Scalar = str | int | float | bool | None

_LOADER = getattr(yaml, "CLoader", yaml.Loader)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_YES_NO: Final = frozenset({"yes", "no", "on", "off", "y", "n"})
_LONGEST_YES_NO: Final = 3
_MOST_FAULTS: Final = 1_000
_FIGURE_STARTS: Final = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\Z")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})?\.[0-9]{1,15}\Z|[-+]?(0|[1-9][0-9]{0,14})\.\Z")
_CLOCK = re.compile(r"[-+]?[0-9]{1,2}(:[0-5]?[0-9]){1,2}\Z")
_TWO_WAYS = re.compile(r"[-+]?(0[0-9_]+|0[xob][0-9a-fA-F_]+|[0-9]+(_[0-9]+)+)\Z")
_CUT_COMMENT = re.compile(r" +#[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the file. `items` holds a list's values, `pairs` a mapping's (key, value) in file order.

    A node of kind "fault" was already reported: readers pass over it in silence.
    """

    kind: NodeKind
    mark: Mark
    scalar: Scalar = None
    items: tuple[Node, ...] = ()
    pairs: tuple[tuple[Node, Node], ...] = ()

    @property
    def text(self) -> str:
        return str(self.scalar)

    def get(self, key: str) -> Node | None:
        return next((v for k, v in self.pairs if k.scalar == key), None)


@dataclass(slots=True)
class _Frame:
    mark: Mark
    mapping: bool
    flow: bool
    items: list[Node]
    key: Node | None = None


class _Stop(Exception):
    """Nothing below this place can be read."""


def read_source(data: bytes) -> tuple[Node | None, list[Problem]]:
    """The root value of a YAML file and what is wrong with its form; no root where nothing could be read."""
    builder = _Builder()
    try:
        text = builder.decode(data)
        builder.build(text)
    except _Stop:
        pass
    except yaml.MarkedYAMLError as error:
        builder.report(
            "F0",
            _mark(error.problem_mark or error.context_mark),
            f"not YAML: {shown(error.problem or error.context or 'unreadable', 120)}",
        )
    except yaml.YAMLError as error:
        builder.report("F0", TOP, f"not YAML: {shown(error, 120)}")
    if builder.root is None and not builder.problems:
        builder.report("F0", TOP, "the file is empty; a playbook starts with `muster: 1`")
    return builder.root, builder.problems


class _Builder:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._stack: list[_Frame] = []
        self._values = 0
        self._text = ""

    def report(self, rule: str, mark: Mark, message: str) -> None:
        self.problems.append(Problem(rule, mark.line, mark.column, "", said_safely(message)))
        if len(self.problems) >= _MOST_FAULTS:
            raise _Stop  # no playbook, whatever follows

    def decode(self, data: bytes) -> str:
        if len(data) > MAX_BYTES:
            self.report("F1", TOP, f"{len(data):,} bytes; a playbook has at most {MAX_BYTES:,}")
            raise _Stop
        try:
            text = data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            before = data[: error.start]
            line = before.count(b"\n") + 1
            column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
            self.report("F0", Mark(line, column), "not UTF-8 text; save the file as UTF-8")
            raise _Stop from None
        if found := _CONTROL.search(text):
            before_it = text[: found.start()]
            mark = Mark(before_it.count("\n") + 1, len(before_it.rpartition("\n")[2]) + 1)
            self.report("F12", mark, f"control character U+{ord(found[0]):04X}; remove it")
            raise _Stop
        return text

    def build(self, text: str) -> None:
        self._text = text
        documents = 0
        for event in _events(text):
            mark = _mark(event.start_mark)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.report("F2", mark, "a second document; one file holds one playbook")
                    raise _Stop
            elif isinstance(event, yaml.AliasEvent):
                self._refuse_reuse(mark)
                self._add(Node("fault", mark))
            elif isinstance(event, yaml.ScalarEvent):
                self._add(self._scalar(event, mark))
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._open(event, mark)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self._close()

    def _refuse_reuse(self, mark: Mark) -> None:
        self.report("F3", mark, "anchors, aliases, tags and merge keys are not allowed; write it out, or use a group")

    def _open(self, event: yaml.CollectionStartEvent, mark: Mark) -> None:
        if event.anchor or event.tag:
            self._refuse_reuse(mark)
        if len(self._stack) >= MAX_DEPTH:
            self.report("F1", mark, f"more than {MAX_DEPTH} levels deep")
            raise _Stop
        mapping = isinstance(event, yaml.MappingStartEvent)
        self._stack.append(_Frame(mark, mapping, bool(event.flow_style), []))

    def _close(self) -> None:
        frame = self._stack.pop()
        if frame.mapping:
            pairs = tuple(zip(frame.items[::2], frame.items[1::2], strict=True))
            self._add(Node("mapping", frame.mark, pairs=self._distinct(pairs)))
        else:
            self._add(Node("list", frame.mark, items=tuple(frame.items)))

    def _add(self, node: Node) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.mapping and len(frame.items) % 2 == 0:
            frame.items.append(self._key(node))
            return
        self._values += 1
        if self._values > MAX_VALUES:
            self.report("F1", node.mark, f"more than {MAX_VALUES:,} values")
            raise _Stop
        if frame is None:
            self.root = node
        else:
            frame.items.append(self._valued(frame, node) if frame.mapping else node)

    def _valued(self, frame: _Frame, node: Node) -> Node:
        if node.kind != "null":
            return node
        key = frame.items[-1]
        if key.kind == "text":
            cut = (
                "; a comma in a {…} row cuts the text, quote the title" if frame.flow else "; give it one, or remove it"
            )
            self.report("F10", key.mark, f"`{shown(key.text)}` has no value{cut}")
        return Node("fault", node.mark)

    def _key(self, node: Node) -> Node:
        if node.kind in ("text", "fault"):
            if node.scalar == "<<":
                self._refuse_reuse(node.mark)
                return Node("fault", node.mark)
            return node
        self.report("F4", node.mark, "a key must be text; put quotes around it or give it a name")
        return Node("fault", node.mark)

    def _distinct(self, pairs: tuple[tuple[Node, Node], ...]) -> tuple[tuple[Node, Node], ...]:
        first: dict[str, Mark] = {}
        kept = []
        for key, value in pairs:
            if key.kind != "text":
                continue
            if key.text in first:
                line = first[key.text].line
                self.report("F5", key.mark, f"`{shown(key.text)}` is given twice (first on line {line})")
                continue
            first[key.text] = key.mark
            kept.append((key, value))
        return tuple(kept)

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> Node:
        if event.anchor or event.tag:
            self._refuse_reuse(mark)
            return Node("fault", mark)
        text: str = event.value
        return self._quoted(text, mark) if event.style else self._plain(text, mark, event)

    def _quoted(self, text: str, mark: Mark) -> Node:
        if found := _CONTROL.search(text):
            self.report("F12", mark, f"control character U+{ord(found[0]):04X}; remove it")
            return Node("fault", mark)
        return Node("text", mark, text)

    def _plain(self, text: str, mark: Mark, event: yaml.ScalarEvent) -> Node:
        if len(text) <= _LONGEST_YES_NO and text.lower() in _YES_NO:
            self.report("F6", mark, f'write `true` or `false`, or put quotes around "{text}"')
            return Node("fault", mark)
        figure = text[:1] in _FIGURE_STARTS
        if figure and _CLOCK.match(text):
            self.report("F7", mark, f'put quotes around the time "{text}"; other programs read it as a number')
            return Node("fault", mark)
        if figure and _TWO_WAYS.match(text):
            self.report(
                "F8", mark, f"`{shown(text)}` is read differently by other programs; write it plainly or quote it"
            )
            return Node("fault", mark)
        end = event.end_mark.index if event.end_mark else len(self._text)
        if cut := _CUT_COMMENT.match(self._text, end):
            rest = self._text[end : end + 20].split("\n")[0].strip()
            self.report("F9", mark, f'the text ends at " {cut[0].strip()}"; quote it if "{shown(rest)}" belongs to it')
        return resolved(text, mark)


def _mark(mark: Any) -> Mark:
    """The parser's own mark, which counts from 0 and comes in two types, as a place in the file."""
    return Mark(mark.line + 1, mark.column + 1) if mark else TOP


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


def resolved(text: str, mark: Mark) -> Node:
    """A plain scalar by the core schema of YAML 1.2; whatever does not fit a number exactly stays text."""
    if text in ("", "~", "null", "Null", "NULL"):
        return Node("null", mark)
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return Node("boolean", mark, text.lower() == "true")
    if text[0] in _FIGURE_STARTS:
        if _INTEGER.match(text):
            return Node("number", mark, int(text))
        if _DECIMAL.match(text):
            return Node("number", mark, float(text))
    return Node("text", mark, text)


def node_of(value: object) -> Node:
    """Plain values (as stored or sent) as a tree without places, so that one reader serves files and rows."""
    if isinstance(value, dict):
        return Node("mapping", TOP, pairs=tuple((Node("text", TOP, str(k)), node_of(v)) for k, v in value.items()))
    if isinstance(value, (list, tuple)):
        return Node("list", TOP, items=tuple(node_of(item) for item in value))
    if isinstance(value, bool):
        return Node("boolean", TOP, value)
    if isinstance(value, (int, float)):
        return Node("number", TOP, value)
    return Node("null", TOP) if value is None else Node("text", TOP, str(value))
