"""A timeline that knows of each wave only its first and its last opening, as they stand: enough for what lies behind
and between the bars, and quick for any number of locations. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.plan import Playbook
from app.plan.calendars import PlaceCalendar
from app.plan.format.frame import Freeze
from app.plan.language.dates import Anchor, DateRange, Point
from app.plan.places import NETWORK, Site, Spot
from app.plan.sites import network_calendar
from app.plan.terms import Scope
from app.plan.timeline import Timeline
from app.rules.schedule.dated import UNDATABLE, Item, rhythm_items


@dataclass(frozen=True)
class Opening:
    """When a location opens, in its own zone. With a calendar it is one whose own days are asked for."""

    location: str
    wave: str
    at: datetime
    calendar: PlaceCalendar | None = None


@dataclass(frozen=True, slots=True)
class Shade:
    """A stretch of time in which less happens: learning time of a wave, or a freeze. Days, both included."""

    kind: Literal["buffer", "freeze"]
    title: str
    wave: str
    first: date
    last: date


def sketch(playbook: Playbook, start: date, openings: Iterable[Opening]) -> Timeline:
    """The timeline of a rollout over the edges of its waves, and the locations that bring a calendar."""
    network = network_calendar(playbook, start)
    return Timeline(playbook, start, [_site(one, network) for one in _edges(openings)], network)


def _edges(openings: Iterable[Opening]) -> Iterator[Opening]:
    of_wave: dict[str, list[Opening]] = {}
    for one in openings:
        of_wave.setdefault(one.wave, []).append(one)
    for inside in of_wave.values():
        inside.sort(key=lambda one: one.at)
        kept = [inside[0], inside[-1], *(one for one in inside if one.calendar)]
        yield from {one.location: one for one in kept}.values()


def _site(one: Opening, network: PlaceCalendar) -> Site:
    point = Point(Anchor("date", day=one.at.date()), at=one.at.time())
    cutover = DateRange(one.at.date().isoformat(), point)
    return Site(one.location, one.location, one.wave, one.calendar or network, cutover=cutover)


def shades(timeline: Timeline, location: str = "") -> list[Shade]:
    """Learning time and freezes of the network and the waves, and with a location (its slug) those of that one."""
    playbook = timeline.playbook
    found = []
    for wave in playbook.waves.values():
        if wave.buffer is not None and (days := _span(timeline, wave.buffer, Spot(Scope.WAVE, wave.id))):
            found.append(Shade("buffer", f"Learning time, {wave.title}", wave.id, *days))
    for freeze in playbook.freezes.values():
        for spot in _spots(timeline, freeze, location):
            for written in freeze.when:
                if days := _span(timeline, written, spot):
                    found.append(Shade("freeze", freeze.title, spot.wave, *days))
    return found


def _spots(timeline: Timeline, freeze: Freeze, location: str) -> list[Spot]:
    if freeze.scope is Scope.NETWORK:
        return [NETWORK]
    if freeze.scope is Scope.WAVE:
        return [Spot(Scope.WAVE, wave) for wave in timeline.playbook.waves]
    return [timeline.sites[location].spot] if location in timeline.sites else []


def _span(timeline: Timeline, written: DateRange, spot: Spot) -> tuple[date, date] | None:
    try:
        return timeline.span(written, spot)
    except UNDATABLE:
        return None


def meetings(timeline: Timeline, location: str, wave: str, first: date, last: date) -> list[Item]:
    """Meetings from one day to another that somebody of a location goes to: its own, its wave's, the network's."""
    found = [
        item
        for item in rhythm_items(timeline, _left_out)
        if item.kind == "meeting"
        and item.due is not None
        and first <= item.due <= last
        and item.location in ("", location)
        and (item.location or item.wave in ("", wave))
    ]
    return sorted(found, key=lambda item: (item.due or first, item.due_at is None, item.due_at, item.title))


def _left_out(_entry: object, _error: Exception) -> None:
    """What cannot be dated is no date to come."""
