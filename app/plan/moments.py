"""One point in time: anchored days moved by steps, rolled off closed days, given their wall time."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.plan.calendars import NoOpenDay, PlaceCalendar, end_anywhere_on_earth
from app.plan.language.dates import Anchor, Offset, Point
from app.plan.places import NETWORK, Spot
from app.plan.terms import Roll

WEEK_DAYS = 7


class Unresolvable(ValueError):
    """A date that cannot be known here: an unknown name, a circle, or a word that means nothing at this place."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and, where a time is known, its instant in UTC; `late_at` is when the promise is broken.

    `raw` is the day before it was moved off a closed day, `base` the anchor's day, `rhythm` the recurrence it is
    one occurrence of; `by_hand`: somebody set it in place of what the playbook says.
    """

    day: date
    at: datetime | None
    late_at: datetime
    raw: date
    base: date
    point: Point | None = None
    spot: Spot = NETWORK
    rhythm: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """When something begins (None where only its end is said) and when it is due (None: undated)."""

    begin: Moment | None = None
    end: Moment | None = None


@dataclass(frozen=True, slots=True)
class Rolling:
    """How a date treats closed days: an entry's own word, or `never` by its kind; never to before `start`."""

    start: date
    word: Roll | None = None
    never: bool = False


def week_days(anchor: Anchor, first: date) -> tuple[date, date]:
    """First and last day of week n counted from `first`, or the weekday picked inside it, twice."""
    begins = first + timedelta(days=WEEK_DAYS * (anchor.number - 1))
    if anchor.weekday is None:
        return begins, begins + timedelta(days=WEEK_DAYS - 1)
    day = begins + timedelta(days=(anchor.weekday - begins.weekday()) % WEEK_DAYS)
    return day, day


def edge_of_week(
    point: Point, first: date, last: date, calendar: PlaceCalendar, rolling: Rolling, *, opening: bool
) -> date:
    """A bare week begins on its first open day and is due on its last one. Raises `NoOpenDay`."""
    if rolling.word is Roll.KEEP:
        return first if opening else last
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = calendar.first_open(days if opening else reversed(days))
    if found is None:
        raise NoOpenDay(f"no open day in {point.anchor.kind} {point.anchor.number}")
    return found


def stepped(
    offsets: tuple[Offset, ...], day: date, at: datetime | None, calendar: PlaceCalendar
) -> tuple[date, datetime | None]:
    """Steps applied from left to right; a step of days drops the time, elapsed time needs one."""
    for offset in offsets:
        amount = offset.sign * offset.duration.amount
        if offset.duration.elapsed:
            if at is None:
                raise Unresolvable("elapsed time counts from a point with a time")
            at += timedelta(seconds=amount)
            day = calendar.local_day(at)
            continue
        day, at = _calendar_step(day, amount, offset.duration.unit, calendar), None
    return day, at


def _calendar_step(day: date, amount: int, unit: str, calendar: PlaceCalendar) -> date:
    match unit:
        case "d":
            return day + timedelta(days=amount)
        case "w":
            return day + timedelta(weeks=amount)
        case "wd":
            return calendar.working_days(day, amount)
        case _:
            return add_months(day, amount)


def add_months(day: date, amount: int) -> date:
    """The same day of the month so many months away; its last day where the month is shorter (31 Jan + 1 = 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def rolled(day: date, point: Point, calendar: PlaceCalendar, rolling: Rolling, *, opening: bool) -> date:
    """Work on a closed day moves away from its anchor's promise, but never to before the start.

    Written with `-` (the last step decides) or as a named day it moves to the open day before, with `+` to the one
    after; a beginning always moves later.
    """
    if rolling.never or point.zone or rolling.word is Roll.KEEP or calendar.is_open(day):
        return day
    later = bool(point.offsets) and point.offsets[-1].sign > 0
    if rolling.word is not None:
        later = rolling.word is Roll.LATER
    if opening or later:
        return calendar.nearest_open(day, 1)
    found = calendar.nearest_open(day, -1)
    return calendar.nearest_open(rolling.start, 1) if found < rolling.start <= day else found


def timed(
    day: date, raw: date, base: date, at: datetime | None, point: Point, spot: Spot, calendar: PlaceCalendar
) -> Moment:
    """The day with its written wall time, or the instant at which it has ended."""
    if point.at is not None:
        at = calendar.instant(day, point.at, ZoneInfo(point.zone) if point.zone else None)
    if at is not None:
        return Moment(day, at, at, raw, base, point, spot)
    late = end_anywhere_on_earth(day) if point.anywhere else calendar.day_end(day)
    return Moment(day, None, late, raw, base, point, spot)


def earliest(moments: Iterable[Moment | None]) -> Moment | None:
    known = [moment for moment in moments if moment]
    return min(known, key=lambda m: (m.day, m.late_at), default=None)


def latest(moments: Iterable[Moment | None]) -> Moment | None:
    known = [moment for moment in moments if moment]
    return max(known, key=lambda m: (m.day, m.late_at), default=None)
