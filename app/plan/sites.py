"""Calendars of a rollout: the playbook's, with closures dated from the start, and each location's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from app.plan.calendars import PlaceCalendar
from app.plan.format.base import Closure
from app.plan.format.frame import Calendar
from app.plan.moments import Unresolvable
from app.plan.places import NETWORK, Site
from app.plan.playbook import Playbook
from app.plan.timeline import Timeline


def network_calendar(playbook: Playbook, start: date, *, holidays: bool = True) -> PlaceCalendar:
    """The playbook's calendar for a rollout from `start`; `holidays` off judges a plan without a year."""
    return place_calendar(playbook, start, playbook.calendar, holidays=holidays)


def place_calendar(playbook: Playbook, start: date, calendar: Calendar, *, holidays: bool = True) -> PlaceCalendar:
    """A calendar whose closures have their dates. Closures are closed for everybody who keeps this calendar."""
    kept = calendar.holidays if holidays else ()
    plain = PlaceCalendar(ZoneInfo(calendar.zone), frozenset(calendar.open), calendar.hours, kept, roll=calendar.roll)
    closures = tuple(_closures(playbook, start, plain, calendar.closed))
    return replace(plain, closed=closures, _seen={}, _years={}) if closures else plain


def _closures(
    playbook: Playbook, start: date, plain: PlaceCalendar, closed: Sequence[Closure]
) -> Iterable[tuple[date, date, str]]:
    timeline = Timeline(playbook, start, (), plain)
    for closure in closed:
        try:
            span = timeline.span(closure.when, NETWORK) if closure.when else None
        except Unresolvable:  # said of a wave or an entry: judged when the file is checked
            continue
        if span:
            yield (*span, closure.title)


def sample_sites(playbook: Playbook, network: PlaceCalendar) -> tuple[Site, ...]:
    """One invented location a wave, on the playbook's own calendar: how a file's dates are judged."""
    return tuple(Site(wave, declared.title, wave, network) for wave, declared in playbook.waves.items())
