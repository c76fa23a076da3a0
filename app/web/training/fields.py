"""Figures, days and times as the forms of training send them."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.errors import Invalid
from app.plan.calendars import PlaceCalendar
from app.web.forms import demanded_day


def whole_number(name: str, text: str) -> int | None:
    """A figure of a form; nothing for an empty field. Raises Invalid."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Invalid({name: "Write a whole number."})
    return int(text)


def instant_of(day: str, at: str, zone: str) -> datetime:
    """Wall time of a place as an instant in UTC; one that is skipped moves forward by the gap. Raises Invalid."""
    return at_place(demanded_day("day", day), clock_time(at), zone)


def at_place(day: date, at: time, zone: str) -> datetime:
    calendar = PlaceCalendar(ZoneInfo(zone), frozenset(range(7)), (None,) * 7)
    return calendar.instant(day, at)


def clock_time(text: str) -> time:
    """A time as a time field sends it. Raises Invalid."""
    try:
        return time.fromisoformat(text) if len(text) in (5, 8) else time.fromisoformat("x")
    except ValueError:
        raise Invalid({"time": "Write a time, such as 10:00."}) from None
