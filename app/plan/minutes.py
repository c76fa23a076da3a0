"""The minutes of a runbook: its zero hour, and the instants and lengths that its steps are written with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from app.plan.format.runbooks import Runbook
from app.plan.inherit import everything, leaves
from app.plan.language.dates import DateRange, Point
from app.plan.language.durations import Duration
from app.plan.moments import Moment, stepped, timed
from app.plan.places import Spot
from app.plan.timeline import Timeline

NO_TIME: Final = timedelta(0)
_DAYS: Final = {"d": 1, "wd": 1, "w": 7, "mo": 30}


def length(written: Duration | None) -> timedelta:
    """Elapsed time; nothing where nothing is written. A runbook runs through nights and weekends: a day is 24 hours,
    a working day too, as on every clock of elapsed time.
    """
    if written is None:
        return NO_TIME
    if written.elapsed:
        return timedelta(seconds=written.amount)
    return timedelta(days=written.amount * _DAYS[written.unit])


def meant(items: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    """Every step's id to itself, every group's id to the single steps inside, in file order."""
    return {item.id: tuple(step.id for step in leaves({item.id: item})) for item in everything(items)}


def zero_of(runbook: Runbook, spot: Spot, timeline: Timeline) -> datetime | None:
    """T as the playbook, or a date set by hand, has it at a place; a day without a time is when the place opens.

    Raises `Unresolvable` or `NoOpenDay`.
    """
    found = timeline.dated(runbook, spot)
    if found is None or found.end is None:
        return None
    calendar = timeline.calendar(spot)
    return found.end.at or calendar.instant(found.end.day, calendar.opens(found.end.day))


@dataclass(frozen=True)
class Minutes:
    """The dates of one runbook at one place, counted from `zero`. Dates that are not written with T move by `shift`.

    Like every date of a runbook they never roll off a closed day. All raise `Unresolvable` or `NoOpenDay`.
    """

    runbook: Runbook
    spot: Spot
    timeline: Timeline
    zero: datetime
    shift: timedelta = NO_TIME

    def instant(self, written: DateRange | None) -> datetime | None:
        """The instant of a date that has a time; None where it has none."""
        moment = self._one(written)
        return None if moment is None or moment.at is None else moment.at + self._moved(written)

    def not_before(self, written: DateRange | None) -> datetime | None:
        """From when on: a day without a time begins when the place opens."""
        moment = self._one(written)
        if moment is None:
            return None
        calendar = self.timeline.calendar(self.spot)
        return (moment.at or calendar.instant(moment.day, calendar.opens(moment.day))) + self._moved(written)

    def by(self, written: DateRange | None) -> datetime | None:
        """Until when: a day without a time lasts until it has ended at the place."""
        moment = self._one(written)
        return moment.late_at + self._moved(written) if moment else None

    def window(self, written: DateRange | None) -> tuple[datetime | None, datetime] | None:
        """First and last instant of a stretch, whole days where no time is written; no first one for a single point."""
        if written is None or written.end is None:
            return None
        end = self._edge(written.end, opening=False)
        first = written.begin or (written.end if written.end.whole_week else None)
        begin = self._edge(first, opening=True) if first else None
        return None if end is None else (begin, end)

    def _edge(self, point: Point, *, opening: bool) -> datetime | None:
        moment, moved = self._counted(point), NO_TIME
        if moment is None:
            found = self.timeline.kept(DateRange("", point, point), self.spot)
            moment, moved = found.begin if opening else found.end, self.shift
        if moment is None:
            return None
        midnight = self.timeline.calendar(self.spot).instant(moment.day, time(0))
        return ((moment.at or midnight) if opening else moment.late_at) + moved

    def _one(self, written: DateRange | None) -> Moment | None:
        if written is None or written.end is None:
            return None
        return self._counted(written.end) or self.timeline.stretch(written, self.spot, self.runbook).end

    def _counted(self, point: Point) -> Moment | None:
        """A point that is counted from T; None for every other."""
        if point.anchor.kind != "T":
            return None
        calendar = self.timeline.calendar(self.spot)
        day, at = stepped(point.offsets, calendar.local_day(self.zero), self.zero, calendar)
        return timed(day, day, day, at, point, self.spot, calendar)

    def _moved(self, written: DateRange | None) -> timedelta:
        counted = written is not None and written.end is not None and written.end.anchor.kind == "T"
        return NO_TIME if counted else self.shift
