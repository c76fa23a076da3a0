"""How a metric stands, in words and with the mark of a state: never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.plan.format.metrics import Metric
from app.rules.clock import count, short_day, spelled
from app.rules.metrics.course import Change, Course, change
from app.rules.metrics.network import Tally
from app.rules.metrics.words import figure, number

COURSES: Final = {
    Course.MET: ("met", "Met"),
    Course.ON_COURSE: ("track", "On course"),
    Course.BEHIND: ("risk", "Behind"),
    Course.MISSED: ("missed", "Missed"),
    Course.UNDATED: ("open", "Not there yet, no date set"),
    Course.EARLY: ("todo", "Not live yet"),
    Course.UNKNOWN: ("unknown", "No figure that counts yet"),
    Course.NO_TARGET: ("", "No target"),
}
"""The mark and the words of each."""
SHORT: Final = {
    Course.MET: "met",
    Course.ON_COURSE: "on course",
    Course.BEHIND: "behind",
    Course.MISSED: "missed",
    Course.UNDATED: "open, no date set",
    Course.EARLY: "not live yet",
    Course.UNKNOWN: "without a figure that counts yet",
}
_TENTH: Final = Decimal("0.1")


def of_targets(some: int, whole: int, verb: str) -> str:
    """`Two of four targets are on course`, `None of two targets is behind`, `The one target is met`."""
    if whole == 1:
        return f"The one target is {'' if some else 'not '}{verb}"
    number_ = spelled(some) if some else "None"
    return f"{number_} of {spelled(whole).lower()} targets {'is' if some < 2 else 'are'} {verb}"


def signed(value: Decimal) -> str:
    """`+3.1`, `−6.9`, `0`."""
    text = number(value)
    return text if value <= 0 or text == "0" else f"+{text}"


def change_of(baseline: Decimal | None, latest: Decimal | None, metric: Metric) -> dict[str, Any] | None:
    """The change as a page shows it; None while one of the two is not known."""
    if baseline is None or latest is None:
        return None
    found = change(baseline, latest, metric.better)
    return {"by": signed(found.by), "percent": percent(found), **way(found)}


def percent(found: Change) -> str:
    return "" if found.percent is None else f"{signed(found.percent.quantize(_TENTH))}%"


def way(found: Change) -> dict[str, str]:
    """Better or worse, as a state."""
    if found.by == 0:
        return {"status": "", "way": "unchanged"}
    if found.better is None:
        return {"status": "", "way": ""}
    return {"status": "done", "way": "better"} if found.better else {"status": "risk", "way": "worse"}


def target_words(value: Decimal | float, days: Mapping[date | None, int], unit: str | None, today: date) -> str:
    """`35 days by 9 May`, `35 days, no date set`, `35 days by 9 May to 30 Aug, by centre`."""
    known = sorted(day for day in days if day is not None)
    said = figure(value, unit)
    if not known:
        return f"{said}, no date set"
    first, last = short_day(known[0], today), short_day(known[-1], today)
    return f"{said} by {first}" if first == last else f"{said} by {first} to {last}, by centre"


def expected_words(metric: Metric) -> str:
    """What the playbook expects: `−40 to −30%`; empty where it says nothing."""
    if metric.expected_change is None:
        return ""
    low, high, is_percent = metric.expected_change
    first, last = signed(Decimal(repr(low))), signed(Decimal(repr(high)))
    said = first if low == high else f"{first} to {last}"
    return f"{said}%" if is_percent else f"{said} {metric.unit or ''}".rstrip()


def expected_against(metric: Metric, baseline: Decimal | None, latest: Decimal | None) -> str:
    """Where what was measured lies against what was expected: `as expected`, `not yet`, `more than expected`."""
    if metric.expected_change is None or baseline is None or latest is None:
        return ""
    found = change(baseline, latest, metric.better)
    low, high, is_percent = metric.expected_change
    if is_percent and found.percent is None:
        return ""
    value = float(found.percent if is_percent and found.percent is not None else found.by)
    least, most = (high, low) if abs(low) > abs(high) else (low, high)
    sign = 1 if most >= 0 else -1
    if value * sign < least * sign:
        return "not yet as expected"
    return "more than expected" if value * sign > most * sign else "as expected"


def course_marks(found: Tally) -> list[dict[str, Any]]:
    """How many locations stand where, as marks with words, in one order."""
    return [
        {"status": COURSES[course][0], "label": f"{found.courses[course]} {SHORT[course]}"}
        for course in SHORT
        if found.courses.get(course)
    ]


def sizes_words(readings: int, left_out: int, otherwise: int) -> str:
    """`48 readings; 4 left out; 3 of an older definition`."""
    parts = [count(readings, "reading")]
    parts += [f"{left_out} left out"] if left_out else []
    parts += [f"{otherwise} of another definition, not compared"] if otherwise else []
    return "; ".join(parts)
