"""Dates of entries against each other: phases, freezes, links, gates and stated dates (D15-D19, D22)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.plan.format.base import Dated
from app.plan.format.frame import Freeze
from app.plan.format.gates import Gate
from app.plan.format.tasks import Task
from app.plan.format.training import Training
from app.plan.format.when import Link
from app.plan.language.dates import Anchor, Offset
from app.plan.lint.judging import UNKNOWABLE, Judging, full_day, is_before
from app.plan.moments import Moment, Stretch, stepped
from app.plan.places import NETWORK, Spot
from app.plan.playbook import Playbook
from app.plan.reading import Path, Reading
from app.plan.terms import Scope
from app.plan.timeline import Timeline


class EntryDates(Judging):
    """Judges every entry's dates at every place where it exists."""

    def __init__(self, book: Playbook, reading: Reading, timeline: Timeline, *, stated: bool) -> None:
        super().__init__(book, reading, timeline)
        self.stated = stated
        self._stopping: dict[str, list[Freeze]] = {}
        for freeze in book.freezes.values():
            for name in freeze.stops if isinstance(freeze.stops, tuple) else ():
                self._stopping.setdefault(name, []).append(freeze)
        self._linked: dict[tuple[Link, Spot], Moment | None] = {}
        self._frozen: dict[tuple[str, Spot], list[tuple[date, date]]] = {}

    def run(self) -> None:
        for entry in self.book.entries.values():
            for spot in self._where(entry):
                self._entry(entry, spot)

    def _where(self, entry: Dated) -> list[Spot]:
        scope = getattr(entry, "scope", None)
        return list(self.timeline.spots(scope)) if scope else []

    def _dated(self, entry: Dated, spot: Spot) -> Stretch:
        try:
            return self.timeline.dated(entry, spot) or Stretch()
        except UNKNOWABLE:
            return Stretch()

    def _entry(self, entry: Dated, spot: Spot) -> None:
        found = self._dated(entry, spot)
        if found.end is None:
            return
        path = (*entry.path, type(entry).date_key)
        if isinstance(entry, Gate):
            self.closed(found.end, path, f"gate `{entry.id}`", False)
            self._judged_in_time(entry, spot, found.end, path)
        self._in_freeze(entry, spot, found.end, path)
        if isinstance(entry, (Task, Training)):
            self._in_phase(entry, spot, found.end, path)
            self._in_buffer(entry, spot, found.end, path)
        self._waits(entry, spot, found, path)
        self._as_stated(entry, found, path)

    def _in_phase(self, entry: Any, spot: Spot, due: Moment, path: Path) -> None:
        phase = self.book.phases.get(entry.phase or "")
        if phase is None or phase.when is None:
            return
        try:
            span = self.timeline.span(phase.when, spot)
        except UNKNOWABLE:
            return
        if span and not any(span[0] <= day <= span[1] for day in (due.day, due.raw)):
            weeks = " to ".join(str((day - self.timeline.start).days // 7 + 1) for day in span)
            week = (due.day - self.timeline.start).days // 7 + 1
            say = f"{self.where(spot)}due in week {week}, outside its phase {phase.id} (weeks {weeks})"
            self.reading.at_value("D16", path, say)

    def _in_freeze(self, entry: Any, spot: Spot, due: Moment, path: Path) -> None:
        if getattr(entry, "every", None):
            return
        for freeze in self._freezes_of(entry):
            meant = spot if freeze.scope is not Scope.NETWORK else NETWORK
            for first, last in self._stretches(freeze, meant):
                if first <= due.day <= last:
                    say = f"{self.where(spot)}due inside freeze `{freeze.id}`, which stops it"
                    self.reading.at_value("D18", path, say)

    def _freezes_of(self, entry: Any) -> Iterator[Freeze]:
        """The freezes that name the entry or a group around it."""
        around = entry
        while around is not None:
            yield from self._stopping.get(around.id, ())
            around = self.book.entries.get(getattr(around, "parent", ""))

    def _stretches(self, freeze: Freeze, spot: Spot) -> list[tuple[date, date]]:
        key = (freeze.id, spot)
        if key not in self._frozen:
            self._frozen[key] = [span for written in freeze.when or () if (span := self.span(written, spot))]
        return self._frozen[key]

    def _in_buffer(self, entry: Any, spot: Spot, due: Moment, path: Path) -> None:
        wave = self.book.waves.get(spot.wave)
        if getattr(entry, "every", None) is not None:
            return
        if spot.location and wave is not None and wave.buffer is not None:
            span = self.span(wave.buffer, spot)
            if span and span[0] <= due.day <= span[1]:
                self.reading.at_value("D18", path, f"due in the buffer of wave {wave.id}, which is kept for learning")

    def _waits(self, entry: Dated, spot: Spot, found: Stretch, path: Path) -> None:
        """A link never moves a date, so the dates must already fit it."""
        if found.end is None:
            return
        for finish_only, links in ((False, getattr(entry, "after", ())), (True, getattr(entry, "done_after", ()))):
            for link in links:
                other = self._other(link, spot)
                if other is None or isinstance(getattr(entry, "items", None), dict):
                    continue
                if is_before(found.end, other):
                    said = f"`{link.entry}`" + (" to begin" if link.start_of else "")
                    waits = "finishes after" if finish_only else "waits for"
                    when, then = full_day(found.end.day), full_day(other.day)
                    say = f"{self.where(spot)}due {when}, but it {waits} {said}, due {then}"
                    self.reading.at_value("D15", path, say)

    def _other(self, link: Link, spot: Spot) -> Moment | None:
        """When what a link waits for is due (with `start of`: begins), looked up once a place."""
        if (link, spot) not in self._linked:
            self._linked[link, spot] = self._resolved(link, spot)
        return self._linked[link, spot]

    def _resolved(self, link: Link, spot: Spot) -> Moment | None:
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
        except UNKNOWABLE:
            return None

    def _judged_in_time(self, gate: Gate, spot: Spot, held: Moment, path: Path) -> None:
        for criterion in (gate.criteria or {}).values():
            for name in (*criterion.tasks, *criterion.training):
                other = self._other(Link(name), spot)
                if other is None or held.late_at >= other.late_at:
                    continue
                at = f" {held.at.astimezone(self.timeline.calendar(spot).zone):%H:%M}" if held.at else ""
                same = other.day == held.day
                due = "by the end of that day" if same else f"on {full_day(other.day)}"
                held_at = f"gate `{gate.id}` is held {full_day(held.day)}{at}"
                say = f"{held_at}, but its criterion `{criterion.id}` waits for work due {due}"
                partly = criterion.passes is not None  # a share may be met before all of it is due
                self.reading.at_value("D22" if same or partly else "D15", path, say)

    def _as_stated(self, entry: Any, found: Stretch, path: Path) -> None:
        stated = getattr(entry, "stated", None)
        if self.stated and isinstance(stated, date) and found.end and found.end.day != stated:
            say = f"this is {full_day(found.end.day)}, but the stated date is {full_day(stated)}"
            self.reading.at_value("D17", path, say)
