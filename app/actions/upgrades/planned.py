"""The plans of one upgrade, before and after, and the rows of the chosen places beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.actions.loading import key_of
from app.actions.schedule.planning import Change, plan_of
from app.actions.upgrades.preview import PlaceUpgrade
from app.actions.upgrades.standing import held_rows
from app.actions.upgrades.targets import Target, version_at
from app.models import Rollout
from app.plan.places import Spot
from app.plan.terms import Recurring, Scope
from app.rules.schedule.moves import Dates, Rows, dates_of, key_of_item, named
from app.rules.schedule.schedule import Plan
from app.rules.upgrades.between import Between
from app.rules.upgrades.comparing import compare_place
from app.rules.upgrades.lines import CUTOVER, Held, Line, Outcome


class Planned:
    """The plans of one upgrade, and the rows that are compared with them."""

    def __init__(self, session: Session, rollout: Rollout, target: Target, now: datetime) -> None:
        self.session, self.rollout, self.target, self.now = session, rollout, target, now
        self._plans: dict[str, Plan] = {}
        self.before = plan_of(session, rollout)
        keys = {slug: key_of(row) if row else None for slug, row in target.chosen.items()}
        self.held = held_rows(session, rollout, keys, now)
        versions = dict.fromkeys(target.chosen, key_of(target.row))
        change = Change(versions=versions, pins=dict(self._renamed_pins()))
        self.fixed = dict(self._happened(self.plan(change)))
        self.change = replace(change, cutovers=self.fixed)
        self.own_cutovers = dict(self._own_cutovers())

    def plan(self, change: Change) -> Plan:
        """The plan as it would be."""
        if str(change) not in self._plans:
            self._plans[str(change)] = plan_of(self.session, self.rollout, change)
        return self._plans[str(change)]

    def between(self, slug: str) -> Between:
        return self.target.between[version_at(self.rollout, self.target.chosen[slug])]

    def spot(self, slug: str, held: Held) -> Spot:
        place = self.target.chosen[slug]
        if place is not None:
            return Spot(Scope.LOCATION, place.wave, slug)
        wave = held.stored.key[2]
        return Spot(Scope.WAVE, wave) if wave else Spot(Scope.NETWORK)

    def _pinned(self) -> Iterator[tuple[str, Held]]:
        for slug, rows in self.held.items():
            yield from ((slug, held) for held in rows if held.pinned and not held.retired)

    def _renamed_pins(self) -> Iterator[tuple[tuple[str, Spot], tuple[date | None, date] | None]]:
        """Dates by hand go with their entry where it gets another id."""
        for slug, held in self._pinned():
            entry, dates = held.stored.key[1], held.stored.dates
            new = self.between(slug).renamed.get(entry)
            if new and not held.stored.key[3] and dates.due is not None:
                yield (new, self.spot(slug, held)), (dates.begins, dates.due)
                yield (entry, self.spot(slug, held)), None

    def _happened(self, after: Plan) -> Iterator[tuple[str, str]]:
        """Cutovers that have happened stay where they were, though the newer version may say another day."""
        for slug, place in self.target.chosen.items():
            at = self.before.cutovers.get(slug)
            if place and place.cutover is None and at and at <= self.now and after.cutovers.get(slug) != at:
                yield slug, f"{at.astimezone(ZoneInfo(place.zone)):%Y-%m-%d %H:%M}"

    def _own_cutovers(self) -> Iterator[tuple[str, Line]]:
        """The conflicts of locations with a cutover of their own, where the newer version moves that of the wave."""
        own = [slug for slug, place in self.target.chosen.items() if place and place.cutover]
        ahead = {slug: at for slug in own if (at := self.before.cutovers.get(slug)) and at > self.now}
        if not ahead:
            return
        without = dict.fromkeys(ahead)
        was = plan_of(self.session, self.rollout, Change(cutovers=without))
        would = self.plan(replace(self.change, cutovers={**self.change.cutovers, **without}))
        for slug, at in ahead.items():
            new = would.cutovers.get(slug)
            if new and new != was.cutovers.get(slug) and new != at:
                title = f"Cutover of {self.before.timeline.sites[slug].name}"
                ours, theirs = (Dates(None, moment.date(), moment, moment) for moment in (at, new))
                line = Line(Outcome.CONFLICT, slug, CUTOVER, CUTOVER, "", "", title, before=ours, after=theirs)
                yield slug, line

    def compared(self, change: Change) -> dict[str, tuple[Line, ...]]:
        """The lines of every chosen place."""
        return {slug: (*self._cutover(slug), *self._lines(slug, self.plan(change))) for slug in self.target.chosen}

    def _cutover(self, slug: str) -> tuple[Line, ...]:
        return (self.own_cutovers[slug],) if slug in self.own_cutovers else ()

    def _lines(self, slug: str, after: Plan) -> list[Line]:
        items, lost = after.dated_at(slug)
        recurring, undated = after.recurring_at(slug)
        without = {*lost, *(named(entry, kind) for entry in undated for kind in Recurring)}
        plain = dict(self._plain(slug, after))
        return compare_place(
            slug, self.between(slug), self.held[slug], (*items, *recurring), lost=without, plain=plain, now=self.now
        )

    def _plain(self, slug: str, after: Plan) -> Iterator[tuple[tuple[str, int], tuple[Dates | None, Dates | None]]]:
        """The dates that what was moved by hand would have by either version."""
        pinned = [held for at, held in self._pinned() if at == slug]
        single = {held.stored.row: held for held in pinned if held.stored.key[3]}
        old = _by_key(self.before, slug) if single else {}
        new = _by_key(after, slug) if single else {}
        for held in pinned:
            key, between = held.stored.key, self.between(slug)
            if key[3]:
                dates = old.get(key), new.get(between.renamed_key(key))
            else:
                spot, entry = self.spot(slug, held), between.renamed.get(key[1], key[1])
                dates = _unpinned(self.before, slug, key[1], spot), _unpinned(after, slug, entry, spot)
            yield (str(Rows.TASK), held.stored.row), dates

    def place(self, slug: str, lines: Sequence[Line]) -> PlaceUpgrade:
        row = self.target.chosen[slug]
        from_id = version_at(self.rollout, row)
        zone = row.zone if row else self.before.timeline.network.zone.key
        return PlaceUpgrade(
            slug, key_of(row) if row else None, row.name if row else "", from_id, self.target.numbers[from_id],
            self.between(slug), tuple(self.held[slug]), tuple(lines), self.now.astimezone(ZoneInfo(zone)).date(),
        )  # fmt: skip


def _by_key(plan: Plan, slug: str) -> dict[tuple[str, str, str, str], Dates]:
    return {key_of_item(item): dates_of(item) for item in plan.items_at(slug)}


def _unpinned(plan: Plan, slug: str, entry: str, spot: Spot) -> Dates | None:
    """The dates of an entry as the playbook writes them, whatever was set by hand for it; None where there are none."""
    timeline = plan.timeline_at(slug)
    asked = timeline.playbook.entries.get(entry)
    try:
        found = timeline.stretch(getattr(asked, "due", None), spot, asked) if asked else None
    except (ValueError, OverflowError, ArithmeticError):
        return None
    if found is None:
        return None
    begin, end = found.begin, found.end
    return Dates(begin.day if begin else None, *((end.day, end.at, end.late_at) if end else (None, None, None)))
