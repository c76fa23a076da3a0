"""What speaks against a session as it is planned: the day, the hours, the trainer, the seats. Pure.

None of it forbids the session; whoever plans it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.plan.calendars import PlaceCalendar


class Clash(StrEnum):
    """What speaks against it."""

    AFTER_DUE = "after the due date"
    CLOSED_DAY = "on a closed day"
    OUTSIDE_HOURS = "outside of opening hours"
    TRAINER_BUSY = "trainer booked twice"
    TRAINER_AWAY = "trainer away"
    OVERBOOKED = "more people than seats"


@dataclass(frozen=True)
class Sitting:
    """A session as far as it may clash; `seats` None: as many as come."""

    id: int
    starts_at: datetime
    minutes: int
    trainer: int | None = None
    seats: int | None = None
    enrolled: int = 0

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def meets(self, other: Sitting) -> bool:
        """Whether both are at the same time."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def clashes(
    sitting: Sitting,
    calendar: PlaceCalendar,
    late_at: datetime | None,
    others: Iterable[Sitting] = (),
    away: Iterable[tuple[datetime, datetime]] = (),
) -> Iterator[Clash]:
    """Everything that speaks against a session. `others` are sessions that were not called off, anywhere; `away` are
    the trainer's leaves.
    """
    if late_at is not None and sitting.ends_at > late_at:
        yield Clash.AFTER_DUE
    if calendar.closed_because(calendar.local_day(sitting.starts_at)):
        yield Clash.CLOSED_DAY
    elif not _inside(sitting, calendar):
        yield Clash.OUTSIDE_HOURS
    if sitting.trainer is not None and any(
        one.trainer == sitting.trainer and one.id != sitting.id and one.meets(sitting) for one in others
    ):
        yield Clash.TRAINER_BUSY
    if any(first < sitting.ends_at and sitting.starts_at < last for first, last in away):
        yield Clash.TRAINER_AWAY
    if sitting.seats is not None and sitting.enrolled > sitting.seats:
        yield Clash.OVERBOOKED


def _inside(sitting: Sitting, calendar: PlaceCalendar) -> bool:
    """Whether the place is open from its beginning to its end; hours past midnight belong to the day before."""
    day = calendar.local_day(sitting.starts_at)
    for start in (day, day - timedelta(days=1)):
        span = calendar.hours[start.weekday()]
        if span is None:
            continue
        opens, closes = calendar.wall(start, span.opens), calendar.wall(start, span.closes)
        if opens <= sitting.starts_at and sitting.ends_at <= closes:
            return True
    return False
