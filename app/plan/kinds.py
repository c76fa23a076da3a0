"""The simple kinds: text, figures, words of a closed list, lists, and texts of the small languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Generic, TypeVar

from app.plan.language.compare import parse_count, parse_percent
from app.plan.language.dates import ID_PATTERN, is_id, parse_iso_date
from app.plan.language.durations import PATTERN, Duration, parse_duration
from app.plan.problems import Wrong, shown
from app.plan.reading import Book, Json, Kind, Path, Reading, wrong_kind
from app.plan.source import Node
from app.plan.terms import ID_LIMIT, PROSE_LIMIT, TITLE_LIMIT

T = TypeVar("T")

_HTTPS = re.compile(r"https://[^\s/]+(/\S*)?\Z")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\Z")


class Text(Kind[str]):
    """Text within a limit; one line unless `lines`."""

    def __init__(self, limit: int = TITLE_LIMIT, *, lines: bool = False) -> None:
        self.limit = limit
        self.lines = lines

    def read(self, node: Node, path: Path, reading: Reading) -> str | None:
        if node.kind != "text":
            quotes = "; put quotes around it" if node.kind in ("number", "boolean") else ""
            wrong_kind(reading, node, path, f"text{quotes}")
            return None
        text = node.text
        if not text.strip():
            reading.problem("F15", node.mark, path, f"`{path[-1]}` is empty")
        elif len(text) > self.limit:
            reading.problem("F15", node.mark, path, f"{len(text):,} characters; at most {self.limit:,}")
        elif not self.lines and "\n" in text.rstrip("\n"):
            reading.problem("F12", node.mark, path, f"`{path[-1]}` is one line of text; take the line break out")
        else:
            return text if self.lines else text.strip()
        return None

    def schema(self, book: Book) -> Json:
        return {"type": "string", "minLength": 1, "maxLength": self.limit}

    def says(self) -> str:
        return "text" if self.lines else "one line of text"


class Id(Kind[str]):
    """An id of the format's shape; breaks I1."""

    def read(self, node: Node, path: Path, reading: Reading) -> str | None:
        if node.kind != "text":
            wrong_kind(reading, node, path, "an id")
        elif is_id(node.text):
            return node.text
        else:
            bad_id(reading, node, path)
        return None

    def schema(self, book: Book) -> Json:
        return {"type": "string", "pattern": f"^{ID_PATTERN}$", "maxLength": ID_LIMIT}

    def says(self) -> str:
        return "an id"


def bad_id(reading: Reading, node: Node, path: Path) -> None:
    say = f"lower-case letters, figures and single hyphens, a letter first, at most {ID_LIMIT}"
    reading.problem("I1", node.mark, path, f"`{shown(node.text)}` is not an id: {say}")


class Name(Kind[str]):
    """The id of something that must exist: kept as a reference and judged when the whole file is read."""

    def __init__(self, space: str, rule: str) -> None:
        self.space = space
        self.rule = rule

    def read(self, node: Node, path: Path, reading: Reading) -> str | None:
        if node.kind != "text":
            wrong_kind(reading, node, path, f"the id of a {self.space}")
            return None
        reading.refer(self.space, node.text, self.rule, path, node.mark)
        return node.text

    def schema(self, book: Book) -> Json:
        return {"type": "string"}

    def says(self) -> str:
        return f"{'an' if self.space[0] in 'aeiou' else 'a'} {self.space}"


class Words(Kind[T], Generic[T]):
    """One of a closed list of words, each with its value; `rule` where another word breaks more than F14."""

    def __init__(self, words: Mapping[str, T], rule: str = "F14") -> None:
        self.words = dict(words)
        self.rule = rule

    def read(self, node: Node, path: Path, reading: Reading) -> T | None:
        if node.kind == "text" and node.text in self.words:
            return self.words[node.text]
        if node.kind == "text":
            listed = ", ".join(self.words)
            hint = reading.near(node.text, self.words)
            reading.problem(self.rule, node.mark, path, f"`{shown(node.text)}` is not one of {listed}{hint}")
        else:
            wrong_kind(reading, node, path, f"one of {', '.join(self.words)}")
        return None

    def schema(self, book: Book) -> Json:
        return {"enum": list(self.words)}

    def says(self) -> str:
        return " | ".join(self.words)


class YesNo(Kind[bool]):
    def read(self, node: Node, path: Path, reading: Reading) -> bool | None:
        if node.kind == "boolean":
            return bool(node.scalar)
        wrong_kind(reading, node, path, "true or false")
        return None

    def schema(self, book: Book) -> Json:
        return {"type": "boolean"}

    def says(self) -> str:
        return "true or false"


class Whole(Kind[int]):
    """A whole number within limits."""

    def __init__(self, least: int = 1, most: int = 100_000) -> None:
        self.least = least
        self.most = most

    def read(self, node: Node, path: Path, reading: Reading) -> int | None:
        if node.kind == "number" and isinstance(node.scalar, int) and self.least <= node.scalar <= self.most:
            return node.scalar
        wrong_kind(reading, node, path, f"a whole number from {self.least} to {self.most:,}")
        return None

    def schema(self, book: Book) -> Json:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def says(self) -> str:
        return "a whole number"


class Figure(Kind[float]):
    """A number; `least` where smaller ones mean nothing."""

    def __init__(self, least: float | None = None) -> None:
        self.least = least

    def read(self, node: Node, path: Path, reading: Reading) -> float | None:
        figure = node.scalar if node.kind == "number" and isinstance(node.scalar, (int, float)) else None
        if figure is not None and (self.least is None or figure >= self.least):
            return float(figure)
        wrong_kind(reading, node, path, "a figure" if self.least is None else f"a figure of at least {self.least:g}")
        return None

    def schema(self, book: Book) -> Json:
        return {"type": "number"} if self.least is None else {"type": "number", "minimum": self.least}

    def says(self) -> str:
        return "a figure"


class Language(Kind[T], Generic[T]):
    """Text of a small language. `figures` admits a bare number, read as its text; `words` lists what it may be."""

    def __init__(
        self,
        parse: Callable[[str], T],
        wanted: str,
        *,
        figures: bool = False,
        pattern: str = "",
        words: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self.parse = parse
        self.wanted = wanted
        self.figures = figures
        self.pattern = pattern
        self.words = words

    def read(self, node: Node, path: Path, reading: Reading) -> T | None:
        if node.kind != "text" and not (self.figures and node.kind == "number"):
            wrong_kind(reading, node, path, self.wanted)
            return None
        try:
            return self.parse(written_figure(node))
        except Wrong as wrong:
            reading.refuse(wrong, node.mark, path)
            return None

    def schema(self, book: Book) -> Json:
        text: Json = {"type": "string", "minLength": 1}
        if self.pattern:
            text["pattern"] = self.pattern
        return {"anyOf": [text, {"type": "number"}]} if self.figures else text

    def parts(self) -> tuple[Kind[Any], ...]:
        words = {word: word for word in sorted(self.words())}
        return (Words(words),) if words else ()

    def says(self) -> str:
        return self.wanted


def written_figure(node: Node) -> str:
    return f"{node.scalar:.15g}" if isinstance(node.scalar, float) else node.text


def _https(text: str) -> str:
    if not _HTTPS.match(text) or len(text) > 2000:
        raise Wrong("F15", f"not a link: `{shown(text)}`; only https:// addresses")
    return text


def _version(text: str) -> str:
    if not _VERSION.match(text):
        raise Wrong("F14", f'not a version: `{shown(text)}`; write "1.0" in quotes')
    return text


def _weeks(text: str) -> int:
    duration = parse_duration(text)
    if duration.unit != "w" or duration.amount > 520:
        raise Wrong("D2", f"`{shown(text)}`: the length is a number of weeks, as 16w, at most 520w")
    return duration.amount


def _whole_days(text: str) -> Duration:
    duration = parse_duration(text)
    if duration.unit != "d" or duration.amount > 366:
        raise Wrong("D2", f"`{shown(text)}`: a number of days, as 5d, at most 366d")
    return duration


class Version(Kind[str]):
    def read(self, node: Node, path: Path, reading: Reading) -> str | None:
        if node.kind == "text":
            return Language(_version, "a version").read(node, path, reading)
        wrong_kind(reading, node, path, 'a version; write "1.0" in quotes')
        return None

    def schema(self, book: Book) -> Json:
        return {"type": "string", "pattern": _VERSION.pattern.replace("\\Z", "$")}

    def says(self) -> str:
        return "a version"


class Percent(Kind[float]):
    """A share: `95 %`, or the bare figure."""

    def read(self, node: Node, path: Path, reading: Reading) -> float | None:
        if node.kind == "number" and isinstance(node.scalar, (int, float)) and 0 <= node.scalar <= 100:
            return float(node.scalar)
        return Language(parse_percent, "a share as 95 %").read(node, path, reading)

    def schema(self, book: Book) -> Json:
        return {
            "anyOf": [{"type": "number", "minimum": 0, "maximum": 100}, {"type": "string", "pattern": "^[0-9.]+ %$"}]
        }

    def says(self) -> str:
        return "a share"


TITLE = Text()
PROSE = Text(PROSE_LIMIT, lines=True)
ID = Id()
BOOL = YesNo()
DURATION = Language(parse_duration, "a duration", pattern=f"^({PATTERN})$")
LINK = Language(_https, "a link", pattern="^https://")
ISO_DATE: Language[date] = Language(parse_iso_date, "a date", pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
WEEKS = Language(_weeks, "a number of weeks", pattern="^[1-9][0-9]{0,2}w$")
WHOLE_DAYS = Language(_whole_days, "a number of days", pattern="^[1-9][0-9]{0,2}d$")
COUNT = Language(parse_count, "a count", figures=True)
VERSION = Version()
PERCENT = Percent()
