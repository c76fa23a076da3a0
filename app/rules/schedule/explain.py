"""Why a date is that date, in one sentence: what it is counted from, where, and what moved it. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from app.plan.calendars import WEEKDAY_NAMES
from app.plan.language.dates import Anchor, Offset, Point
from app.plan.moments import Moment
from app.plan.timeline import Timeline

_LISTED = 4
_UNITS = {"d": "day", "wd": "working day", "w": "week", "mo": "month"}


def day_words(day: date, year: int | None = None) -> str:
    """`Friday 5 February`; the year only where it is not `year`."""
    said = f"{WEEKDAY_NAMES[day.weekday()]} {day.day} {day:%B}"
    return said if year in (None, day.year) else f"{said} {day.year}"


def why(moment: Moment | None, timeline: Timeline) -> str:
    """The sentence; empty for a date that was not computed from the playbook."""
    if moment is None:
        return ""
    year = timeline.start.year
    if moment.rhythm:
        return f"Every {moment.rhythm}: {day_words(moment.day, year)}{_moved(moment, timeline)}."
    if moment.by_hand:
        return f"Set by hand: {day_words(moment.day, year)}."
    if moment.point is None:
        return f"The day it was done, {day_words(moment.day, year)}."
    point = moment.point
    steps = " and ".join(_step(offset) for offset in point.offsets)
    anchor = _anchor(point.anchor, moment, timeline)
    from_day = f", {day_words(moment.base, year)}" if point.offsets and not point.whole_week else ""
    said = f"{steps} {anchor}{from_day}" if steps else anchor
    said += _time(point)
    moved = "" if point.whole_week else _moved(moment, timeline)
    return f"{_capital(said)}{';' if moved else ':'} {day_words(moment.day, year)}{moved}."


def _moved(moment: Moment, timeline: Timeline) -> str:
    """Which closed days it passed on its way; a weekday is said once, a holiday by its name."""
    if moment.day == moment.raw:
        return ""
    step = timedelta(days=1 if moment.day > moment.raw else -1)
    day = moment.raw
    passed: list[str] = []
    while day != moment.day and len(passed) < _LISTED:
        reason = timeline.calendar(moment.spot).closed_because(day)
        named = f" ({reason})" if reason and reason not in WEEKDAY_NAMES else ""
        passed.append(f"{day_words(day, timeline.start.year)}{named}")
        day += step
    listed = " and ".join([", ".join(passed[:-1]), passed[-1]] if len(passed) > 1 else passed)
    return f", because {listed} {'are' if len(passed) > 1 else 'is'} closed"


def _step(offset: Offset) -> str:
    way = "after" if offset.sign > 0 else "before"
    if offset.duration.elapsed:
        return f"{offset.duration} {way}"
    amount = offset.duration.amount
    return f"{amount} {_UNITS[offset.duration.unit]}{'' if amount == 1 else 's'} {way}"


def _anchor(anchor: Anchor, moment: Moment, timeline: Timeline) -> str:
    place = _place(moment, timeline)
    if anchor.kind.endswith("week"):
        return _week(anchor, moment, timeline) + (place if anchor.kind != "week" else "")
    match anchor.kind:
        case "start" | "end":
            return f"the {anchor.kind} of the rollout"
        case "date":
            return "the day written in the playbook"
        case "wave start" | "wave end":
            wave = timeline.playbook.waves.get(moment.spot.wave)
            return f"the {anchor.kind.split()[1]} of the window of {wave.title if wave else 'the wave'}"
        case "cutover":
            return f"cutover of wave {_wave(anchor.of_wave, timeline)}" if anchor.of_wave else f"cutover{place}"
        case "first cutover" | "last cutover":
            return f"the {anchor.kind}"
    entry = timeline.playbook.entries.get(anchor.entry)
    title = f"“{entry.title}”" if entry else anchor.entry
    edge = "the start of " if anchor.start_of else ""
    whose = " of the wave before" if anchor.previous else ""
    return f"{edge}{title}{whose}" + (f" of wave {_wave(anchor.of_wave, timeline)}" if anchor.of_wave else "")


def _wave(name: str, timeline: Timeline) -> str:
    wave = timeline.playbook.waves.get(name)
    return wave.title if wave else name


def _place(moment: Moment, timeline: Timeline) -> str:
    site = timeline.sites.get(moment.spot.location)
    if site is not None:
        return f" at {site.name}"
    return f" of wave {_wave(moment.spot.wave, timeline)}" if moment.spot.wave else ""


def _week(anchor: Anchor, moment: Moment, timeline: Timeline) -> str:
    kind = {"week": "week", "live week": "live week", "wave week": "week of the wave"}[anchor.kind]
    if anchor.weekday is not None:
        return f"{WEEKDAY_NAMES[anchor.weekday]} of {kind} {anchor.number}"
    edge = "last" if moment.raw > moment.base else "first"
    return f"the {edge} open day of {kind} {anchor.number}"


def _time(point: Point) -> str:
    if point.at is not None:
        return f" at {point.at:%H:%M}" + (f" {point.zone}" if point.zone else "")
    return " (until it has ended everywhere on earth)" if point.anywhere else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
