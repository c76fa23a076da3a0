"""The longest chain of what is shown: of one place with what exists once, or of the whole rollout wave by wave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from app.models import Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.rollouts.folded import BEGINS, seen
from app.queries.tasks.alone import is_open, of_rollout, with_what_was_said
from app.rules.people.access import Extent
from app.rules.rollouts.chain import Chain, Span, links, longest_chain
from app.rules.tasks.waiting import Spot

LEFT: Final = func.count(case((is_open(), 1)))


@dataclass(frozen=True)
class Chains:
    """The longest chain, and what every record of the plan waits for. In a rollout folded to its waves a record stands
    for all of its name inside one wave (its location is none). `unfinished` holds those of which any is still to do.
    """

    longest: Chain[Spot] | None = None
    before: dict[Spot, tuple[Spot, ...]] = field(default_factory=dict)
    unfinished: frozenset[Spot] = frozenset()
    spans: dict[Spot, Span] = field(default_factory=dict)

    @property
    def waits_for(self) -> Spot | None:
        """The first work of the longest chain that is not done; None where all of it is."""
        return next((spot for spot in self.longest.work if spot in self.unfinished), None) if self.longest else None

    @cached_property
    def linked(self) -> frozenset[Spot]:
        """The records that wait for something, or are waited for."""
        return frozenset(self.before).union(*self.before.values())


def chain_of_waves(session: Session, rollout: RolloutFacts, extent: Extent) -> Chains:
    """Of the whole rollout: what several locations of a wave do is one piece of work, from the first begin to the last
    due day. One query; its rows grow with the entries of the playbook and the waves, not with the locations.
    """
    waves: dict[str, list[int]] = {}
    for place in rollout.locations:
        waves.setdefault(place.wave, []).append(place.id)
    inside = [(col(Task.location_id).in_(ids), wave) for wave, ids in waves.items()]
    wave = case(*inside, else_=col(Task.wave)) if inside else col(Task.wave)
    columns = (col(Task.entry), wave.label("around"), func.min(BEGINS), func.max(col(Task.due)), LEFT)
    statement = of_rollout(with_what_was_said(select(*columns)), rollout.id, seen(extent))
    found = {
        Spot(entry, None, around): (Span(begins, due), left)
        for entry, around, begins, due, left in session.execute(statement.group_by(col(Task.entry), "around"))
        if due is not None
    }
    return _chains(rollout, found)


def chain_of_place(session: Session, rollout: RolloutFacts, near: Extent) -> Chains:
    """Of some locations (as a rule one), with what exists once. One query."""
    columns = (col(Task.entry), col(Task.location_id), col(Task.wave), func.max(col(Task.due)), LEFT)
    begins = case((func.count() == func.count(col(Task.begins)), func.min(col(Task.begins))), else_=None)
    statement = of_rollout(with_what_was_said(select(*columns, begins)), rollout.id, seen(near))
    rows = session.execute(statement.group_by(col(Task.entry), col(Task.location_id), col(Task.wave)))
    found = {
        Spot(entry, location, wave): (Span(first, due), left)
        for entry, location, wave, due, left, first in rows
        if due is not None
    }
    return _chains(rollout, found)


def _chains(rollout: RolloutFacts, found: Mapping[Spot, tuple[Span, int]]) -> Chains:
    """Of every record its days, and how many of its tasks are not done."""
    waves = {place.id: place.wave for place in rollout.locations}
    spans = {spot: span for spot, (span, _) in found.items()}
    before = links(rollout.playbook.predecessors, spans, waves)
    unfinished = frozenset(spot for spot, (_, left) in found.items() if left)
    return Chains(longest_chain(spans, before), before, unfinished, spans)


def stretches(chains: Chains, wave: str) -> Iterator[tuple[date, date]]:
    """The days on which the longest chain works inside a wave (empty: in what exists once for the network)."""
    longest = chains.longest
    previous: date | None = None
    for spot in longest.work if longest else ():
        span = chains.spans[spot]
        begins = span.begins or span.due
        first = max(begins, previous) if previous else begins
        if spot.wave == wave and first <= span.due:
            yield first, span.due
        previous = span.due
