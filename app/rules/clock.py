"""Words for time as people of a go-live read it: T-time, days, instants with the zone of the place, durations.

Everything takes `now` as an argument; instants are aware datetimes, days are plain dates of the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.plan.language.durations import Duration

MINUS: Final = "\u2212"
NBSP: Final = "\u00a0"

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_AMERICAN: Final = {
    "EST": "Eastern",
    "EDT": "Eastern",
    "CST": "Central",
    "CDT": "Central",
    "MST": "Mountain",
    "MDT": "Mountain",
    "PST": "Pacific",
    "PDT": "Pacific",
    "AKST": "Alaska",
    "AKDT": "Alaska",
    "HST": "Hawaii",
}


@dataclass(frozen=True)
class TClock:
    """Time to (or since) the first patient: `sign` is − or +, `days` whole days, `clock` is hh:mm beyond them."""

    sign: str
    days: int
    clock: str


def t_clock(at: datetime, now: datetime) -> TClock:
    """How far `now` is from `at`, by elapsed time."""
    gap = abs(at - now)
    minutes = int(gap.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    return TClock(MINUS if now < at else "+", days, f"{rest // 60:02d}:{rest % 60:02d}")


def t_count(at: datetime, now: datetime) -> str:
    """`T−3 d` by days of the place (the zone of `at`); on the day itself hours, `T−07:13`."""
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    if days:
        return f"T{MINUS if days > 0 else '+'}{abs(days)}{NBSP}d"
    clock = t_clock(at, now)
    return f"T{clock.sign}{clock.clock}"


def t_days(days: int) -> str:
    """`T−5 d` for five days before the cutover; `T` on the day."""
    return "T" if days == 0 else f"T{MINUS if days < 0 else '+'}{abs(days)}{NBSP}d"


def long_day(day: date, today: date) -> str:
    """`Wednesday 18 November`; the year only when it is not this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def short_day(day: date, today: date) -> str:
    """`Sat 21 Nov`; the year only when it is not this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{_WEEKDAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}{year}"


def plain_day(day: date) -> str:
    """`29 January`, where the year stands elsewhere."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def near_day(day: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday`, else the short day."""
    return {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days) or short_day(day, today)


def zone_name(zone: str, at: datetime) -> str:
    """The name people use for a zone at that moment: `Central`, `Berlin`, `UTC`."""
    short = at.astimezone(ZoneInfo(zone)).tzname() or ""
    if zone.startswith(("America/", "US/", "Pacific/Honolulu")) and short in _AMERICAN:
        return _AMERICAN[short]
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def instant(at: datetime, zone: str, now: datetime) -> str:
    """`Sat 21 Nov, 07:00 Mountain`, in the zone of the place."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{short_day(there.date(), now.astimezone(there.tzinfo).date())}, {there:%H:%M} {zone_name(zone, at)}"


def moment(at: datetime, zone: str, now: datetime) -> str:
    """An instant of the recent past as a history tells it: `today 08:05`, `17 Nov 16:12`."""
    there = at.astimezone(ZoneInfo(zone))
    today = now.astimezone(there.tzinfo).date()
    if there.date() == today:
        return f"today {there:%H:%M}"
    year = "" if there.year == today.year else f" {there.year}"
    return f"{there.day} {_MONTHS[there.month - 1][:3]}{year} {there:%H:%M}"


def duration(length: timedelta) -> str:
    """`52 min`, `2 h 10`, `2 d 21:36`; always without a sign."""
    minutes = int(abs(length).total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    if days:
        return f"{days}{NBSP}d {hours:02d}:{rest:02d}"
    return f"{hours}{NBSP}h {rest:02d}" if hours else f"{rest}{NBSP}min"


def count(number: int, one: str, many: str = "") -> str:
    """`1 day`, `3 days`, `12,000 tasks`; `many` defaults to `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


_UNITS: Final = {"d": "day", "wd": "working day", "w": "week", "mo": "month"}


def written(length: Duration) -> str:
    """A length as a playbook writes it, in words: `5 working days`, `36 h 00`."""
    if length.elapsed:
        return duration(timedelta(seconds=length.amount))
    return count(length.amount, _UNITS[length.unit])


_SMALL: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def spelled(number: int) -> str:
    """A number as it opens a sentence: words below ten, figures from ten on."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def in_days(day: date, today: date) -> str:
    """`today`, `tomorrow`, `in 3 days`, `yesterday`, `3 days ago`."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    if near:
        return near
    return f"in {days} days" if days > 0 else f"{-days} days ago"
