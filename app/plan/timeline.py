"""Dates of a plan: every date of the format resolved for a start day, locations and their calendars.

Pure arithmetic over the playbook (format, section 3). Nothing is stored: a date is computed from the playbook, the
start and the calendars each time, and can say why it is that date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from app.plan.calendars import PlaceCalendar
from app.plan.format.base import Dated
from app.plan.format.frame import Freeze, Milestone
from app.plan.format.gates import Gate
from app.plan.format.runbooks import Runbook
from app.plan.language.dates import Anchor, DateRange, Point
from app.plan.moments import (
    WEEK_DAYS,
    Moment,
    Rolling,
    Stretch,
    Unresolvable,
    earliest,
    edge_of_week,
    latest,
    rolled,
    stepped,
    timed,
    week_days,
)  # fmt: skip
from app.plan.places import Site, Spot
from app.plan.playbook import Playbook
from app.plan.terms import Roll, Scope
from app.plan.whereabouts import Whereabouts

Pins = Mapping[tuple[str, Spot], tuple[date | None, date]]
"""Beginning (None: as the playbook says) and due day that somebody set by hand for an entry at a spot."""


class Timeline(Whereabouts):
    """Resolves the dates of one rollout. `done` holds the day on which an entry was done at a spot, `pins` what was
    set by hand.
    """

    def __init__(
        self,
        playbook: Playbook,
        start: date,
        sites: Sequence[Site],
        network: PlaceCalendar,
        done: Mapping[tuple[str, Spot], date] | None = None,
        pins: Pins | None = None,
    ) -> None:
        super().__init__(playbook, sites, network)
        self.start = start
        self.end = start + timedelta(days=WEEK_DAYS * playbook.length - 1)
        self._done = done or {}
        self._pins = pins or {}
        self._known: dict[tuple[str, Spot], Stretch | None] = {}
        self._cutovers: dict[str, Moment] = {}
        self._windows: dict[str, Stretch] = {}
        self._busy: set[object] = set()

    # -- entries -----------------------------------------------------------------------------------------------

    def dated(self, entry: Dated, spot: Spot) -> Stretch | None:
        """When an entry begins and is due at a spot; None where it does not exist there.

        Raises `Unresolvable` for a circle of dates and `NoOpenDay`.
        """
        key = (entry.id, spot)
        if key not in self._known:
            with _Guard(self._busy, key, f"the date of `{entry.id}` depends on itself"):
                self._known[key] = self._dated(entry, spot)
        return self._known[key]

    def _dated(self, entry: Dated, spot: Spot) -> Stretch | None:
        if self.applies(entry, spot) is False:
            return None
        inside = getattr(entry, "items", None)
        if inside is not None:
            return self._around(inside.values(), spot)
        written = getattr(entry, type(entry).date_key)
        if isinstance(written, tuple):  # a freeze may have several stretches; as a date it is the whole of them
            found = [self.stretch(each, spot, entry) for each in written]
            begins = [s.begin or s.end for s in found]
            return Stretch(earliest(begins), latest(s.end for s in found))
        stretch = self.stretch(written, spot, entry)
        if (pin := self._pins.get((entry.id, spot))) is not None:
            stretch = self._pinned(pin, stretch, spot)
        if (day := self._done.get((entry.id, spot))) is None:
            return stretch
        late = self.calendar(spot).day_end(day)
        return Stretch(stretch.begin, Moment(day, None, late, day, day, spot=spot))

    def _pinned(self, pin: tuple[date | None, date], stretch: Stretch, spot: Spot) -> Stretch:
        """The days set by hand; a time that was written stays the time of the new day."""
        begins, due = pin
        calendar, at = self.calendar(spot), stretch.end.at if stretch.end else None
        if at is not None:
            at = calendar.instant(due, at.astimezone(calendar.zone).time())
        end = Moment(due, at, at or calendar.day_end(due), due, due, spot=spot, by_hand=True)
        if begins is None:
            return Stretch(stretch.begin, end)
        return Stretch(Moment(begins, None, calendar.day_end(begins), begins, begins, spot=spot, by_hand=True), end)

    def _around(self, items: Iterable[Dated], spot: Spot) -> Stretch:
        found = [s for item in items for s in self._everywhere(item, spot)]
        return Stretch(earliest(s.begin or s.end for s in found), latest(s.end for s in found))

    def _everywhere(self, entry: Dated, asking: Spot, anchor: Anchor | None = None) -> list[Stretch]:
        """The entry's dates at all places that the asking place means by it."""
        return [s for spot in self.meant(entry, asking, anchor) if (s := self.dated(entry, spot))]

    # -- dates -------------------------------------------------------------------------------------------------

    def stretch(self, written: DateRange | None, spot: Spot, entry: object = None) -> Stretch:
        """A date as written, at a spot. Raises `Unresolvable` or `NoOpenDay`."""
        if written is None or written.end is None:
            return Stretch()
        rolling = self._rolling(entry, spot)
        if written.begin is None and written.end.whole_week:
            return Stretch(
                self._moment(written.end, spot, rolling, opening=True),
                self._moment(written.end, spot, rolling, opening=False),
            )
        begin = self._moment(written.begin, spot, rolling, opening=True) if written.begin else None
        return Stretch(begin, self._moment(written.end, spot, rolling, opening=False))

    def _rolling(self, entry: object, spot: Spot) -> Rolling:
        if isinstance(entry, Freeze):
            return Rolling(self.start, Roll.KEEP)
        never = isinstance(entry, (Gate, Milestone, Runbook))
        return Rolling(self.start, getattr(entry, "roll", None) or self.calendar(spot).roll, never)

    def _moment(self, point: Point, spot: Spot, rolling: Rolling, *, opening: bool) -> Moment | None:
        if point.anchor.entry:
            meant = self.entry_moment(point.anchor, spot)
            if meant is None:
                return None
            first, last, at = meant.day, meant.day, meant.at
        else:
            first, last, at = self._anchor(point.anchor, spot)
        calendar = self.calendar(spot)
        if point.whole_week:
            raw = first if opening else last
            day = edge_of_week(point, first, last, calendar, rolling, opening=opening)
        else:
            raw, at = stepped(point.offsets, first, at, calendar)
            day = raw if at and not point.at else rolled(raw, point, calendar, rolling, opening=opening)
        return timed(day, raw, first, at, point, spot, calendar)

    def entry_moment(self, anchor: Anchor, spot: Spot) -> Moment | None:
        entry = self.playbook.entries.get(anchor.entry)
        if entry is None:
            raise Unresolvable(f"no entry `{anchor.entry}`")
        found = self._everywhere(entry, spot, anchor)
        return earliest(s.begin or s.end for s in found) if anchor.start_of else latest(s.end for s in found)

    def _anchor(self, anchor: Anchor, spot: Spot) -> tuple[date, date, datetime | None]:
        """First and last day an anchor means, and its instant where it has one."""
        match anchor.kind:
            case "start":
                return self.start, self.start, None
            case "end":
                return self.end, self.end, None
            case "date":
                if anchor.day is not None:
                    return anchor.day, anchor.day, None
            case "week":
                return *week_days(anchor, self.start), None
            case "live week":
                return *week_days(anchor, self.cutover(spot).day), None
            case "wave week":
                return *week_days(anchor, self._edge(spot, first=True)), None
            case "wave start" | "wave end":
                day = self._edge(spot, first=anchor.kind == "wave start")
                return day, day, None
            case "cutover" | "first cutover" | "last cutover":
                moment = self._cutover_meant(anchor, spot)
                return moment.day, moment.day, moment.at
        raise Unresolvable(f"`{anchor.kind}` has no date outside its runbook or ladder")

    # -- waves and cutovers --------------------------------------------------------------------------------------

    def window(self, wave: str) -> Stretch:
        """First and last day of a wave's window, closed days included."""
        if wave not in self._windows:
            with _Guard(self._busy, ("window", wave), f"the window of wave {wave} depends on itself"):
                spot = Spot(Scope.WAVE, wave)
                declared = self.playbook.waves.get(wave)
                if declared is None or declared.when is None:
                    raise Unresolvable(f"wave {wave} has no window")
                found = self.kept(declared.when, spot)
                self._windows[wave] = Stretch(found.begin or found.end, found.end)
        return self._windows[wave]

    def kept(self, written: DateRange, spot: Spot) -> Stretch:
        """A stretch whose edges stay where they are: windows, phases and buffers are time, not work."""
        keep = Rolling(self.start, Roll.KEEP)
        if written.end is None:
            return Stretch()
        begin = written.begin or (written.end if written.end.whole_week else None)
        first = self._moment(begin, spot, keep, opening=True) if begin else None
        return Stretch(first, self._moment(written.end, spot, keep, opening=False))

    def span(self, written: DateRange, spot: Spot) -> tuple[date, date] | None:
        """First and last day of a stretch of time, closed days included; None where it is undated."""
        found = self.kept(written, spot)
        if found.end is None:
            return None
        return (found.begin or found.end).day, found.end.day

    def _edge(self, spot: Spot, *, first: bool) -> date:
        if not spot.wave:
            raise Unresolvable("the network has no wave of its own")
        window = self.window(spot.wave)
        moment = window.begin if first else window.end
        if moment is None:
            raise Unresolvable(f"wave {spot.wave} has no window")
        return moment.day

    def cutover(self, spot: Spot) -> Moment:
        """The go-live of a location; of a wave the earliest of its locations (a promise holds for the first)."""
        if spot.location:
            return self._site_cutover(self.sites[spot.location])
        if not spot.wave:
            raise Unresolvable("the network has no cutover of its own; say `first cutover`")
        found = [self._site_cutover(site) for site in self.by_wave.get(spot.wave, [])]
        return earliest(found) or self._wave_cutover(spot.wave, self.network, spot)

    def _site_cutover(self, site: Site) -> Moment:
        if site.id not in self._cutovers:
            with _Guard(self._busy, ("cutover", site.id), "a cutover depends on itself"):
                if site.cutover is not None and site.cutover.end is not None:
                    self._cutovers[site.id] = self._go_live(site.cutover.end, site.spot, None)
                else:
                    self._cutovers[site.id] = self._wave_cutover(site.wave, site.calendar, site.spot)
        return self._cutovers[site.id]

    def _wave_cutover(self, wave: str, calendar: PlaceCalendar, spot: Spot) -> Moment:
        declared = self.playbook.waves.get(wave)
        if declared is None or declared.cutover is None or declared.cutover.end is None:
            raise Unresolvable(f"wave {wave} has no cutover")
        return self._go_live(declared.cutover.end, spot, declared.roll)

    def _go_live(self, point: Point, spot: Spot, roll: Roll | None) -> Moment:
        """A cutover never rolls by itself; without a written time it is when the place opens."""
        moment = self._moment(point, spot, Rolling(self.start, roll, never=roll is None), opening=False)
        if moment is None:
            raise Unresolvable("a cutover needs a date")
        if moment.at is not None:
            return moment
        calendar = self.calendar(spot)
        at = calendar.instant(moment.day, calendar.opens(moment.day))
        return Moment(moment.day, at, at, moment.raw, moment.base, point, spot)

    def _cutover_meant(self, anchor: Anchor, spot: Spot) -> Moment:
        if anchor.kind == "cutover":
            return self.cutover(Spot(Scope.WAVE, anchor.of_wave) if anchor.of_wave else spot)
        waves = [Spot(Scope.WAVE, wave) for wave in self.playbook.waves if not self.by_wave.get(wave)]
        found = [self._site_cutover(site) for site in self.sites.values()] + [self.cutover(wave) for wave in waves]
        moment = earliest(found) if anchor.kind == "first cutover" else latest(found)
        if moment is None:
            raise Unresolvable("there is no cutover; the playbook has no waves")
        return moment


class _Guard:
    """Marks what is being resolved, so that a circle of dates is found instead of followed."""

    def __init__(self, busy: set[object], key: object, circle: str) -> None:
        self.busy, self.key, self.circle = busy, key, circle

    def __enter__(self) -> None:
        if self.key in self.busy:
            raise Unresolvable(self.circle)
        self.busy.add(self.key)

    def __exit__(self, *_: object) -> None:
        self.busy.discard(self.key)


def first_start(playbook: Playbook, today: date) -> date:
    """The day a plan is judged from: its own start, or the next start day from `today`."""
    if playbook.start:
        return playbook.start
    words = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    wanted = words.index(playbook.calendar.start_day) if playbook.calendar.start_day in words else 0
    return today + timedelta(days=(wanted - today.weekday()) % WEEK_DAYS)
