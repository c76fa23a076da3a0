"""Dates, recurrences, links and hours as kinds; names in them are kept as references."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

from app.plan.containers import ListOf
from app.plan.kinds import Language, Name, Words
from app.plan.language.dates import AnchorKind, DateRange, is_id, parse_date
from app.plan.language.durations import Duration, parse_duration
from app.plan.language.hours import Span, parse_span
from app.plan.language.recurrence import parse_days, parse_every
from app.plan.problems import Wrong, shown
from app.plan.reading import Book, Json, Kind, Path, Reading, wrong_kind
from app.plan.source import Node

# What a date may begin with; the others are no words: a day of the calendar, an entry, what is known only in places.
_ANCHORS = tuple(word for word in get_args(AnchorKind) if word not in ("date", "entry", "T", "opened"))


class DateKind(Kind[DateRange]):
    """A date; `stretch=False` where one day is needed, `also` for words known only here (T, opened)."""

    def __init__(self, *, stretch: bool = True, also: frozenset[str] = frozenset()) -> None:
        self.stretch = stretch
        self.also = also

    def read(self, node: Node, path: Path, reading: Reading) -> DateRange | None:
        if node.kind != "text":
            wrong_kind(reading, node, path, "a date")
            return None
        try:
            found = parse_date(node.text, also=self.also)
        except Wrong as wrong:
            reading.refuse(wrong, node.mark, path)
            return None
        if not self.stretch and (found.begin or found.undated):
            reading.problem("D1", node.mark, path, f"`{shown(node.text)}`: one day is needed here, not a stretch")
            return None
        for point in found.points:
            if point.anchor.entry:
                reading.refer("entry", point.anchor.entry, "T6", path, node.mark)
            if point.anchor.of_wave:
                reading.refer("wave", point.anchor.of_wave, "T6", path, node.mark)
        return found

    def schema(self, book: Book) -> Json:
        return {"type": "string", "minLength": 1}

    def parts(self) -> tuple[Kind[Any], ...]:
        words = [*_ANCHORS, *sorted(self.also), *(["undated"] if self.stretch else [])]
        return Words({word: word for word in words}), Name("entry", "T6")

    def says(self) -> str:
        return "a date" if self.stretch else "one day"


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency on an entry: its finish, or its start (`start_of`), with a lag."""

    entry: str
    start_of: bool = False
    previous: bool = False
    of_wave: str = ""
    lag: Duration | None = None


@lru_cache(maxsize=4096)
def parse_link(text: str) -> Link:
    """`build`, `start of build`, `build of previous wave + 2wd`. Raises `Wrong` T6 or D2."""
    head, plus, lag = text.partition(" + ")
    duration = parse_duration(lag) if plus else None
    start_of = head.startswith("start of ")
    words = head.removeprefix("start of ").split(" ")
    previous = words[1:] == ["of", "previous", "wave"]
    of_wave = words[3] if len(words) == 4 and words[1:3] == ["of", "wave"] else ""
    if not is_id(words[0]) or not (len(words) == 1 or previous or is_id(of_wave)):
        raise Wrong("T6", f"not a link: `{shown(text)}`; write `build`, `start of build` or `build + 2wd`")
    return Link(words[0], start_of, previous, of_wave, duration)


class LinkKind(Kind[Link]):
    """A link; `space` is where its id is looked up (entries, or the steps of the same runbook)."""

    def __init__(self, space: str = "entry") -> None:
        self.space = space

    def read(self, node: Node, path: Path, reading: Reading) -> Link | None:
        if node.kind != "text":
            wrong_kind(reading, node, path, "the id of an entry")
            return None
        try:
            link = parse_link(node.text)
        except Wrong as wrong:
            reading.refuse(wrong, node.mark, path)
            return None
        reading.refer(self.space, link.entry, "T6", path, node.mark)
        if link.of_wave:
            reading.refer("wave", link.of_wave, "T6", path, node.mark)
        return link

    def schema(self, book: Book) -> Json:
        return {"type": "string", "minLength": 1}

    def parts(self) -> tuple[Kind[Any], ...]:
        return (Name(self.space, "T6"),)

    def says(self) -> str:
        return "the id of an entry"


Week = tuple[Span | None, ...]
"""Opening hours of the seven days from Monday; None where no hours are given for a day."""


class HoursKind(Kind[Week]):
    """One span for all days, or a mapping of days to spans."""

    def read(self, node: Node, path: Path, reading: Reading) -> Week | None:
        span = Language(parse_span, "hours")
        if node.kind != "mapping":
            one = span.read(node, path, reading)
            return None if one is None else (one,) * 7
        hours: list[Span | None] = [None] * 7
        for name, value in node.pairs:
            below = (*path, name.text)
            try:
                days = parse_days(name.text, "D1")
            except Wrong as wrong:
                reading.refuse(wrong, name.mark, below)
                continue
            read = span.read(value, below, reading)
            for day in days:
                if hours[day] is not None:
                    reading.problem("D1", name.mark, below, f"`{shown(name.text)}` gives a day its hours twice")
                hours[day] = read
        return tuple(hours)

    def schema(self, book: Book) -> Json:
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}

    def says(self) -> str:
        return "opening hours"


def _days(text: str) -> tuple[int, ...]:
    return parse_days(text, "D1")


DATE = DateKind()
DAY = DateKind(stretch=False)
WINDOW = DateKind(also=frozenset({"T"}))
STEP_DATE = DateKind(stretch=False, also=frozenset({"T"}))
DATES = ListOf(DATE, single=True)
DAYS = Language(_days, "days")
EVERY = Language(parse_every, "a recurrence")
HOURS = HoursKind()
LINKS = ListOf(LinkKind(), single=True)
