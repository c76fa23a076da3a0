"""When something recurring happens: each occurrence inside a stretch, on the place's own calendar. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.plan.calendars import PlaceCalendar
from app.plan.language.recurrence import Recurrence
from app.plan.moments import add_months
from app.plan.terms import Roll

MOST = 5_000
ONE_DAY = timedelta(days=1)


class TooOften(ValueError):
    """A recurrence with more occurrences than one entry may have."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time it happens; `meant` is the day before it was moved off a closed day.

    `closed` names why the place is closed then: such a day is shown, and nothing is due.
    """

    day: date
    at: datetime | None
    meant: date
    closed: str = ""


def occurrences(
    every: Recurrence, first: date, last: date, calendar: PlaceCalendar, roll: Roll | None = None
) -> Iterator[Occurrence]:
    """All occurrences from `first` to `last`, both included, in order. Raises `TooOften` beyond 5,000.

    `day` and `hour` run on closed days too; any other occurrence on a closed day is dropped (its `closed` says why)
    unless `roll` moves it.
    """
    seen: set[tuple[date, datetime | None]] = set()
    for count, (day, at) in enumerate(_raw(every, first, last, calendar)):
        if count >= MOST:
            raise TooOften(f"`{every.text}` happens more than {MOST:,} times")
        meant = day
        closed = "" if every.kind in ("day", "hour") else calendar.closed_because(day)
        if closed and roll in (Roll.EARLIER, Roll.LATER):
            day, closed = calendar.nearest_open(day, -1 if roll is Roll.EARLIER else 1), ""
        if closed and roll is Roll.KEEP:
            closed = ""
        instant = at or (calendar.instant(day, every.at) if every.at else None)
        if (day, instant) not in seen:
            seen.add((day, instant))
            yield Occurrence(day, instant, meant, closed)


def _raw(every: Recurrence, first: date, last: date, calendar: PlaceCalendar) -> Iterator[tuple[date, datetime | None]]:
    duration = every.duration
    if every.elapsed:
        step = timedelta(hours=1) if duration is None else timedelta(seconds=duration.amount)
        yield from _elapsed(step, first, last, calendar)
        return
    match every.kind:
        case "week":
            days = _stepping(first, last, 7)
        case "month":
            days = _months(first, last, 1)
        case "duration" if duration is not None:
            days = _by_duration(duration.amount, duration.unit, first, last, calendar)
        case "nth":
            days = _nth(every, first, last, calendar)
        case "working day":
            days = (day for day in _stepping(first, last, 1) if calendar.is_open(day))
        case "days":
            days = (day for day in _stepping(first, last, 1) if day.weekday() in every.days)
        case _:
            days = _stepping(first, last, 1)
    for day in days:
        yield day, None


def _elapsed(
    step: timedelta, first: date, last: date, calendar: PlaceCalendar
) -> Iterator[tuple[date, datetime | None]]:
    """True elapsed steps from the beginning of the first day: a short day has fewer of them."""
    at, end = calendar.instant(first, time(0)), calendar.day_end(last)
    while at < end:
        yield calendar.local_day(at), at
        at += step


def _stepping(first: date, last: date, days: int) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=days)


def _months(first: date, last: date, months: int) -> Iterator[date]:
    count = 0
    while (day := add_months(first, count)) <= last:
        yield day
        count += months


def _by_duration(amount: int, unit: str, first: date, last: date, calendar: PlaceCalendar) -> Iterator[date]:
    if unit == "mo":
        yield from _months(first, last, amount)
    elif unit == "wd":
        day = calendar.nearest_open(first, 1)
        while day <= last:
            yield day
            day = calendar.working_days(day, amount)
    else:
        yield from _stepping(first, last, amount * (7 if unit == "w" else 1))


def _nth(every: Recurrence, first: date, last: date, calendar: PlaceCalendar) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        following = add_months(month, 1)
        days = [month + timedelta(days=n) for n in range((following - month).days)]
        meant = [d for d in days if (calendar.is_open(d) if every.working else d.weekday() in every.days)]
        place = every.nth if every.nth < 0 else every.nth - 1
        if -len(meant) <= place < len(meant) and first <= meant[place] <= last:
            yield meant[place]
        month = following
