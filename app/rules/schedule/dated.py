"""What is dated: one item for every entry, occurrence and value at every place where it exists. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.plan.calendars import NoOpenDay, PlaceCalendar
from app.plan.format.base import Dated
from app.plan.format.tasks import Task
from app.plan.language.dates import Offset
from app.plan.language.durations import Duration
from app.plan.language.recurrence import Recurrence
from app.plan.moments import Moment, Stretch, Unresolvable, stepped
from app.plan.places import Spot
from app.plan.terms import Recurring, Scope
from app.plan.timeline import Timeline
from app.rules.schedule.explain import why
from app.rules.schedule.recurrence import Occurrence, TooOften, occurrences
from app.rules.schedule.rhythm import PARTS, Beat, rhythms

UNDATABLE = (Unresolvable, NoOpenDay, OverflowError, TooOften)
Refused = Callable[[Any, Exception], None]
Spots = Callable[[Scope], Iterable[Spot]]


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


def entry_items(timeline: Timeline, refused: Refused, spots: Spots | None = None) -> Iterator[Item]:
    """The entries of the playbook at all places, or those that `spots` gives for a scope, in file order; what cannot
    be dated goes to `refused`.
    """
    playbook = timeline.playbook
    for entry in playbook.entries.values():
        scope = getattr(entry, "scope", None) or playbook.default_scope
        for spot in (spots or timeline.spots)(scope):
            try:
                yield from _at(entry, scope, spot, timeline)
            except UNDATABLE as error:
                refused(entry, error)


def _at(entry: Dated, scope: Scope, spot: Spot, timeline: Timeline) -> Iterator[Item]:
    stretch = timeline.dated(entry, spot)
    if stretch is None:
        return
    unclear = timeline.applies(entry, spot) is None
    every = getattr(entry, "every", None)
    if every is not None:
        roll = getattr(entry, "roll", None)
        beat = Beat(entry, str(entry.kind), scope, None, every, roll)
        yield from _recurring(beat, spot, stretch, unclear, timeline)
        return
    for value in _values(entry, spot, timeline):
        yield _item(entry, str(entry.kind), scope, spot, value, stretch, unclear, timeline)


def count_items(timeline: Timeline, entries: Iterable[Dated], spots: Spots | None = None) -> int:
    """How many items some entries come to, at all places or those of `spots`; only what recurs is dated for it."""
    counted = 0
    for entry in entries:
        scope = getattr(entry, "scope", None) or timeline.playbook.default_scope
        for spot in (spots or timeline.spots)(scope):
            if getattr(entry, "every", None) is not None:
                counted += _count_recurring(entry, scope, spot, timeline)
            elif timeline.applies(entry, spot) is not False:
                counted += len(_values(entry, spot, timeline))
    return counted


def _count_recurring(entry: Dated, scope: Scope, spot: Spot, timeline: Timeline) -> int:
    try:
        return sum(1 for _ in _at(entry, scope, spot, timeline))
    except UNDATABLE:
        return 0


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


def _recurring(beat: Beat, spot: Spot, stretch: Stretch, unclear: bool, timeline: Timeline) -> Iterator[Item]:
    """One record an occurrence; a day on which the place is closed has none."""
    if beat.every is None:
        return
    first = stretch.begin.raw if stretch.begin else timeline.start
    last = stretch.end.raw if stretch.end else timeline.end
    for found in occurrences(beat.every, first, last, timeline.calendar(spot), beat.roll):
        if not found.closed:
            moment = _moment(found, beat, beat.every, spot, timeline)
            where = beat.entry, beat.kind, beat.scope, spot
            yield _item(*where, _named(found, beat), Stretch(None, moment), unclear, timeline)


def _moment(found: Occurrence, beat: Beat, every: Recurrence, spot: Spot, timeline: Timeline) -> Moment:
    calendar = timeline.calendar(spot)
    # Who meets has the rest of the day to write down that they did.
    late = calendar.day_end(found.day) if beat.kind == Recurring.MEETING or found.at is None else found.at
    if beat.grace is not None:
        late = _later(late, found.day, beat.grace, calendar)
    return Moment(found.day, found.at, late, found.meant, found.day, None, spot, every.text)


def _later(late: datetime, day: date, grace: Duration, calendar: PlaceCalendar) -> datetime:
    """So much later; days of grace end with their last day."""
    day, at = stepped((Offset(1, grace),), day, late, calendar)
    return calendar.day_end(day) if at is None else at


def _named(found: Occurrence, beat: Beat) -> str:
    """Day, and the instant where one is written: what tells one occurrence from the next.

    A day is reconciled once, at whatever hour: its record stays the same where a newer playbook names another one.
    """
    if beat.kind == Recurring.RECONCILIATION and beat.every is not None and not beat.every.elapsed:
        return found.day.isoformat()
    return found.day.isoformat() if found.at is None else found.at.strftime("%Y-%m-%dT%H:%MZ")


def rhythm_items(timeline: Timeline, refused: Refused, spots: Spots | None = None) -> Iterator[Item]:
    """Meetings, cover, reconciliation, catch-ups, rehearsals and the days of metrics."""
    for beat in rhythms(timeline.playbook):
        for spot in (spots or timeline.spots)(beat.scope):
            try:
                stretch = beat.dated(timeline, spot)
                if beat.every is None:
                    yield _item(beat.entry, beat.kind, beat.scope, spot, "", stretch, False, timeline)
                else:
                    yield from _recurring(beat, spot, stretch, False, timeline)
            except UNDATABLE as error:
                refused(beat.entry, error)
