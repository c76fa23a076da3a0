"""The wall of a run as its template takes it: T, the sentence, the figures, the rail, and who does what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.queries.runs.wall import Wall
from app.rules.clock import MINUS, count, duration, zone_name
from app.rules.runbooks.ledger import StepState
from app.rules.runbooks.position import rule_of
from app.web.runs.figures import decision_times, progress_words, standing
from app.web.runs.rail import drawing
from app.web.runs.wall_steps import log_lines, next_rows, running_rows
from app.web.runs.words import clock_words, kind_words

MINUTE: Final = timedelta(minutes=1)
MOST_HOURS: Final = 100
"""So many hours T counts; further away it counts days."""


def shown_wall(wall: Wall) -> dict[str, Any]:
    """Everything that stands on a wall."""
    figures = standing(wall)
    return {
        "title": f"{wall.found.plan.title}, {wall.where}",
        "live": wall.run.live,
        "kind": kind_words(wall.run),
        "clocks": [_clock(wall, zone) for zone in dict.fromkeys((wall.zone, wall.network_zone))],
        "t": _t(wall),
        "standing": {**figures, "rule": "" if wall.over else rule_of(wall.found.plan, wall.found.goes_back)},
        "progress": progress_words(wall),
        "times": _ended(wall) if wall.over else decision_times(wall),
        "rail": drawing(wall),
        "running": running_rows(wall),
        "next": next_rows(wall),
        "log": log_lines(wall),
        "over": wall.over,
        "goes_back": wall.found.goes_back,
    }


def _t(wall: Wall) -> dict[str, str]:
    """How far it is from T, by the minute: hours as the runbook counts them."""
    zero = wall.run.zero_at
    minutes = abs(wall.now - zero) // MINUTE
    hours, rest = divmod(minutes, 60)
    return {
        "sign": f"T{MINUS if wall.now < zero else '+'}",
        "clock": f"{hours:02d}:{rest:02d}" if hours < MOST_HOURS else f"{hours // 24} d",
        "zero": "" if wall.over else zero.isoformat(),
        "held": f"held since {clock_words(wall.now, wall.zone, wall.now)}" if wall.over else "",
    }


def _clock(wall: Wall, zone: str) -> dict[str, str]:
    """The time at the place, and in the zone of the network where that is another one."""
    return {
        "time": f"{wall.looked.astimezone(ZoneInfo(zone)):%H:%M}",
        "zone": zone,
        "name": zone_name(zone, wall.looked),
    }


def _ended(wall: Wall) -> list[dict[str, Any]]:
    """How it went, once it is over."""
    began = min((one.span.begin for one in wall.lines if one.told.started), default=None)
    skipped = sum(one.state is StepState.SKIPPED for one in wall.lines)
    under = f"{count(len(wall.lines), 'step')}, {skipped or 'none'} skipped"
    items = [] if began is None else [{**_figure(wall, "Began", began), "under": under}]
    took = f"after {duration(wall.now - began)}" if began else under
    items.append({**_figure(wall, "Ended", wall.now), "under": took})
    if not wall.found.goes_back:
        planned = wall.found.plan.planned.end
        items.append({**_figure(wall, "Planned end", planned), "under": _beside(wall.forecast.end - planned)})
    return items


def _beside(late: timedelta) -> str:
    if abs(late) < MINUTE:
        return "the last step ended as planned"
    return f"the last step ended {duration(late)} {'later' if late > timedelta() else 'sooner'}"


def _figure(wall: Wall, label: str, at: Any) -> dict[str, Any]:
    return {"label": label, "time": clock_words(at, wall.zone, wall.now), "instant": at.isoformat()}
