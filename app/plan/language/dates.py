"""`week 6 mon`, `cutover - 3d`, `start of build .. wave end + 1w`: a date said without a date of this year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Literal
from zoneinfo import available_timezones

from app.plan.language.durations import Duration, parse_duration
from app.plan.problems import Wrong, shown
from app.plan.terms import FIRST_YEAR, ID_LIMIT, LAST_YEAR, WEEKDAYS

AnchorKind = Literal[
    "start", "end", "week", "live week", "wave week", "wave start", "wave end",
    "cutover", "first cutover", "last cutover", "date", "entry", "T", "opened",
]  # fmt: skip

ID_PATTERN = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_ID = re.compile(ID_PATTERN + r"\Z")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_NUMBER = re.compile(r"[0-9]{1,4}\Z")
_GLUED = re.compile(r"[+-][0-9]")


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a point is counted from. `of_wave` and `previous` say whose; `start_of` asks for an entry's beginning."""

    kind: AnchorKind
    number: int = 0
    weekday: int | None = None
    entry: str = ""
    day: date | None = None
    start_of: bool = False
    previous: bool = False
    of_wave: str = ""

    @property
    def whole_week(self) -> bool:
        return self.kind.endswith("week") and self.weekday is None

    @property
    def moves_with_cutover(self) -> bool:
        return self.kind in ("cutover", "live week", "T")


@dataclass(frozen=True, slots=True)
class Offset:
    sign: Literal[1, -1]
    duration: Duration


@dataclass(frozen=True, slots=True)
class Point:
    """An anchor, steps from it, and a wall time where one is written. `zone` pins the time to a zone."""

    anchor: Anchor
    offsets: tuple[Offset, ...] = ()
    at: time | None = None
    zone: str = ""
    anywhere: bool = False

    @property
    def whole_week(self) -> bool:
        return self.anchor.whole_week and not self.offsets


@dataclass(frozen=True, slots=True)
class DateRange:
    """A date as written: a point, a stretch (`begin` given), or `undated` (no `end`)."""

    text: str
    end: Point | None
    begin: Point | None = None

    @property
    def undated(self) -> bool:
        return self.end is None

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for point in (self.begin, self.end) if point)


def is_id(text: str) -> bool:
    return len(text) <= ID_LIMIT and bool(_ID.match(text))


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def is_zone(text: str) -> bool:
    return text == "UTC" or text in zones()


def check_zone(text: str) -> str:
    """A zone of the tz database, `Region/Place` or `UTC`. Raises `Wrong` D9."""
    if not is_zone(text):
        say = f"no time zone `{shown(text)}`; write Region/Place or UTC"
        raise Wrong("D9", say, meant=text, names=zones())
    return text


def parse_time(text: str) -> time:
    """Wall time `hh:mm`. Raises `Wrong` D1."""
    if not _TIME.match(text):
        raise Wrong("D1", f"not a time: `{shown(text)}`; write two digits each, 00:00 to 23:59")
    return time.fromisoformat(text)


def parse_iso_date(text: str) -> date:
    """A calendar date. Raises `Wrong` D1 for its form, D21 for its year."""
    try:
        day = date.fromisoformat(text) if _ISO.match(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Wrong("D1", f"not a date: `{shown(text)}`; write a day that exists as 2027-01-04")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong("D21", f"year {day.year} is outside {FIRST_YEAR}-{LAST_YEAR}")
    return day


@lru_cache(maxsize=4096)
def parse_date(text: str, *, also: frozenset[str] = frozenset()) -> DateRange:
    """A date of the format. `also` names the words allowed here besides (`T` in runbooks, `opened` in ladders).

    Raises `Wrong` D1, D2, D3, D4, D9, D11 or D21.
    """
    if text == "undated":
        return DateRange(text, None)
    parts = text.split(" .. ")
    if len(parts) > 2:
        raise Wrong("D1", f"not a date: `{shown(text)}`; a stretch has one ` .. `")
    points = [_Words(part, also).point() for part in parts]
    return DateRange(text, points[-1], points[0] if len(points) == 2 else None)


class _Words:
    """The words of one point, taken from the left."""

    def __init__(self, text: str, also: frozenset[str]) -> None:
        self._text = text
        self._words = text.split(" ")
        self._also = also

    def point(self) -> Point:
        if "" in self._words:
            raise self._not_a_date("one blank between words, none around")
        anchor = self._anchor()
        offsets = self._offsets(anchor)
        at, zone, anywhere = self._tail()
        if self._words:
            raise self._not_a_date(self._hint())
        return Point(anchor, offsets, at, zone, anywhere)

    def _hint(self) -> str:
        word = self._words[0]
        if _GLUED.match(word) or word in "+-":
            return "put blanks around the sign"
        return f"`{shown(word)}` does not belong here"

    def _not_a_date(self, hint: str) -> Wrong:
        return Wrong("D1", f"not a date: `{shown(self._text)}`; {hint}")

    def _peek(self, *words: str) -> bool:
        return tuple(self._words[: len(words)]) == words

    def _take(self, *words: str) -> bool:
        if not self._peek(*words):
            return False
        del self._words[: len(words)]
        return True

    def _next(self) -> str:
        return self._words.pop(0) if self._words else ""

    def _anchor(self) -> Anchor:
        for words in ("wave start", "wave end", "first cutover", "last cutover"):
            if self._take(*words.split()):
                return Anchor(words)
        for words in ("live week", "wave week", "week"):
            if self._take(*words.split()):
                return self._week(words)
        if self._take("start", "of"):
            return self._entry(start_of=True)
        for word in ("start", "end"):
            if self._take(word):
                return Anchor(word)
        if self._take("cutover"):
            return Anchor("cutover", of_wave=self._of_wave())
        for word in ("T", "opened"):
            if self._peek(word):
                return self._special(word)
        if self._words and _ISO.match(self._words[0]):
            return Anchor("date", day=parse_iso_date(self._next()))
        return self._entry(start_of=False)

    def _special(self, word: str) -> Anchor:
        if word not in self._also:
            where = "steps of a runbook" if word == "T" else "ladders"
            raise Wrong("D11", f"`{word}` is only known in {where}")
        return Anchor(self._next())  # type: ignore[arg-type]

    def _week(self, kind: str) -> Anchor:
        number = self._next()
        if not _NUMBER.match(number):
            raise self._not_a_date(f"`{kind}` needs a number, as in `{kind} 3 fri`")
        if int(number) == 0:
            raise Wrong("D3", "week 0: weeks count from 1")
        weekday = None
        if self._words and self._words[0] in WEEKDAYS:
            weekday = WEEKDAYS.index(self._next())
        elif self._words and (guess := self._words[0].lower()[:3]) in WEEKDAYS:
            raise self._not_a_date(f"write the day as `{guess}`")
        return Anchor(kind, number=int(number), weekday=weekday)  # type: ignore[arg-type]

    def _entry(self, *, start_of: bool) -> Anchor:
        name = self._next()
        if not is_id(name) or name in ("wave", "live", "first", "last", "undated", "of", "week"):
            sign = next((w for w in [name, *self._words] if _GLUED.search(w) and not _ISO.match(w)), None)
            raise self._not_a_date("put blanks around the sign" if sign else _SAY)
        previous = self._take("of", "previous", "wave")
        return Anchor("entry", entry=name, start_of=start_of, previous=previous, of_wave=self._of_wave())

    def _of_wave(self) -> str:
        if not self._peek("of", "wave"):
            return ""
        self._take("of", "wave")
        name = self._next()
        if not is_id(name):
            raise self._not_a_date("`of wave` needs the id of a wave")
        return name

    def _offsets(self, anchor: Anchor) -> tuple[Offset, ...]:
        offsets: list[Offset] = []
        while self._words and self._words[0] in ("+", "-"):
            sign = 1 if self._next() == "+" else -1
            step = self._next()
            if step.isdigit():
                raise self._not_a_date(f"no blank between {step} and its unit")
            duration = parse_duration(step)
            if anchor.whole_week:
                raise Wrong("D4", f"`{shown(self._text)}`: say which day of {anchor.kind} {anchor.number}, as in mon")
            if (
                duration.elapsed
                and not offsets
                and anchor.kind not in ("T", "opened", "cutover", "first cutover", "last cutover")
            ):
                raise Wrong(
                    "D2", f"`{duration}` is elapsed time and needs a point with a time; use days, or write a time"
                )
            if duration.elapsed and offsets and not offsets[-1].duration.elapsed:
                raise Wrong("D2", f"`{duration}` follows a step of days, which has no time; write the time instead")
            offsets.append(Offset(1 if sign > 0 else -1, duration))
        return tuple(offsets)

    def _tail(self) -> tuple[time | None, str, bool]:
        if self._take("anywhere", "on", "earth"):
            return None, "", True
        if not self._words or ":" not in self._words[0]:
            return None, "", False
        at = parse_time(self._next())
        zone = check_zone(self._next()) if self._words and ("/" in self._words[0] or self._words[0] == "UTC") else ""
        return at, zone, False


_SAY = "a date starts from start, end, week n, wave start, cutover, a day as 2027-01-04, or the id of an entry"
