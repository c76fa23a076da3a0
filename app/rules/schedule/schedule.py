"""The dated plan: a pure function of playbook, start day, locations and their calendars, and what must be settled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from itertools import chain
from typing import Any

from app.plan.calendars import NoOpenDay
from app.plan.format.locations import PLACE, Place
from app.plan.lint.dates import lint_dates
from app.plan.lint.runbooks import lint_minutes
from app.plan.moments import Unresolvable
from app.plan.places import Site, Spot
from app.plan.playbook import Playbook
from app.plan.problems import Problem
from app.plan.reading import Reading
from app.plan.sites import network_calendar, place_calendar
from app.plan.source import node_of
from app.plan.terms import RECURRING, WEEKDAYS, Scope
from app.plan.timeline import Pins, Timeline
from app.rules.schedule.dated import Item, count_items, entry_items, rhythm_items


class PlaceError(ValueError):
    """A location that cannot be read; the message says which value and what would be right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What real dates bring to light. `settle`: this must be settled before the rollout can start."""

    id: str
    path: str
    message: str
    settle: bool


@dataclass(frozen=True)
class Plan:
    """A rollout's dates, computed where they are asked for; `problems` are known at once.

    `timeline` is that of the network; `own` has the timelines of the locations that are on another version of the
    playbook, by their ids. Every location stands on every timeline.
    """

    start: date
    end: date
    problems: tuple[Finding, ...]
    cutovers: Mapping[str, datetime]
    wave_windows: Mapping[str, tuple[date, date]]
    timeline: Timeline
    own: Mapping[str, Timeline] = field(default_factory=dict)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every entry of the playbook at every place, in file order."""
        return tuple(entry_items(self.timeline, _known))

    def timeline_at(self, location: str) -> Timeline:
        """The timeline of the version that holds at a location; (empty) of the network."""
        return self.own.get(location, self.timeline)

    @cached_property
    def rhythm(self) -> tuple[Item, ...]:
        """What is dated besides entries: meetings, cover, reconciliation, catch-ups, rehearsals, days of metrics."""
        return tuple(rhythm_items(self.timeline, _known))

    def items_at(self, location: str) -> tuple[Item, ...]:
        """The entries at one location, or (empty) those of the network and the waves."""
        return self.dated_at(location)[0]

    def dated_at(self, location: str) -> tuple[tuple[Item, ...], Mapping[str, Finding]]:
        """The same, and by their ids the entries that have no date there, though they should."""
        lost: dict[str, Finding] = {}

        timeline = self.timeline_at(location)

        def refused(entry: Any, error: Exception) -> None:
            site = timeline.sites.get(location)
            where = f" at {site.name}" if site else ""
            lost.setdefault(entry.id, _undated(entry, f"{entry.title}{where}", error))

        return tuple(entry_items(timeline, refused, partial(self._spots, location))), lost

    def recurring_at(self, location: str) -> tuple[tuple[Item, ...], Collection[str]]:
        """What recurs at one location, or (empty) for the network and the waves, and the ids of what has no date."""
        lost: set[str] = set()

        def refused(entry: Any, _error: Exception) -> None:
            lost.add(entry.id)

        found = rhythm_items(self.timeline_at(location), refused, partial(self._spots, location))
        return tuple(item for item in found if item.kind in RECURRING), lost

    def _spots(self, location: str, scope: Scope) -> Iterable[Spot]:
        if not location:
            return () if scope is Scope.LOCATION else self.timeline.spots(scope)
        return (self.timeline.sites[location].spot,) if scope is Scope.LOCATION else ()

    def count(self, locations: Iterable[str]) -> int:
        """How many rows there are at some locations; the empty one stands for the network and the waves."""
        return sum(self._count(location) + len(self.recurring_at(location)[0]) for location in locations)

    def _count(self, location: str) -> int:
        timeline = self.timeline_at(location)
        return count_items(timeline, timeline.playbook.entries.values(), partial(self._spots, location))

    @cached_property
    def tasks(self) -> int:
        """How many tasks there are at all places."""
        return count_items(self.timeline, self.timeline.playbook.work)


def _known(_entry: Any, _error: Exception) -> None:
    """What cannot be dated was found, and is to be settled, when the plan was made."""


def read_place(stated: Mapping[str, Any]) -> Place:
    """A location from plain values, as in one row of a locations file; an empty wave is none. Raises `PlaceError`."""
    reading = Reading()
    node = node_of({name: value for name, value in stated.items() if name != "wave" or value})
    reading.place(node)
    place = PLACE.read(node, (), reading)
    if place is None or reading.problems:
        told = "; ".join(f"{p.path}: {p.message}" if p.path else p.message for p in reading.problems)
        raise PlaceError(f"{stated.get('id', 'location')}: {told}")
    return place


def plan_rollout(
    playbook: Playbook,
    start: date,
    locations: Sequence[Place],
    pins: Pins | None = None,
    own: Mapping[str, Playbook] | None = None,
) -> Plan:
    """Date everything; `pins` are the dates that were set by hand, `own` the versions of the playbook that hold at
    locations in place of `playbook`, by their ids. Nothing is raised for a date that cannot be: it is among the
    problems, to be settled.
    """
    timeline = timeline_of(playbook, start, locations, pins)
    others = _others(playbook, start, locations, pins, own or {})
    findings = list(_asked(playbook, start, locations))
    if not any(finding.id == "P2" for finding in findings):  # on the wrong weekday every other date looks wrong
        for one in dict.fromkeys((timeline, *others.values())):
            there = [site for site in one.sites.values() if others.get(site.id, timeline) is one]
            findings.extend(_judged(one.playbook, one, there))
    return Plan(
        start=start,
        end=timeline.end,
        problems=tuple(findings),
        cutovers={slug: at for slug in timeline.sites if (at := _cutover(others.get(slug, timeline), slug))},
        wave_windows=_windows(playbook, timeline),
        timeline=timeline,
        own=others,
    )


def _others(
    playbook: Playbook, start: date, locations: Sequence[Place], pins: Pins | None, own: Mapping[str, Playbook]
) -> dict[str, Timeline]:
    """One timeline for each version that is not the network's, under the ids of the locations that are on it."""
    made: dict[int, Timeline] = {}
    found: dict[str, Timeline] = {}
    for place in locations:
        book = own.get(place.id, playbook)
        if book is not playbook:
            if id(book) not in made:
                made[id(book)] = timeline_of(book, start, locations, pins)
            found[place.id] = made[id(book)]
    return found


def timeline_of(playbook: Playbook, start: date, locations: Sequence[Place], pins: Pins | None = None) -> Timeline:
    """What dates everything, before anything is dated."""
    sites = [_site(playbook, start, place) for place in locations]
    return Timeline(playbook, start, sites, network_calendar(playbook, start), pins=pins)


def _site(playbook: Playbook, start: date, place: Place) -> Site:
    calendar = place_calendar(playbook, start, place.calendar(playbook.calendar))
    return Site(place.id, place.name, place.wave, calendar, place.attributes or {}, place.cutover)


def _asked(playbook: Playbook, start: date, locations: Sequence[Place]) -> Iterator[Finding]:
    """P1 and P2, and facts that nobody has stated yet."""
    wanted = playbook.calendar.start_day
    if wanted in WEEKDAYS and start.weekday() != WEEKDAYS.index(wanted):
        yield Finding(
            "P2",
            "calendar.start_day",
            f"the rollout starts on a {wanted}, {start:%a} {start.day} {start:%b} is none",
            True,
        )
    for wave in playbook.waves.values():
        assigned = sum(place.wave == wave.id for place in locations)
        most = wave.locations.most
        if assigned < wave.locations.least or (most is not None and assigned > most):
            wanted_words = f"{wave.locations.text} location{'' if wave.locations.text == '1' else 's'}"
            have = f"{assigned or 'none'} {'is' if assigned == 1 else 'are'} assigned to it"
            say = f"{wave.title} takes {wanted_words}, {have}"
            yield Finding("P1", f"waves.{wave.id}.locations", say, True)
    for place in locations:
        missing = [name for name in playbook.attributes if name not in (place.attributes or {})]
        if missing:
            say = f"{place.name}: not stated yet: {', '.join(missing)}; what depends on it stays in the plan, unclear"
            yield Finding("C1", f"locations.{place.id}", say, False)


def _judged(playbook: Playbook, timeline: Timeline, sites: Iterable[Site]) -> Iterator[Finding]:
    """The date rules again, with real start, calendars and holidays, for the locations that follow this playbook; one
    stands for all alike.
    """
    alike: dict[tuple[Any, ...], Site] = {}
    for site in sites:
        calendar = site.calendar
        shape = (site.wave, calendar.zone.key, calendar.open, calendar.hours, calendar.holidays, calendar.closed)
        alike.setdefault((*shape, site.cutover), site)
    reading = Reading()
    few = Timeline(playbook, timeline.start, list(alike.values()), timeline.network)
    lint_dates(playbook, reading, few, stated=True)
    lint_minutes(playbook, reading, few)
    found = [_finding(problem) for problem in reading.problems]
    found.extend(_undatable(few, found))
    yield from found


def _undatable(timeline: Timeline, known: Sequence[Finding]) -> Sequence[Finding]:
    """What only shows when it is dated: more occurrences than an entry may have, dates that lead nowhere."""
    found: dict[str, Finding] = {}

    def refused(entry: Any, error: Exception) -> None:
        path = ".".join(entry.path)
        if not any(finding.path.startswith(path) for finding in known):
            found.setdefault(path, _undated(entry, entry.title, error))

    for _ in chain(entry_items(timeline, refused), rhythm_items(timeline, refused)):
        pass
    return list(found.values())


def _undated(entry: Any, named: str, error: Exception) -> Finding:
    why = "its date leads beyond the calendar" if isinstance(error, OverflowError) else str(error)
    return Finding("D12", ".".join(entry.path), f"{named}: {why}", True)


def _finding(problem: Problem) -> Finding:
    return Finding(problem.id, problem.path, f"{problem.path}: {problem.message}", problem.level == "error")


def _cutover(timeline: Timeline, location: str) -> datetime | None:
    site = timeline.sites[location]
    try:
        moment = timeline.cutover(site.spot)
    except (Unresolvable, NoOpenDay, OverflowError):
        return None
    return None if moment.at is None else moment.at.astimezone(site.calendar.zone)


def _windows(playbook: Playbook, timeline: Timeline) -> dict[str, tuple[date, date]]:
    found: dict[str, tuple[date, date]] = {}
    for wave in playbook.waves:
        try:
            window = timeline.window(wave)
        except (Unresolvable, NoOpenDay, OverflowError):
            continue
        if window.begin and window.end:
            found[wave] = (window.begin.day, window.end.day)
    return found
