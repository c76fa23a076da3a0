"""The words of the rail: its hours, its labels where they have room, and the same in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.queries.runs.wall import Wall
from app.rules.runbooks.rail import Axis, Label, Slot, labelled
from app.rules.runbooks.times import utc
from app.web.runs.words import clock_words, numbers_words

CHARACTER: Final = 0.64
"""How wide one is on a desk, in percent of the rail; on narrower screens it is so many times as wide:"""
TABLET: Final = 1.8
SCREENS: Final = {"desk": 1.0, "tablet": TABLET, "phone": 4.0}
Mark = tuple[str, datetime, str]
"""An instant that decides: its key, when it is, and what it is called."""


def marks_of(wall: Wall) -> Iterator[Mark]:
    """The instants that decide, each with a key and in words; what is labelled first stands first."""
    back, point = wall.back, wall.found.plan.no_return
    if wall.found.goes_back:
        if wall.run.done_by is not None:
            yield "safe", wall.run.done_by, "Back by"
        yield "end", wall.forecast.end, "Last step" if wall.over else "Back out ends"
        return
    if wall.rights.way_back and back is not None and back.last_safe is not None:
        yield "safe", back.last_safe, "Last safe"
    if point is not None and wall.found.told[point.id].skipped is None:
        yield "open", wall.forecast.spans[point.id].begin, "No return"
    yield "end", wall.forecast.end, "Last step" if wall.over else "Forecast end"
    if wall.run.window_ends is not None:
        yield "shut", wall.run.window_ends, "Window shuts"


def labels_of(wall: Wall, axis: Axis, marks: Iterable[Mark], now: float) -> list[dict[str, Any]]:
    """The labels of the lines as they have room on each kind of screen."""
    words = {key: (said, clock_of(at, wall), axis.place(utc(at))) for key, at, said in marks}
    asked = [
        Label(key, x, len(said) + len(time) + 1, rank) for rank, (key, (said, time, x)) in enumerate(words.items())
    ]
    found = []
    for screen, size in SCREENS.items():
        for key, slot in labelled(asked, [_pill(now, size)], CHARACTER * size).items():
            said, time, x = words[key]
            anchor = "end" if slot.left < x else "start"
            found.append({"on": screen, "x": x, "row": slot.row, "anchor": anchor, "said": said, "time": time})
    return found


def _pill(now: float, size: float) -> Slot:
    half = 2 * size
    middle = min(max(now, half), 100 - half)
    return Slot(0, middle - half, middle + half)


Tick = tuple[float, str, bool]
"""Where an hour lies, its words, and whether they name a new day."""


def hours_of(axis: Axis, wall: Wall) -> list[dict[str, Any]]:
    """The hours that have room, with the day where a run is longer than one and a new one begins; `from` is the
    narrowest screen that has room for it.
    """
    found = _ticks(axis, wall.zone)
    shown = {}
    for screen, size in SCREENS.items():
        found = shown[screen] = _apart(found, CHARACTER * size)
    return [
        {"x": x, "words": said, "anchor": _anchor(x),
         "from": next(screen for screen in reversed(SCREENS) if (x, said, fresh) in shown[screen])}
        for x, said, fresh in shown["desk"]
    ]  # fmt: skip


def _ticks(axis: Axis, zone: str) -> list[Tick]:
    several = axis.stretches[-1].end - axis.stretches[0].begin > timedelta(hours=24)
    days, found = set(), []
    for at, x in axis.hours(zone):
        fresh = several and at.date() not in days
        days.add(at.date())
        found.append((x, f"{at:%a} {at:%H}" if fresh else f"{at:%H}", fresh))
    return found


def _apart(ticks: Sequence[Tick], character: float) -> list[Tick]:
    """As many as do not touch; one that names a day takes the place of an hour before it."""
    found: list[Tick] = []
    for one in ticks:
        left, _ = _edges(one, character)
        while found and one[2] and not found[-1][2] and left < _edges(found[-1], character)[1] + character:
            found.pop()
        if not found or left >= _edges(found[-1], character)[1] + character:
            found.append(one)
    return found


def _edges(tick: Tick, character: float) -> tuple[float, float]:
    x, said, _ = tick
    width = len(said) * character
    left = {"start": x, "end": x - width, "middle": x - width / 2}[_anchor(x)]
    return left, left + width


def _anchor(x: float) -> str:
    return "start" if x < 1 else "end" if x > 99 else "middle"


def clock_of(at: datetime, wall: Wall) -> str:
    return clock_words(at, wall.zone, wall.now)


def title_of(wall: Wall, axis: Axis) -> str:
    first, last = (at.astimezone(ZoneInfo(wall.zone)) for at in (axis.stretches[0].begin, axis.stretches[-1].end))
    days = first.date() != last.date()
    form = "%a %H:%M" if days else "%H:%M"
    return f"{'The way back' if wall.found.goes_back else 'The run'}, {first:{form}} to {last:{form}}"


def said_of(wall: Wall, marks: Iterable[Mark]) -> str:
    """The same for whoever does not see it, in a sentence."""
    numbers = [one.planned.number for one in wall.running]
    running = f"Running: {numbers_words(numbers)}." if numbers else "Nothing runs."
    words = ", ".join(f"{said.lower()} {clock_of(at, wall)}" for _, at, said in marks)
    over = f"{wall.done} of {len(wall.lines)} steps are over"
    return f"{over}. Now {clock_of(wall.now, wall)}. {running} {words.capitalize()}."
