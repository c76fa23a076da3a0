"""The rail of a night as it is drawn: bars as few shapes, hours, lines and their words. Lengths across in percent, down
in em, so that it grows with the wall.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from app.queries.runs.wall import Wall, WallStep
from app.rules.runbooks.ledger import StepState
from app.rules.runbooks.rail import Axis, lanes
from app.rules.runbooks.times import utc
from app.web.runs.rail_words import CHARACTER, TABLET, clock_of, hours_of, labels_of, marks_of, said_of, title_of

TOP, CHAIN, CHAIN_HEIGHT, OTHERS = 1.7, 2.1, 1.4, 3.8
LANE, LANES_HEIGHT, GAP = 1.4, 4.9, 0.25
"""The first lane beside the chain, in which most steps lie, and all of them; the others share what it leaves."""
NUMBERED: Final = 0.8
"""From what height on a bar bears the number of its step."""
_KEYS: Final = {
    StepState.DONE: "past",
    StepState.CHECK: "past",
    StepState.RUNNING: "all",
    StepState.BLOCKED: "blocked",
    StepState.TODO: "next",
}


def drawing(wall: Wall) -> dict[str, Any]:
    """The rail as `rail` takes it."""
    shown = [one for one in wall.lines if one.state is not StepState.SKIPPED]
    axis = _axis(wall, shown)
    placed, bottom = _placed(shown)
    now = axis.place(utc(wall.now))
    marks = list(marks_of(wall))
    labels = labels_of(wall, axis, marks, now)
    rows = max([0, *(one["row"] for one in labels)])
    return {
        "top": TOP,
        "bottom": bottom,
        "height": round(bottom + 2.4 + 1.4 * rows, 2),
        "window": _between(axis, *_window(wall)),
        "margin": _between(axis, *_margin(wall)),
        "idle": [(round(one.x, 2), round(one.width, 2)) for one in axis.stretches if one.idle],
        "lines": [round(x, 2) for _, x in axis.hours(wall.zone)],
        "hours": hours_of(axis, wall),
        "bars": _bars(axis, placed, wall.now),
        "numbers": list(_numbers(axis, placed, wall.now)),
        "marks": [{"key": key, "x": axis.place(utc(at))} for key, at, _ in marks],
        "labels": labels,
        "now": {"x": now, "words": clock_of(wall.now, wall), "side": -1 if now < 3 else 1 if now > 97 else 0},
        "title": title_of(wall, axis),
        "said": said_of(wall, marks),
    }


def _axis(wall: Wall, shown: Sequence[WallStep]) -> Axis:
    run, spans = wall.run, [one.span for one in shown]
    begins = [run.returning_at if wall.found.goes_back else run.window_begins, *(one.begin for one in spans)]
    ends = [wall.forecast.end, wall.now, run.done_by if wall.rights.way_back or wall.found.goes_back else None]
    if not wall.found.goes_back:
        ends += [run.window_ends, None if run.straight else run.zero_at]
    first = min((utc(at) for at in begins if at), default=utc(wall.now))
    return Axis(first, max(utc(at) for at in ends if at), spans)


Placed = tuple[WallStep, float, float]
"""A step with the top and the height of its bar."""


def _placed(shown: Sequence[WallStep]) -> tuple[list[Placed], float]:
    """Each step in its lane, the longest chain above the others; and where the lanes end."""
    others = sorted((one for one in shown if not one.on_chain), key=lambda one: one.span.begin)
    found = lanes([one.span for one in others])
    more = max(found, default=0)
    pitch = min(LANE, (LANES_HEIGHT - LANE) / max(more, 1))
    tops = [OTHERS + (LANE + (lane - 1) * pitch if lane else 0) for lane in range(more + 1)]
    placed = [(one, CHAIN, CHAIN_HEIGHT) for one in shown if one.on_chain]
    placed += [(one, tops[lane], (pitch if lane else LANE) - GAP) for one, lane in zip(others, found, strict=True)]
    return placed, round(OTHERS + LANE + more * pitch + 0.1, 2)


def _bars(axis: Axis, placed: Iterable[Placed], now: datetime) -> list[dict[str, str]]:
    """One shape for all bars that look alike, however many they are: ten times across, ten times down."""
    shapes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one, top, height in placed:
        chain = "yes" if one.on_chain else "no"
        key, begin, end = _KEYS[one.state], axis.place(one.span.begin), axis.place(one.span.end)
        shapes[key, chain].append(_box(begin, end, top, height))
        if key == "all" and (gone := axis.place(min(utc(now), one.span.end))) > begin:
            shapes["run", chain].append(_box(begin, gone, top, height))
    order = ("past", "next", "all", "run", "blocked")
    return [
        {"key": key, "chain": chain, "d": "".join(boxes)}
        for (key, chain), boxes in sorted(shapes.items(), key=lambda one: order.index(one[0][0]))
    ]


def _box(begin: float, end: float, top: float, height: float) -> str:
    width = max(end - begin, 0.1)
    return f"M{begin * 10:.1f} {top * 10:.1f}h{width * 10:.1f}v{height * 10:.1f}h-{width * 10:.1f}Z"


def _numbers(axis: Axis, placed: Iterable[Placed], now: datetime) -> Iterator[dict[str, Any]]:
    """Of what runs and what is next, where the bar has room for it."""
    for one, top, height in placed:
        if height < NUMBERED or one.state in (StepState.DONE, StepState.CHECK):
            continue
        begin, end = axis.place(one.span.begin), axis.place(one.span.end)
        gone = axis.place(min(utc(now), one.span.end)) if one.state is StepState.RUNNING else begin
        need = 0.5 + CHARACTER * len(str(one.planned.number))
        inside = gone - begin >= need
        left, right = (begin, gone) if inside else (gone, end)
        if right - left >= need:
            yield {
                "no": one.planned.number, "x": round((left + right) / 2, 2), "y": round(top + height / 2 + 0.36, 2),
                "run": inside, "wide": right - left >= need * TABLET,
            }  # fmt: skip


def _window(wall: Wall) -> tuple[datetime | None, datetime | None]:
    run = wall.run
    return (None, None) if wall.found.goes_back else (run.window_begins, run.window_ends)


def _margin(wall: Wall) -> tuple[datetime | None, datetime | None]:
    """What is kept free before the time to be back by."""
    done_by = wall.run.done_by
    if done_by is None or not (wall.rights.way_back or wall.found.goes_back):
        return None, None
    return done_by - timedelta(seconds=wall.run.margin_seconds), done_by


def _between(axis: Axis, begin: datetime | None, end: datetime | None) -> tuple[float, float] | None:
    if begin is None or end is None:
        return None
    left, right = axis.place(utc(begin)), axis.place(utc(end))
    return (left, round(right - left, 2)) if right > left else None
