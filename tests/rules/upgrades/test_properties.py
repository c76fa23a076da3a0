"""Whatever a newer version changes and a place has made of the older one: nothing done is undone, every difference is
applied, kept or shown as a conflict, and applying twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.plan import Playbook
from app.plan.change_kinds import ChangeKind
from app.plan.places import Spot
from app.plan.terms import Scope
from app.plan.versions import DATED
from app.rules.schedule.dated import Item
from app.rules.schedule.moves import Dates, Rows, Stored, dates_of, key_of_item
from app.rules.schedule.schedule import Plan, plan_rollout, read_place
from app.rules.upgrades.between import Between
from app.rules.upgrades.comparing import Plain, compare_place
from app.rules.upgrades.lines import NEW, OURS, Held, Line, Note, Outcome
from tests.rules.upgrades.edits import BASE, SOME, Edit, edited, parsed_book, sound

START = date(2027, 1, 4)
PLACES = [
    read_place({"id": slug, "name": slug.title(), "wave": "pilot", "zone": "America/Chicago", "attributes": facts})
    for slug, facts in (("alder", {"legacy": True}), ("birch", {}))
]
SLUGS = ("", "alder", "birch")
OLD = parsed_book(BASE)
Pins = Mapping[tuple[str, Spot], tuple[date | None, date]]
Acts = Mapping[int, str]
RECURRING = ("meeting", "reconciliation", "coverage", "catch-up")


def planned(book: Playbook, pins: Pins) -> Plan:
    return plan_rollout(book, START, PLACES, pins)


def items_at(plan: Plan, slug: str) -> list[Item]:
    return [*plan.items_at(slug), *plan.recurring_at(slug)[0]]


def spot_of(held: Held, book: Playbook) -> Spot:
    place, _, wave, _ = held.stored.key
    return Spot(Scope.LOCATION, "pilot", place) if place else Spot(Scope.WAVE, wave) if wave else Spot(Scope.NETWORK)


def rows_of(plan: Plan, slug: str, now: datetime) -> list[Held]:
    """The rows as they were written, nothing recorded yet."""
    found = []
    for number, item in enumerate(items_at(plan, slug)):
        task = item.kind == "task"
        rows = Rows.TASK if task else Rows.OCCASION if item.kind in RECURRING else Rows.ENTRY
        over = not task and item.late_at is not None and item.late_at <= now
        stored = Stored(number, rows, key_of_item(item), item.title, "", dates_of(item), over, over, False)
        found.append(Held(stored, str(item.kind), version=1))
    return found


def touched_by(held: Held, act: str) -> Held:
    """What somebody does to a task of the place."""
    stored = held.stored
    if held.kind != "task":
        return held
    match act:
        case "done":
            return replace(held, stored=replace(stored, finished=True, touched=True))
        case "begun":
            return replace(held, stored=replace(stored, touched=True))
        case "given":
            return replace(held, stored=replace(stored, touched=True), given=True)
        case "pinned" if not stored.key[3]:
            days = Dates(None, START + timedelta(days=16), None, None)
            return replace(held, stored=replace(stored, touched=True, dates=days), pinned=True)
    return held


@dataclass
class World:
    """A place before and after one upgrade."""

    slug: str
    now: datetime
    between: Between
    before: Plan
    rows: list[Held]
    pins: dict[tuple[str, Spot], tuple[date | None, date]]

    def plain(self, plan: Plan) -> Plain:
        found = {}
        for held in self.rows:
            if held.pinned and not held.retired:
                entry = held.stored.key[1]
                pair = (self.before, entry), (plan, self.between.renamed.get(entry, entry))
                dates = [without(one, self.slug, name, spot_of(held, OLD)) for one, name in pair]
                found["task", held.stored.row] = (dates[0], dates[1])
        return found

    def compared(self, plan: Plan) -> list[Line]:
        lost = plan.dated_at(self.slug)[1]
        return compare_place(
            self.slug,
            self.between,
            self.rows,
            items_at(plan, self.slug),
            lost=lost,
            plain=self.plain(plan),
            now=self.now,
        )


def without(plan: Plan, slug: str, entry: str, spot: Spot) -> Dates | None:
    timeline = plan.timeline_at(slug)
    asked = timeline.playbook.entries.get(entry)
    if asked is None:
        return None
    found = timeline.stretch(getattr(asked, "due", None), spot, asked)
    begins, end = found.begin.day if found.begin else None, found.end
    return Dates(begins, end.day if end else None, end.at if end else None, end.late_at if end else None)


def world(slug: str, newest: Playbook, acts: Acts, days: int) -> World:
    now = datetime(2027, 1, 4, 18, tzinfo=UTC) + timedelta(days=days)
    rows = rows_of(planned(OLD, {}), slug, now)
    rows = [touched_by(held, acts.get(held.stored.row, "")) for held in rows]
    pins = {
        (held.stored.key[1], spot_of(held, OLD)): (held.stored.dates.begins, held.stored.dates.due or START)
        for held in rows
        if held.pinned
    }
    before = planned(OLD, pins)
    # Work that counts from what was moved by hand has moved with it.
    dated = {(str(item.kind), *key_of_item(item)): dates_of(item) for item in items_at(before, slug)}
    rows = [settled(held, dated.get((held.kind, *held.stored.key))) for held in rows]
    return World(slug, now, Between.of([OLD, newest]), before, rows, pins)


def settled(held: Held, dates: Dates | None) -> Held:
    if dates is None or held.over:
        return held
    return replace(held, stored=replace(held.stored, dates=dates))


def renamed_pins(here: World) -> Pins:
    return {(here.between.renamed.get(entry, entry), spot): days for (entry, spot), days in here.pins.items()}


def applied(here: World, lines: Sequence[Line], choice: str) -> list[Held]:
    """What the rows are after the upgrade, every conflict settled one way."""
    by_row = {line.held.stored.row: line for line in lines if line.held}
    found = []
    for held in here.rows:
        after = row_after(here, held, by_row.get(held.stored.row), choice)
        found += [after] if after else []
    for number, line in enumerate(line for line in lines if line.held is None):
        assert line.item is not None
        rows = Rows.TASK if line.is_task else Rows.OCCASION if line.kind in RECURRING else Rows.ENTRY
        over = not line.is_task and line.item.late_at is not None and line.item.late_at <= here.now
        key, dates = key_of_item(line.item), dates_of(line.item)
        found.append(Held(Stored(10_000 + number, rows, key, line.title, "", dates, over, over, False), line.kind))
    return found


def row_after(here: World, held: Held, line: Line | None, choice: str) -> Held | None:
    stored = held.stored
    key = here.between.renamed_key(stored.key)
    if line is None:
        return replace(held, stored=replace(stored, key=key))
    if line.outcome is Outcome.REMOVED:
        if line.is_task:
            return replace(held, retired=True)
        return held if held.over or stored.touched else None
    if line.note is Note.REPLACED:
        return None
    if held.over:
        return replace(held, stored=replace(stored, key=key))
    dates = stored.dates
    if line.outcome is Outcome.CONFLICT:
        dates = (line.after or dates) if choice == NEW else dates
    elif line.item is not None:
        dates = dates_of(line.item)
    pinned = held.pinned and not (line.outcome is Outcome.CONFLICT and choice == NEW)
    return replace(held, stored=replace(stored, key=key, title=line.title, dates=dates), pinned=pinned)


ACTS = st.dictionaries(st.integers(0, 60), st.sampled_from(["done", "begun", "given", "pinned"]), max_size=25)
CASE = {"edits": SOME, "acts": ACTS, "days": st.integers(0, 40), "slug": st.sampled_from(SLUGS)}
MANY = settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink])


def case(edits: list[Edit], acts: Acts, days: int, slug: str) -> tuple[World, list[Line]]:
    newest = sound(edited(BASE, edits, "1.1"))
    here = world(slug, newest, acts, days)
    return here, here.compared(planned(newest, renamed_pins(here)))


@MANY
@given(**CASE)
def test_nothing_done_is_undone(edits: list[Edit], acts: Acts, days: int, slug: str) -> None:
    here, lines = case(edits, acts, days, slug)
    after = {held.stored.row: held for held in applied(here, lines, NEW)}
    for held in here.rows:
        if held.over:
            kept = after[held.stored.row]
            assert kept.over
            assert (kept.stored.title, kept.stored.dates) == (held.stored.title, held.stored.dates)
            assert not kept.retired or here.between.removes(held)
        if held.stored.touched:
            assert held.stored.row in after


@MANY
@given(**CASE)
def test_every_difference_is_applied_kept_or_shown_as_a_conflict(
    edits: list[Edit], acts: Acts, days: int, slug: str
) -> None:
    here, lines = case(edits, acts, days, slug)
    by_row = {line.held.stored.row: line for line in lines if line.held}
    for held in here.rows:
        name = here.between.renamed_key(held.stored.key)[1]
        differs = here.between.by_entry.get(name, ())
        if here.between.removes(held):
            assert by_row[held.stored.row].outcome is Outcome.REMOVED
        elif differs:
            assert set(by_row[held.stored.row].changes) == set(differs)
    come = {
        change.entry for change in here.between.changes if change.kind is ChangeKind.ADDED and change.section in DATED
    }
    asked = {item.entry for item in items_at(planned(here.between.new, renamed_pins(here)), slug) if item.entry in come}
    shown = {line.entry for line in lines if line.outcome is Outcome.ADDED}
    assert asked <= shown | {entry for entry in come if getattr(here.between.new.entries[entry], "every", None)}


@MANY
@given(**CASE, choice=st.sampled_from([NEW, OURS]))
def test_the_second_time_nothing_changes(edits: list[Edit], acts: Acts, days: int, slug: str, choice: str) -> None:
    here, lines = case(edits, acts, days, slug)
    newest, pins = here.between.new, dict(renamed_pins(here))
    if choice == NEW:
        for line in lines:
            if line.outcome is Outcome.CONFLICT and line.held is not None:
                pins.pop((line.entry, spot_of(line.held, newest)), None)
    plan = planned(newest, pins)
    lines = here.compared(plan)
    after = applied(here, lines, choice)
    again = World(slug, here.now, Between.of([newest, newest]), plan, after, pins)
    assert again.compared(plan) == []
    assert again.between.changes == ()


@MANY
@given(**CASE)
def test_open_work_is_what_the_newer_version_says(edits: list[Edit], acts: Acts, days: int, slug: str) -> None:
    here, lines = case(edits, acts, days, slug)
    plan = planned(here.between.new, renamed_pins(here))
    after = applied(here, lines, OURS)
    wanted = {(str(item.kind), *key_of_item(item)): item for item in items_at(plan, slug)}
    for held in after:
        item = wanted.get((held.kind, *held.stored.key))
        if held.over or held.retired or item is None:
            continue
        assert held.stored.title == item.title
        assert held.pinned or held.stored.dates == dates_of(item)
    there = {(held.kind, *held.stored.key) for held in after if not held.retired}
    ahead = {key for key, item in wanted.items() if item.late_at is None or item.late_at > here.now}
    assert ahead <= there
