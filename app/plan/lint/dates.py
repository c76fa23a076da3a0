"""Dates as written: words without meaning, stretches that end before they begin, waves (D5, D10, D12-D14, D19-D21)."""

from __future__ import annotations

from datetime import date

from app.plan.calendars import NoOpenDay
from app.plan.format.frame import Wave
from app.plan.format.runbooks import Runbook
from app.plan.language.dates import Anchor
from app.plan.lint.entries import EntryDates
from app.plan.lint.judging import UNKNOWABLE, Judging, apart, is_before, short_day
from app.plan.lint.written import Written, written_dates
from app.plan.moments import Stretch, Unresolvable
from app.plan.places import Spot
from app.plan.playbook import Playbook
from app.plan.problems import shown
from app.plan.reading import Reading
from app.plan.terms import Scope
from app.plan.timeline import Timeline

_OF_A_WAVE = ("cutover", "live week", "wave week", "wave start", "wave end")


def lint_dates(book: Playbook, reading: Reading, timeline: Timeline, *, stated: bool) -> None:
    """Judge all dates of one planned rollout; `stated` compares them with what a source says (D17)."""
    WrittenDates(book, reading, timeline).run()
    EntryDates(book, reading, timeline, stated=stated).run()


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


class WrittenDates(Judging):
    """Judges each date by itself, at every place where it is read."""

    def run(self) -> None:
        for written in written_dates(self.book):
            if (
                written.entry is None
                or not isinstance(written.entry, Runbook)
                or written.path[-1] in ("zero", "window")
            ):
                for spot in self._spots(written):
                    self._written(written, spot)
        for wave in self.book.waves.values():
            self._wave(wave)
        self._shared_weeks()

    def _spots(self, written: Written) -> list[Spot]:
        if written.path[0] == "waves":
            return [Spot(Scope.WAVE, written.name)]
        if written.scope is None:
            return list(self.timeline.spots(self.book.default_scope))
        return list(self.timeline.spots(written.scope))

    def _resolve(self, written: Written, spot: Spot) -> Stretch | None:
        try:
            if written.time:
                return self.timeline.kept(written.date, spot)
            return self.timeline.stretch(written.date, spot, written.entry)
        except NoOpenDay as error:
            self.reading.at_value("D12", written.path, f"{self.where(spot)}there is {error}")
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
        if found.begin and is_before(found.end, found.begin):
            ends, begins = short_day(found.end.day), short_day(found.begin.day)
            self.reading.at_value(
                "D13", written.path, f"ends ({ends}) before it begins ({begins}) {self.where(spot)}".rstrip()
            )
        elif found.end.day < self.timeline.start and not isinstance(written.entry, type(None)):
            early = apart(self.timeline.start, found.end.day)
            self.reading.at_value("D14", written.path, f"{self.where(spot)}this is {early} before the start")

    def _wave(self, wave: Wave) -> None:
        for site in self.timeline.sites.values():
            if site.wave != wave.id or site.cutover is not None:
                continue
            try:
                moment = self.timeline.cutover(site.spot)
            except UNKNOWABLE:
                continue
            self.closed(moment, (*wave.path, "cutover"), f"the cutover of wave {wave.id}", wave.roll is not None)

    def _shared_weeks(self) -> None:
        seen: list[tuple[str, date, date]] = []
        for wave in self.book.waves.values():
            try:
                window = self.timeline.window(wave.id)
            except UNKNOWABLE:
                continue
            if window.begin is None or window.end is None:
                continue
            for other, first, last in seen:
                if window.begin.day <= last and first <= window.end.day:
                    week = (max(window.begin.day, first) - self.timeline.start).days // 7 + 1
                    self.reading.at_value("D20", (*wave.path, "when"), f"waves {other} and {wave.id} share week {week}")
                    break
            seen.append((wave.id, window.begin.day, window.end.day))
