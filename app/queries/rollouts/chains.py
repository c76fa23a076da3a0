"""The longest chain of what is shown: of one place with what exists once, or of the whole rollout wave by wave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from app.models import Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.rollouts.folded import BEGINS, seen
from app.queries.tasks.alone import of_rollout
from app.rules.people.access import Extent
from app.rules.rollouts.chain import Chain, Span, links, longest_chain
from app.rules.tasks.waiting import Spot


@dataclass(frozen=True)
class Chains:
    """The longest chain, and what every record of the plan waits for. In a rollout folded to its waves a record stands
    for all of its name inside one wave (its location is none).
    """

    longest: Chain[Spot] | None = None
    before: dict[Spot, tuple[Spot, ...]] = field(default_factory=dict)
    spans: dict[Spot, Span] = field(default_factory=dict)

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
    statement = select(col(Task.entry), wave.label("around"), func.min(BEGINS), func.max(col(Task.due)))
    statement = of_rollout(statement, rollout.id, seen(extent)).group_by(col(Task.entry), "around")
    spans = {
        Spot(entry, None, around): Span(begins, due)
        for entry, around, begins, due in session.execute(statement)
        if due is not None
    }
    return _chains(rollout, spans)


def chain_of_place(session: Session, rollout: RolloutFacts, near: Extent) -> Chains:
    """Of some locations (as a rule one), with what exists once. One query."""
    columns = (col(Task.entry), col(Task.location_id), col(Task.wave), func.max(col(Task.due)))
    begins = case((func.count() == func.count(col(Task.begins)), func.min(col(Task.begins))), else_=None)
    statement = of_rollout(select(*columns, begins), rollout.id, seen(near))
    found = session.execute(statement.group_by(col(Task.entry), col(Task.location_id), col(Task.wave)))
    spans = {
        Spot(entry, location, wave): Span(first, due) for entry, location, wave, due, first in found if due is not None
    }
    return _chains(rollout, spans)


def _chains(rollout: RolloutFacts, spans: dict[Spot, Span]) -> Chains:
    waves = {place.id: place.wave for place in rollout.locations}
    before = links(rollout.playbook.predecessors, spans, waves)
    return Chains(longest_chain(spans, before), before, spans)


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
