"""Covers, people and leaves as the tests of presence write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.plan.calendars import PlaceCalendar
from app.plan.format.rhythm import Coverage
from app.plan.format.who import Who
from app.plan.language.durations import parse_duration
from app.plan.language.hours import parse_span
from app.rules.people.responsibility import Away, Member
from app.rules.presence.attendance import Held
from app.rules.presence.slots import Cover, Slot

R, A, B = 1, 11, 12
MONDAY = date(2027, 2, 8)
ZONE = ZoneInfo("America/Chicago")
DAY = parse_span("07:00-18:00")


def calendar(**changed: object) -> PlaceCalendar:
    given = {"zone": ZONE, "open": frozenset(range(5)), "hours": (DAY,) * 5 + (None, None), **changed}
    return PlaceCalendar(**given)  # type: ignore[arg-type]


def cover(
    begins: date | None = MONDAY,
    due: date | None = date(2027, 2, 12),
    hours: str = "opening hours",
    rotate: str = "",
    place: PlaceCalendar | None = None,
    crowd: int = 0,
    **asked: object,
) -> Cover:
    said = hours if hours in ("opening hours", "all day") else (parse_span(hours),) * 7
    turn = parse_duration(rotate) if rotate else None
    coverage = Coverage(
        id="c", title="Cover", owner=Who(roles=("helper",)), when=None, hours=said, rotate=turn, **asked
    )  # type: ignore[arg-type]
    return Cover(coverage, place or calendar(), begins, due, crowd)


def at(day: int, hour: int = 0, month: int = 2) -> datetime:
    """An instant by the clock of the place, in UTC."""
    return datetime(2027, month, day, hour, tzinfo=ZONE).astimezone(UTC)


def member(person: int, role: str = "helper", location: int | None = None, steps_in: str = "") -> Member:
    return Member(person, f"P{person}", role, "member", R, location, steps_in)


def away(person: int, first: int, last: int, cover: int | None = None) -> Away:
    begins, ends = at(first), at(last + 1)
    days = date(2027, 2, first), date(2027, 2, last)
    return Away(9, person, f"P{person}", *days, begins, ends, cover, f"P{cover}" if cover else "")


def held(person: int, slot: Slot, *, location: int | None = A, on_call: bool = False, occasion: int = 1) -> Held:
    number = occasion * 10_000 + person * 100 + slot.day.day
    return Held(number, occasion, f"c{occasion}", location, person, slot.from_at, slot.until_at, on_call)
