"""When somebody is on duty, in words, by the clock of the place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from app.rules.clock import short_day

Span = tuple[datetime, datetime]


def hours_words(begins: datetime, ends: datetime, zone: str) -> str:
    """`08:00 to 17:00`, `22:00 to 06:00 the next day`, `all day` from midnight to midnight."""
    first, last = begins.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
    days = (last.date() - first.date()).days
    if days == 1 and (first.time(), last.time()) == (time(0), time(0)):
        return "all day"
    if last.time() == time(0):
        return f"{first:%H:%M} to 24:00"
    return f"{first:%H:%M} to {last:%H:%M}" + (" the next day" if days else "")


def spans_words(spans: Sequence[Span], zone: str, now: datetime) -> str:
    """`Mon 8 Feb, 08:00 to 17:00`; several of the same hours `Mon 8 Feb to Fri 12 Feb, 08:00 to 17:00`, else without
    hours and with how many. Empty for none.
    """
    if not spans:
        return ""
    ordered, place = sorted(spans), ZoneInfo(zone)
    today = now.astimezone(place).date()
    days = [begins.astimezone(place).date() for begins, _ in ordered]
    hours = {hours_words(*span, zone) for span in ordered}
    said = short_day(days[0], today)
    if days[-1] != days[0]:
        said += f" to {short_day(days[-1], today)}"
    same = len(set(days)) == len(days) and len(hours) == 1
    whole = (days[-1] - days[0]).days + 1 == len(days) or len(days) == 1
    count = "" if whole or not same else f", {len(days)} days"
    return f"{said}{count}, {hours.pop()}" if same else f"{said}, {len(ordered)} times"
