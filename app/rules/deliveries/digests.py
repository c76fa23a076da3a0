"""When somebody's daily digest is due: at seven in the morning of their place, on its open days. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from app.plan.calendars import ONE_DAY, PlaceCalendar

AT: Final = time(7)
_INSTANT: Final = timedelta(microseconds=1)


def next_digest(calendar: PlaceCalendar, after: datetime) -> datetime:
    """The first digest later than `after`, in UTC. Raises `NoOpenDay`."""
    day = calendar.nearest_open(calendar.local_day(after), 1)
    at = calendar.instant(day, AT)
    if at > after:
        return at
    return calendar.instant(calendar.nearest_open(day + ONE_DAY, 1), AT)


def digest_day(calendar: PlaceCalendar, due: datetime | None, now: datetime) -> date | None:
    """The day whose digest is to be sent at `now`, `due` being when one was to be; None when none is.

    Late is better than never, but only on the same day or a later open one, and never before seven. An instant that is
    no digest's on this calendar only asks to look again.
    """
    day = calendar.local_day(now)
    if due is None or not calendar.is_open(day) or now < calendar.instant(day, AT):
        return None
    return day if next_digest(calendar, due - _INSTANT) == due else None
