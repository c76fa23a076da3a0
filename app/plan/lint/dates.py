"""Dates: judged by planning one location a wave, and again for a rollout's own (D5, D10, D12-D20, D22)."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.plan.calendars import NoOpenDay
from app.plan.format.base import Dated
from app.plan.format.frame import Wave
from app.plan.format.gates import Gate
from app.plan.format.runbooks import Runbook
from app.plan.format.tasks import Task
from app.plan.format.training import Training
from app.plan.format.when import Link
from app.plan.language.dates import Anchor, Offset
from app.plan.lint.written import Written, written_dates
from app.plan.moments import Moment, Stretch, Unresolvable, stepped
from app.plan.places import NETWORK, Spot
from app.plan.playbook import Playbook
from app.plan.problems import shown
from app.plan.reading import Path, Reading
from app.plan.terms import Scope
from app.plan.timeline import Timeline

_OF_A_WAVE = ("cutover", "live week", "wave week", "wave start", "wave end")


def lint_words(book: Playbook, reading: Reading) -> None:
    """What can be judged without planning: weeks that do not exist, words that mean nothing for the network."""
    for written in written_dates(book):
        for point in written.date.points:
            anchor = point.anchor
            if anchor.kind == "week" and anchor.number > book.length:
                reading.at_value("D5", written.path, f"week {anchor.number} of {book.length}")
            if written.scope is Scope.NETWORK and _needs_wave(anchor):
                reading.at_value("D10", written.path, _say_whose(written, anchor, book))


def _needs_wave(anchor: Anchor) -> bool:
    return (anchor.kind in _OF_A_WAVE and not anchor.of_wave) or anchor.previous


def _say_whose(written: Written, anchor: Anchor, book: Playbook) -> str:
    if not book.waves:
        return f"`{shown(written.date.text)}`: there are no waves, so there is no cutover; count from start or a week"
    wave = next(iter(book.waves))
    if anchor.previous:
        return f"`{written.name}` is network-wide and has no previous wave; say `of wave {wave}`"
    return f"`{written.name}` is network-wide: say `first cutover` or `cutover of wave {wave}`"


class DateLint:
    """Judges the dates of one planned rollout; `named` says where for people ("in wave second")."""

    def __init__(self, book: Playbook, reading: Reading, timeline: Timeline, *, stated: bool) -> None:
        self.book = book
        self.reading = reading
        self.timeline = timeline
        self.stated = stated

    def run(self) -> None:
        for written in written_dates(self.book):
            if written.entry is None or not isinstance(written.entry, Runbook) or written.path[-1] in ("zero", "window"):
                for spot in self._spots(written):
                    self._written(written, spot)
        for wave in self.book.waves.values():
            self._wave(wave)
        self._shared_weeks()
        for entry in self.book.entries.values():
            for spot in self._where(entry):
                self._entry(entry, spot)

    def _spots(self, written: Written) -> list[Spot]:
        if written.scope is None:
            return [spot for spot in self.timeline.spots(self.book.default_scope)]
        return list(self.timeline.spots(written.scope))

    def _where(self, entry: Dated) -> list[Spot]:
        scope = getattr(entry, "scope", None)
        return list(self.timeline.spots(scope)) if scope else []

    def _in(self, spot: Spot) -> str:
        site = self.timeline.sites.get(spot.location)
        if site is not None and site.id not in self.book.waves:
            return f"at {site.name} "
        return f"in wave {spot.wave} " if spot.wave else ""

    def _resolve(self, written: Written, spot: Spot) -> Stretch | None:
        try:
            if written.time:
                return self.timeline.kept(written.date, spot)
            return self.timeline.stretch(written.date, spot, written.entry)
        except NoOpenDay as error:
            self.reading.at_value("D12", written.path, f"{self._in(spot)}there is {error}")
        except Unresolvable as error:
            if "depends on itself" in str(error) and written.entry is None:
                self.reading.at_value("T9", written.path, f"circle: {error}")
        except (OverflowError, ValueError):
            self.reading.at_value("D21", written.path, "this date lies outside the years 2000-2199")
        return None

    def _written(self, written: Written, spot: Spot) -> None:
        if written.scope is Scope.NETWORK and any(_needs_wave(p.anchor) for p in written.date.points):
            return
        found = self._resolve(written, spot)
        if found is None or found.end is None:
            return
        for moment in (found.begin, found.end):
            if moment and not 2000 <= moment.day.year <= 2199:
                self.reading.at_value("D21", written.path, f"year {moment.day.year} is outside 2000-2199")
        if found.begin and _before(found.end, found.begin):
            ends, begins = _short(found.end.day), _short(found.begin.day)
            self.reading.at_value("D13", written.path, f"ends ({ends}) before it begins ({begins}) {self._in(spot)}".rstrip())
        elif found.end.day < self.timeline.start and not isinstance(written.entry, type(None)):
            early = _apart(self.timeline.start, found.end.day)
            self.reading.at_value("D14", written.path, f"{self._in(spot)}this is {early} before the start")

    def _wave(self, wave: Wave) -> None:
        for site in self.timeline.sites.values():
            if site.wave != wave.id or site.cutover is not None:
                continue
            try:
                moment = self.timeline.cutover(site.spot)
            except (Unresolvable, NoOpenDay, OverflowError, ValueError):
                continue
            self._closed(moment, (*wave.path, "cutover"), f"the cutover of wave {wave.id}", wave.roll is not None)

    def _closed(self, moment: Moment, path: Path, what: str, meant: bool) -> None:
        why = self.timeline.calendar(moment.spot).closed_because(moment.day)
        if why and not meant:
            self.reading.at_value("D19", path, f"{what} is on {_full(moment.day)}, closed ({why}); `roll: keep` if meant")

    def _shared_weeks(self) -> None:
        seen: list[tuple[str, date, date]] = []
        for wave in self.book.waves.values():
            try:
                window = self.timeline.window(wave.id)
            except (Unresolvable, NoOpenDay, OverflowError, ValueError):
                continue
            if window.begin is None or window.end is None:
                continue
            for other, first, last in seen:
                if window.begin.day <= last and first <= window.end.day:
                    week = (max(window.begin.day, first) - self.timeline.start).days // 7 + 1
                    self.reading.at_value("D20", (*wave.path, "when"), f"waves {other} and {wave.id} share week {week}")
                    break
            seen.append((wave.id, window.begin.day, window.end.day))

    # -- entries -----------------------------------------------------------------------------------------------

    def _dated(self, entry: Dated, spot: Spot) -> Stretch:
        try:
            return self.timeline.dated(entry, spot) or Stretch()
        except (Unresolvable, NoOpenDay, OverflowError, ValueError):
            return Stretch()

    def _entry(self, entry: Dated, spot: Spot) -> None:
        found = self._dated(entry, spot)
        if found.end is None:
            return
        path = (*entry.path, type(entry).date_key)
        if isinstance(entry, Gate):
            self._closed(found.end, path, f"gate `{entry.id}`", False)
            self._judged_in_time(entry, spot, found.end, path)
        if isinstance(entry, (Task, Training)):
            self._in_phase(entry, spot, found.end, path)
            self._in_freeze(entry, spot, found.end, path)
        self._waits(entry, spot, found, path)
        self._as_stated(entry, found, path)

    def _in_phase(self, entry: Any, spot: Spot, due: Moment, path: Path) -> None:
        phase = self.book.phases.get(entry.phase or "")
        if phase is None or phase.when is None:
            return
        try:
            span = self.timeline.span(phase.when, spot)
        except (Unresolvable, NoOpenDay, OverflowError, ValueError):
            return
        if span and not span[0] <= due.day <= span[1]:
            weeks = " to ".join(str((day - self.timeline.start).days // 7 + 1) for day in span)
            week = (due.day - self.timeline.start).days // 7 + 1
            say = f"{self._in(spot)}due in week {week}, outside its phase {phase.id} (weeks {weeks})"
            self.reading.at_value("D16", path, say)

    def _in_freeze(self, entry: Any, spot: Spot, due: Moment, path: Path) -> None:
        if getattr(entry, "every", None):
            return
        for freeze in self.book.freezes.values():
            if not isinstance(freeze.stops, tuple) or not self._stops(freeze.stops, entry):
                continue
            meant = spot if freeze.scope is not Scope.NETWORK else NETWORK
            for written in freeze.when or ():
                span = self._span(written, meant)
                if span and span[0] <= due.day <= span[1]:
                    self.reading.at_value("D18", path, f"{self._in(spot)}due inside freeze `{freeze.id}`, which stops it")
        wave = self.book.waves.get(spot.wave)
        if spot.location and wave is not None and wave.buffer is not None:
            span = self._span(wave.buffer, spot)
            if span and span[0] <= due.day <= span[1]:
                self.reading.at_value("D18", path, f"due in the buffer of wave {wave.id}, which is kept for learning")

    def _span(self, written: Any, spot: Spot) -> tuple[date, date] | None:
        try:
            return self.timeline.span(written, spot)
        except (Unresolvable, NoOpenDay, OverflowError, ValueError):
            return None

    def _stops(self, stops: tuple[str, ...], entry: Any) -> bool:
        around = entry
        while around is not None:
            if around.id in stops:
                return True
            around = self.book.entries.get(around.parent) if around.parent else None
        return False

    def _waits(self, entry: Dated, spot: Spot, found: Stretch, path: Path) -> None:
        """A link never moves a date, so the dates must already fit it."""
        assert found.end is not None
        for finish_only, links in ((False, getattr(entry, "after", ())), (True, getattr(entry, "done_after", ()))):
            for link in links:
                other = self._other(link, spot)
                if other is None or isinstance(getattr(entry, "items", None), dict):
                    continue
                if _before(found.end, other):
                    said = f"`{link.entry}`" + (" to begin" if link.start_of else "")
                    waits = "finishes after" if finish_only else "waits for"
                    when, then = _full(found.end.day), _full(other.day)
                    say = f"{self._in(spot)}due {when}, but it {waits} {said}, due {then}"
                    self.reading.at_value("D15", path, say)

    def _other(self, link: Link, spot: Spot) -> Moment | None:
        entry = self.book.entries.get(link.entry)
        if entry is None:
            return None
        anchor = Anchor("entry", entry=link.entry, start_of=link.start_of, previous=link.previous, of_wave=link.of_wave)
        try:
            moment = self.timeline.entry_moment(anchor, spot)
            if moment is None or link.lag is None:
                return moment
            calendar = self.timeline.calendar(spot)
            if link.lag.elapsed:
                return moment
            day, _ = stepped((Offset(1, link.lag),), moment.day, None, calendar)
            return Moment(day, None, calendar.day_end(day), day, day, spot=spot)
        except (Unresolvable, NoOpenDay, OverflowError, ValueError):
            return None

    def _judged_in_time(self, gate: Gate, spot: Spot, held: Moment, path: Path) -> None:
        for criterion in (gate.criteria or {}).values():
            for name in (*criterion.tasks, *criterion.training):
                other = self._other(Link(name), spot)
                if other is None or held.late_at >= other.late_at:
                    continue
                at = f" {held.at.astimezone(self.timeline.calendar(spot).zone):%H:%M}" if held.at else ""
                same = other.day == held.day
                due = "by the end of that day" if same else f"on {_full(other.day)}"
                say = f"gate `{gate.id}` is held {_full(held.day)}{at}, but its criterion `{criterion.id}` waits for work due {due}"
                partly = criterion.passes is not None  # a share may be met before all of it is due
                self.reading.at_value("D22" if same or partly else "D15", path, say)

    def _as_stated(self, entry: Any, found: Stretch, path: Path) -> None:
        stated = getattr(entry, "stated", None)
        if self.stated and isinstance(stated, date) and found.end and found.end.day != stated:
            say = f"this is {_full(found.end.day)}, but the stated date is {_full(stated)}"
            self.reading.at_value("D17", path, say)


def _before(first: Moment, second: Moment) -> bool:
    """By day, and by time where both have one."""
    if first.at and second.at:
        return first.at < second.at
    return first.day < second.day


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _full(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _apart(later: date, earlier: date) -> str:
    days = (later - earlier).days
    weeks = days // 7
    if weeks and not days % 7:
        return f"{weeks} week{'s' if weeks > 1 else ''}"
    return f"{days} day{'s' if days > 1 else ''}"

