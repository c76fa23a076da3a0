"""`working day 18:00`, `mon wed`, `last fri of the month`, `2h`: when something happens again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Literal

from app.plan.language.dates import parse_time
from app.plan.language.durations import Duration, parse_duration
from app.plan.problems import Wrong, shown
from app.plan.terms import WEEKDAYS

RecurrenceKind = Literal["hour", "day", "working day", "week", "month", "duration", "days", "nth"]

_SHORTEST_SECONDS = 300
_WHICH = ("first", "second", "third", "fourth", "last")
_SAY = "write hour, day, working day, week, month, 2w, mon wed, or `first fri of the month`"
_TIME_TAIL = re.compile(r" ([^ ]*:[^ ]*)\Z")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rhythm. `days` are weekday numbers (0 is Monday); `nth` counts 1..4 or -1 for the last; `at` is wall time."""

    text: str
    kind: RecurrenceKind
    at: time | None = None
    duration: Duration | None = None
    days: tuple[int, ...] = ()
    nth: int = 0
    working: bool = False

    @property
    def elapsed(self) -> bool:
        """Whether it comes by the clock, perhaps several times a day."""
        return self.kind == "hour" or (self.duration is not None and self.duration.elapsed)


def parse_days(text: str, rule: str = "D6") -> tuple[int, ...]:
    """`mon .. fri` or `mon wed fri` as weekday numbers, each once. Raises `Wrong` with the given rule."""
    words = text.split(" ")
    if len(words) == 3 and words[1] == ".." and words[0] in WEEKDAYS and words[2] in WEEKDAYS:
        first, last = WEEKDAYS.index(words[0]), WEEKDAYS.index(words[2])
        return tuple((first + n) % 7 for n in range((last - first) % 7 + 1))
    if not all(word in WEEKDAYS for word in words) or len(set(words)) != len(words):
        raise Wrong(rule, f"not days: `{shown(text)}`; write `mon .. fri` or `mon wed fri`")
    return tuple(WEEKDAYS.index(word) for word in words)


def parse_every(text: str) -> Recurrence:
    """A recurrence. Raises `Wrong` D6 for its form, D7 where it comes more often than every five minutes."""
    at = None
    rest = text
    if found := _TIME_TAIL.search(text):
        try:
            at = parse_time(found[1])
        except Wrong as wrong:
            raise Wrong("D6", wrong.message) from None
        rest = text[: found.start()]
    if rest in ("hour", "day", "working day", "week", "month"):
        return Recurrence(text, rest, at)  # type: ignore[arg-type]  # the five words are kinds
    if rest.endswith(" of the month"):
        return _nth(text, rest.removesuffix(" of the month"), at)
    if rest[:1].isdigit():
        return _duration(text, rest, at)
    try:
        return Recurrence(text, "days", at, days=parse_days(rest))
    except Wrong:
        raise Wrong("D6", f"not a recurrence: `{shown(text)}`; {_SAY}") from None


def _nth(text: str, rest: str, at: time | None) -> Recurrence:
    which, _, day = rest.partition(" ")
    if which not in _WHICH or not (day in WEEKDAYS or day == "working day"):
        raise Wrong("D6", f"not a recurrence: `{shown(text)}`; {_SAY}")
    nth = -1 if which == "last" else _WHICH.index(which) + 1
    if day == "working day":
        return Recurrence(text, "nth", at, nth=nth, working=True)
    return Recurrence(text, "nth", at, nth=nth, days=(WEEKDAYS.index(day),))


def _duration(text: str, rest: str, at: time | None) -> Recurrence:
    try:
        duration = parse_duration(rest)
    except Wrong:
        raise Wrong("D6", f"not a recurrence: `{shown(text)}`; {_SAY}") from None
    if duration.elapsed and duration.amount < _SHORTEST_SECONDS:
        raise Wrong("D7", f"`{shown(text)}` is more often than every 5 minutes")
    if duration.elapsed and at is not None:
        raise Wrong("D6", f"`{shown(text)}`: a step of hours or minutes has no time of day")
    return Recurrence(text, "duration", at, duration=duration)
