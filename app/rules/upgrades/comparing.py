"""Three-way comparison: what a newer version of the playbook says, what the older one said, and what a place has made
of it (format, section 6). Nothing done is undone. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.plan.change_kinds import ChangeKind
from app.plan.terms import Recurring
from app.rules.schedule.dated import Item
from app.rules.schedule.moves import Dates, dates_of, is_over, key_of_item
from app.rules.upgrades.between import Between, kind_in
from app.rules.upgrades.lines import Held, Line, Note, Outcome

_ON_THE_PAGE = frozenset({ChangeKind.PLACE})
Plain = Mapping[tuple[str, int], tuple[Dates | None, Dates | None]]
"""The dates that rows with a date set by hand would have without it, in the older and the newer version."""


@dataclass(frozen=True)
class _Place:
    """One place during its comparison."""

    location: str
    between: Between
    lost: Collection[str]
    plain: Plain
    now: datetime

    def line(self, outcome: Outcome, name: str, held: Held | None, item: Item | None, note: Note = Note.NONE) -> Line:
        kind = held.kind if held else str(item.kind) if item else ""
        _, _, wave, value = held.stored.key if held else key_of_item(item) if item else ("", "", "", "")
        return Line(
            outcome, self.location, name.rpartition(" ")[2], kind, wave, value,
            title=item.title if item else held.stored.title if held else "", held=held,
            changes=self.between.by_entry.get(name, ()), note=note, item=item,
        )  # fmt: skip


def compare_place(
    location: str,
    between: Between,
    rows: Iterable[Held],
    items: Iterable[Item],
    *,
    lost: Collection[str] = (),
    plain: Plain | None = None,
    now: datetime,
) -> list[Line]:
    """What the newer version does to every row of one place (empty: the network and the waves), and what comes anew.

    `items` are the plan of the newer version there; entries of `lost` (named as in a key) cannot be dated in it, so
    that their rows keep their dates. A row that stays as it is, and of which nothing differs, has no line.
    """
    place = _Place(location, between, lost, plain or {}, now)
    wanted = {(str(item.kind), *key_of_item(item)): item for item in items}
    found: list[Line] = []
    stood: set[str] = set()
    for held in sorted(rows, key=lambda one: one.retired):
        key = between.renamed_key(held.stored.key)
        item = wanted.pop((held.kind, *key), None)
        stood |= set() if held.retired else {key[1]}
        found.extend(_row(place, held, key[1], item))
    for item in wanted.values():
        found.extend(_new(place, item, stood))
    return found


def _row(place: _Place, held: Held, name: str, item: Item | None) -> Iterator[Line]:
    if held.retired:
        yield from _back(place, held, name, item) if item else ()
    elif place.between.removes(held):
        # What an earlier version left behind, such as a review that was held, is no news.
        if kind_in(place.between.old, held.stored.key[1]) == held.kind:
            yield place.line(Outcome.REMOVED, held.stored.key[1], held, None)
    elif item is None and name not in place.lost:
        yield from _unasked(place, held, name)
    elif held.over:
        yield from _done(place, held, name, item)
    else:
        yield from _open(place, held, name, item)


def _back(place: _Place, held: Held, name: str, item: Item) -> Iterator[Line]:
    line = place.line(Outcome.ADDED, name, held, item, Note.BACK)
    if held.over:
        yield _with(line, after=held.stored.dates)
        return
    after = dates_of(item)
    yield _with(line, after=after, asks_due=after.late_at is not None and after.late_at <= place.now)


def _unasked(place: _Place, held: Held, name: str) -> Iterator[Line]:
    """The newer version has the entry, but no longer at this place, this value or this hour."""
    recurs = _recurs(place.between, name)
    past = held.stored.dates.late_at is not None and held.stored.dates.late_at <= place.now
    if held.over:
        line = place.line(Outcome.KEPT, name, held, None, Note.NONE if recurs else Note.ELSEWHERE)
        if line.changes:
            yield line
    elif recurs and (past or held.stored.touched):
        yield from _open(place, held, name, None)
    elif recurs:
        yield place.line(Outcome.APPLIED, name, held, None, Note.REPLACED)
    else:
        yield place.line(Outcome.REMOVED, name, held, None)


def _done(place: _Place, held: Held, name: str, item: Item | None) -> Iterator[Line]:
    """Done work keeps its text, its demand and its day; on the page it moves along."""
    line = place.line(Outcome.KEPT, name, held, item)
    if line.changes:
        kinds = {change.kind for change in line.changes}
        stays = Outcome.APPLIED if kinds <= _ON_THE_PAGE else Outcome.KEPT
        yield _with(line, outcome=stays, again=line.is_task and ChangeKind.DEMAND in kinds)


def _open(place: _Place, held: Held, name: str, item: Item | None) -> Iterator[Line]:
    line = place.line(Outcome.APPLIED, name, held, item)
    if held.given and line.has(ChangeKind.WHO):
        alone = all(change.kind is ChangeKind.WHO for change in line.changes)
        line = _with(line, outcome=Outcome.KEPT if alone else Outcome.APPLIED, note=Note.GIVEN)
    stands, after = held.stored.dates, dates_of(item) if item else held.stored.dates
    if held.pinned:
        was, would = place.plain.get((str(held.stored.rows), held.stored.row), (None, None))
        if would is not None and _days(was) != _days(would) and _days(would) != _days(stands):
            yield _with(line, outcome=Outcome.CONFLICT, before=stands, after=would)
            return
        after = stands if held.stored.fixed else after
    if after != stands:
        line = _with(line, outcome=Outcome.APPLIED, before=stands, after=after)
    if line.changes or after != stands:
        yield line


def _new(place: _Place, item: Item, stood: Collection[str]) -> Iterator[Line]:
    """What comes; the times of something that recurs come from now on only."""
    name = key_of_item(item)[1]
    if is_over(item, place.now):
        return
    if name in stood and _recurs(place.between, name):
        line = place.line(Outcome.APPLIED, name, None, item, Note.REPLACED)
    else:
        line = place.line(Outcome.ADDED, name, None, item)
    after = dates_of(item)
    passed = after.late_at is not None and after.late_at <= place.now
    yield _with(line, after=after, asks_due=line.is_task and passed)


def _recurs(between: Between, name: str) -> bool:
    """Whether an entry of a key has a row each time; what does so in one of the versions only is exchanged too."""
    kind, _, entry = name.rpartition(" ")
    if kind:
        return kind in (Recurring.MEETING, Recurring.RECONCILIATION)
    was = next((old for old, new in between.renamed.items() if new == entry), entry)
    found = (between.old.entries.get(was), between.new.entries.get(entry))
    return any(getattr(one, "every", None) is not None for one in found)


def _days(dates: Dates | None) -> tuple[object, ...]:
    return () if dates is None else (dates.begins, dates.due)


def _with(line: Line, **changed: object) -> Line:
    return replace(line, **changed)  # type: ignore[arg-type]
