"""The clock, the ladder and the history of an issue in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.plan import Playbook
from app.plan.language.durations import parse_duration
from app.rules.clock import MINUS, count, instant, near_day, written, zone_name
from app.rules.clock import duration as short_duration
from app.rules.issues.law import Law
from app.rules.issues.standing import Standing, Ticking

NEAR: Final = timedelta(days=6)
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def near_instant(at: datetime, zone: str, now: datetime) -> str:
    """`11:46 Central` today, `Thu 07:00 Mountain` in the days around it, else the whole instant."""
    there, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    clock = f"{there:%H:%M} {zone_name(zone, at)}"
    if there.date() == today:
        return clock
    if abs(at - now) < NEAR:
        return f"{_WEEKDAYS[there.weekday()]} {clock}"
    return instant(at, zone, now)


def clock_of(found: Standing, law: Law, zone: str, now: datetime, waits_for: str = "") -> dict[str, Any]:
    """Values for the `clock` component: what is left, and until when by the wall of the place."""
    left = short_duration(timedelta(seconds=abs(found.left)))
    share = round(100 * (1 - found.share))
    if found.ticking is Ticking.SOLVED:
        in_time = "in time" if found.left >= 0 else f"{left} too late"
        return {"state": "solved", "left": "Solved", "at": in_time, "share": 100}
    if found.ticking is Ticking.PAUSED:
        return {"state": "paused", "left": left, "at": f"waits on {waits_for}" if waits_for else "stands still",
                "share": share}  # fmt: skip
    at = near_instant(found.breach_at, zone, now) if found.breach_at else ""
    if found.ticking is Ticking.BREACHED:
        return {"state": "breached", "left": f"{MINUS}{left}", "at": f"since {at}", "share": 100}
    hours = ", open hours" if law.business else ""
    return {"state": found.ticking.value, "left": left, "at": f"{at}{hours}", "share": max(share, 1)}


def length_words(seconds: float, business: bool = False) -> str:
    """`24 hours`, `90 minutes`, `3 hours 30`; on a clock of opening hours `11 opening hours`."""
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours or (rest and hours < 3):
        return count(minutes, "minute")
    return f"{count(hours, 'opening hour' if business else 'hour')}{f' {rest:02d}' if rest else ''}"


def law_words(law: Law, today: datetime) -> str:
    """`24 hours on the wall clock, nights included; this holds until Tue 8 Dec.`"""
    clock = "of the place" if law.business else "on the wall clock, nights included"
    until = ""
    if law.until:
        until = f"; this holds until {near_day(datetime.fromisoformat(law.until).date(), today.date())}"
    return f"{length_words(law.resolve, law.business)} {clock}{until}."


def rung_words(playbook: Playbook, to: Sequence[Sequence[str]]) -> str:
    """Whom a rung means, by the titles of their roles."""
    found = []
    for kind, name, *_ in to:
        if kind == "role":
            found.append(playbook.people[name].title if name in playbook.people else name)
        elif kind == "holder":
            found.append("whoever has it")
        elif kind == "duty":
            found.append(f"{playbook.coverage[name].title if name in playbook.coverage else name} on duty")
        else:
            found.append(f"voters of {playbook.gates[name].title if name in playbook.gates else name}")
    return ", ".join(found)


def said_words(said: str) -> str:
    """When a rung is told, by what the playbook writes: `at once`, `at 50% of its time`, `2 hours after the report`."""
    if said == "opened":
        return "at once"
    if said.endswith("%"):
        return f"at {said.replace(' ', '')} of its time"
    length = parse_duration(said.removeprefix("opened + "))
    words = length_words(length.amount) if length.elapsed else written(length)
    return f"{words} after the report"


def told_words(playbook: Playbook, law: Law, told: Sequence[int]) -> tuple[str, int]:
    """`told: CTO` or `first rung`, and how many rungs have been told."""
    known = [number for number in told if number < len(law.rungs)]
    if not known:
        return "nobody told yet", 0
    if max(known) == 0:
        return "first rung", 1
    return f"told: {rung_words(playbook, law.rungs[max(known)].to)}", len(set(known))
