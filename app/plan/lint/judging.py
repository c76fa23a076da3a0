"""What all date rules share: the planned rollout they judge, and words for places and days."""

from __future__ import annotations

from datetime import date

from app.plan.calendars import NoOpenDay
from app.plan.language.dates import DateRange
from app.plan.moments import Moment, Unresolvable
from app.plan.places import Spot
from app.plan.playbook import Playbook
from app.plan.reading import Path, Reading
from app.plan.timeline import Timeline

# A date that cannot be known was already reported where it is written; other rules pass over it.
UNKNOWABLE = (Unresolvable, NoOpenDay, OverflowError, ValueError)


class Judging:
    """Judges one planned rollout and reports into the reading of its file."""

    def __init__(self, book: Playbook, reading: Reading, timeline: Timeline) -> None:
        self.book = book
        self.reading = reading
        self.timeline = timeline

    def where(self, spot: Spot) -> str:
        """`in wave second `, or `at Lakeside ` for a location of a rollout; empty for the network."""
        site = self.timeline.sites.get(spot.location)
        if site is not None and site.id not in self.book.waves:
            return f"at {site.name} "
        return f"in wave {spot.wave} " if spot.wave else ""

    def span(self, written: DateRange, spot: Spot) -> tuple[date, date] | None:
        """First and last day of a stretch of time; None where it cannot be known."""
        try:
            return self.timeline.span(written, spot)
        except UNKNOWABLE:
            return None

    def closed(self, moment: Moment, path: Path, what: str, meant: bool) -> None:
        """D19 where a moment that never moves falls on a closed day."""
        why = self.timeline.calendar(moment.spot).closed_because(moment.day)
        advice = "; `roll: keep` if meant" if path[-1] == "cutover" else ""
        if why and not meant:
            self.reading.at_value("D19", path, f"{what} is on {full_day(moment.day)}, closed ({why}){advice}")


def is_before(first: Moment, second: Moment) -> bool:
    """By day, and by time where both have one."""
    if first.at and second.at:
        return first.at < second.at
    return first.day < second.day


def short_day(day: date) -> str:
    return f"{day.day} {day:%b}"


def full_day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def apart(later: date, earlier: date) -> str:
    days = (later - earlier).days
    weeks = days // 7
    if weeks and not days % 7:
        return f"{weeks} week{'s' if weeks > 1 else ''}"
    return f"{days} day{'s' if days > 1 else ''}"
