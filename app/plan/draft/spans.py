"""Where every value of a YAML text begins and ends, so that one of them can be changed and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

_LOADER = getattr(yaml, "CLoader", yaml.Loader)


@dataclass(slots=True)
class Span:
    """One value: the characters from `start` up to, without, `end`; `column` (from 0) is where it begins.

    `row`: written in braces or brackets. `block`: a text under `|` or `>`; where that keeps the empty lines after it
    (`|+`), `keeps` says so, and they belong to it.
    """

    kind: Literal["text", "mapping", "list"]
    start: int
    end: int
    column: int
    text: str = ""
    row: bool = False
    block: bool = False
    keeps: bool = False
    pairs: list[tuple[Span, Span]] = field(default_factory=list)
    items: list[Span] = field(default_factory=list)

    def get(self, key: str) -> Span | None:
        return next((value for name, value in self.pairs if name.text == key), None)

    def key(self, key: str) -> Span | None:
        return next((name for name, _ in self.pairs if name.text == key), None)

    def find(self, path: tuple[str, ...]) -> Span | None:
        """The value that a path of keys leads to."""
        found: Span | None = self
        for key in path:
            found = found.get(key) if found is not None else None
        return found

    @property
    def last(self) -> Span:
        """The value that ends last inside of it; itself where nothing is inside."""
        inside = [value for _, value in self.pairs] or self.items
        return self if self.row or not inside else inside[-1].last


def spans(text: str) -> Span:
    """The root of a sound playbook's text. Raises yaml.YAMLError for what is none, ValueError for an empty one."""
    open_: list[Span] = []
    loose: list[list[Span]] = [[]]
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.ScalarEvent):
            loose[-1].append(_scalar(event, text))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            open_.append(_opened(event))
            loose.append([])
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            closed = _closed(open_.pop(), loose.pop(), event)
            loose[-1].append(closed)
    if not loose[0]:
        raise ValueError("an empty text")
    return loose[0][0]


def _scalar(event: Any, text: str) -> Span:
    start, end = event.start_mark.index, event.end_mark.index
    if event.style not in ("|", ">"):
        return Span("text", start, end, event.start_mark.column, event.value)
    written = text[start:end]
    keeps = "+" in written[:3].split("\n")[0]
    end = end if keeps else start + len(written.rstrip("\r\n"))
    return Span("text", start, end, event.start_mark.column, event.value, block=True, keeps=keeps)


def _opened(event: Any) -> Span:
    kind: Literal["mapping", "list"] = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
    mark = event.start_mark
    return Span(kind, mark.index, mark.index, mark.column, row=bool(event.flow_style))


def _closed(span: Span, inside: list[Span], event: Any) -> Span:
    if span.kind == "mapping":
        span.pairs = list(zip(inside[::2], inside[1::2], strict=True))
    else:
        span.items = inside
    # A list or mapping that stands in lines ends with what is in it: the parser only notices at what comes next.
    span.end = event.end_mark.index if span.row or not inside else inside[-1].end
    return span
