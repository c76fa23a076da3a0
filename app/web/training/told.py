"""What a page of training says of the form before it, and with which status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.responses import Response

from app.errors import Invalid, Refused, Stale
from app.plan.calendars import PlaceCalendar
from app.web.answers import see_other
from app.web.forms import demanded_day
from app.web.issues.told import NOTHING, Told

Page = Callable[[Told], Response]


def answered(session: Session, form: str, typed: Mapping[str, Any], act: Callable[[], object], page: Page, to: str
             ) -> Response:  # fmt: skip
    """Make the change and go on to `to`; a refusal shows the page again, with what was typed in that form."""
    try:
        act()
        session.flush()
    except (Stale, Refused, Invalid) as refusal:
        session.rollback()
        return page(refused(form, typed, refusal))
    return see_other(to)


def refused(form: str, typed: Mapping[str, Any], refusal: Stale | Refused | Invalid) -> Told:
    """What is said of it."""
    told = Told(form=form, typed=typed)
    if isinstance(refusal, Invalid):
        return replace(told, errors=refusal.fields)
    return replace(told, refusal=str(refusal), stale=refusal if isinstance(refusal, Stale) else None)


def status_of(told: Told) -> int:
    if told.errors or told.warning:
        return 422
    return 409 if told.refusal else 200


def shown_told(told: Told = NOTHING) -> dict[str, Any]:
    """As templates need it: errors and typed values only for the form that was sent."""
    return {"form": told.form, "errors": told.errors, "typed": told.typed, "refusal": told.refusal,
            "warning": told.warning}  # fmt: skip


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
