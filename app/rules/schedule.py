"""The dated plan: a pure function of playbook, start day, locations and their calendars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.plan.calendars import NoOpenDay
from app.plan.format.base import Dated
from app.plan.format.locations import PLACE, Place
from app.plan.format.tasks import Task
from app.plan.language.recurrence import Recurrence
from app.plan.lint.dates import lint_dates
from app.plan.lint.runbooks import lint_minutes
from app.plan.moments import Moment, Stretch, Unresolvable
from app.plan.places import Site, Spot
from app.plan.playbook import Playbook
from app.plan.problems import Problem
from app.plan.reading import Reading
from app.plan.sites import network_calendar, place_calendar
from app.plan.source import node_of
from app.plan.terms import WEEKDAYS, Scope
from app.plan.timeline import Timeline
from app.rules.explain import why
from app.rules.recurrence import Occurrence, TooOften, occurrences
from app.rules.rhythm import PARTS, rhythms


class PlaceError(ValueError):
    """A location that cannot be read; the message says which value and what would be right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What real dates bring to light. `settle`: this must be settled before the rollout can start."""

    id: str
    path: str
    message: str
    settle: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One dated thing at one place. `value` is the occurrence's day or the value of `each`.

    `due_at` is the instant of a written time, `late_at` when the promise is broken; both UTC, None where undated.
    """

    entry: str
    kind: str
    title: str
    scope: Scope
    location: str
    wave: str
    value: str
    begins: date | None
    due: date | None
    begins_at: datetime | None
    due_at: datetime | None
    late_at: datetime | None
    unclear: bool
    moment: Moment | None
    timeline: Timeline

    @property
    def name(self) -> str:
        """The entry's id; for a date that is not its main one, with what it is: `ar-days.baseline`."""
        return f"{self.entry}.{self.kind}" if self.kind in PARTS else self.entry

    @property
    def why(self) -> str:
        """Why it is that date, in one sentence; made when it is asked for."""
        return why(self.moment, self.timeline)


@dataclass(frozen=True)
class Plan:
    """Everything dated. `items` are the entries of the playbook, `rhythm` meetings, cover, reconciliation, metrics."""

    start: date
    end: date
    items: tuple[Item, ...]
    rhythm: tuple[Item, ...]
    problems: tuple[Finding, ...]
    cutovers: Mapping[str, datetime]
    wave_windows: Mapping[str, tuple[date, date]]
    timeline: Timeline


def read_place(stated: Mapping[str, Any]) -> Place:
    """A location from plain values, as in one row of a locations file. Raises `PlaceError`."""
    reading = Reading()
    node = node_of(stated)
    reading.place(node)
    place = PLACE.read(node, (), reading)
    if place is None or reading.problems:
        told = "; ".join(f"{p.path}: {p.message}" if p.path else p.message for p in reading.problems)
        raise PlaceError(f"{stated.get('id', 'location')}: {told}")
    return place


def plan_rollout(playbook: Playbook, start: date, locations: Sequence[Place]) -> Plan:
    """Date everything. Nothing is raised for a date that cannot be: it is among the problems, to be settled."""
    network = network_calendar(playbook, start)
    sites = [_site(playbook, start, place) for place in locations]
    timeline = Timeline(playbook, start, sites, network)
    findings = list(_asked(playbook, start, locations))
    if not any(finding.id == "P2" for finding in findings):  # on the wrong weekday every other date looks wrong
        findings.extend(_judged(playbook, timeline))
    items = tuple(_items(playbook, timeline, findings))
    return Plan(
        start=start,
        end=timeline.end,
        items=items,
        rhythm=tuple(_rhythm(playbook, timeline, findings)),
        problems=tuple(findings),
        cutovers=_cutovers(timeline),
        wave_windows=_windows(playbook, timeline),
        timeline=timeline,
    )


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
            say = f"wave {wave.id} takes {wanted_words}, {assigned} {'is' if assigned == 1 else 'are'} assigned"
            yield Finding("P1", f"waves.{wave.id}.locations", say, True)
    for place in locations:
        missing = [name for name in playbook.attributes if name not in (place.attributes or {})]
        if missing:
            say = f"{place.name}: not stated yet: {', '.join(missing)}; what depends on it stays in the plan, unclear"
            yield Finding("C1", f"locations.{place.id}", say, False)


def _judged(playbook: Playbook, timeline: Timeline) -> Iterator[Finding]:
    """The date rules again, with real start, calendars and holidays; one location stands for all alike."""
    alike: dict[tuple[Any, ...], Site] = {}
    for site in timeline.sites.values():
        calendar = site.calendar
        shape = (site.wave, calendar.zone.key, calendar.open, calendar.hours, calendar.holidays, calendar.closed)
        alike.setdefault((*shape, site.cutover), site)
    reading = Reading()
    few = Timeline(playbook, timeline.start, list(alike.values()), timeline.network)
    lint_dates(playbook, reading, few, stated=True)
    lint_minutes(playbook, reading, few)
    yield from (_finding(problem) for problem in reading.problems)


def _finding(problem: Problem) -> Finding:
    return Finding(problem.id, problem.path, f"{problem.path}: {problem.message}", problem.level == "error")


def _items(playbook: Playbook, timeline: Timeline, findings: list[Finding]) -> Iterator[Item]:
    for entry in playbook.entries.values():
        every = getattr(entry, "every", None)
        scope = getattr(entry, "scope", None) or playbook.default_scope
        for spot in timeline.spots(scope):
            try:
                stretch = timeline.dated(entry, spot)
                if stretch is None:
                    continue
                unclear = timeline.applies(entry, spot) is None
                if every is not None:
                    roll = getattr(entry, "roll", None)
                    yield from _recurring(entry, str(entry.kind), every, roll, scope, spot, stretch, unclear, timeline)
                else:
                    for value in _values(entry, spot, timeline):
                        yield _item(entry, str(entry.kind), scope, spot, value, stretch, unclear, timeline)
            except (Unresolvable, NoOpenDay, OverflowError, TooOften) as error:
                path = ".".join(entry.path)
                if not any(found.path.startswith(path) for found in findings):
                    findings.append(Finding("D12", path, f"{entry.title}: {error}", True))


def _values(entry: Dated, spot: Spot, timeline: Timeline) -> Sequence[str]:
    """One record per value of `each`; one without a value where the attribute is not stated yet."""
    each = entry.each if isinstance(entry, Task) else ()
    if isinstance(each, str):
        stated = timeline.facts(spot).value(each)
        return [str(value) for value in stated] if isinstance(stated, (list, tuple)) and stated else [""]
    return each or [""]


def _item(
    entry: Any, kind: str, scope: Scope, spot: Spot, value: str, stretch: Stretch, unclear: bool, timeline: Timeline
) -> Item:
    begin, end = stretch.begin, stretch.end
    return Item(
        entry=entry.id, kind=kind, title=entry.title, scope=scope, location=spot.location, wave=spot.wave, value=value,
        begins=begin.day if begin else None, due=end.day if end else None,
        begins_at=begin.at if begin else None, due_at=end.at if end else None, late_at=end.late_at if end else None,
        unclear=unclear, moment=end or begin, timeline=timeline,
    )  # fmt: skip


def _recurring(
    entry: Any, kind: str, every: Recurrence, roll: Any, scope: Scope, spot: Spot, stretch: Stretch, unclear: bool,
    timeline: Timeline,
) -> Iterator[Item]:  # fmt: skip
    """One record an occurrence; a day on which the place is closed has none."""
    first = stretch.begin.raw if stretch.begin else timeline.start
    last = stretch.end.raw if stretch.end else timeline.end
    calendar = timeline.calendar(spot)
    for found in occurrences(every, first, last, calendar, roll):
        if not found.closed:
            moment = _moment(found, every, spot, timeline)
            yield _item(entry, kind, scope, spot, _named(found), Stretch(None, moment), unclear, timeline)


def _moment(found: Occurrence, every: Recurrence, spot: Spot, timeline: Timeline) -> Moment:
    late = found.at or timeline.calendar(spot).day_end(found.day)
    return Moment(found.day, found.at, late, found.meant, found.day, None, spot, every.text)


def _named(found: Occurrence) -> str:
    """Day, and the instant where a day has several: what tells one occurrence from the next."""
    return found.day.isoformat() if found.at is None else found.at.strftime("%Y-%m-%dT%H:%MZ")


def _rhythm(playbook: Playbook, timeline: Timeline, findings: list[Finding]) -> Iterator[Item]:
    for beat in rhythms(playbook):
        for spot in timeline.spots(beat.scope):
            try:
                stretch = beat.dated(timeline, spot)
                if beat.every is not None:
                    yield from _recurring(
                        beat.entry, beat.kind, beat.every, beat.roll, beat.scope, spot, stretch, False, timeline
                    )
                else:
                    yield _item(beat.entry, beat.kind, beat.scope, spot, "", stretch, False, timeline)
            except (Unresolvable, NoOpenDay, OverflowError, TooOften) as error:
                findings.append(Finding("D12", ".".join(beat.entry.path), f"{beat.entry.title}: {error}", True))


def _cutovers(timeline: Timeline) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for site in timeline.sites.values():
        try:
            moment = timeline.cutover(site.spot)
        except (Unresolvable, NoOpenDay, OverflowError):
            continue
        if moment.at is not None:
            found[site.id] = moment.at.astimezone(site.calendar.zone)
    return found


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
