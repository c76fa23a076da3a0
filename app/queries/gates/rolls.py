"""Readiness: the roll of each location's next gate, from tasks as they are counted and whatever else it asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.plan.facts import Facts, holds
from app.plan.format.gates import Criterion, Test
from app.queries.gates.dates import GateDate
from app.queries.gates.sources import Sources, sources_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.standing import Alike
from app.rules.rollouts.criteria import Behind, Found, either, of_tasks
from app.rules.rollouts.readiness import GateDay, Measure, Roll, call, next_gate
from app.rules.tasks.progress import State


@dataclass(frozen=True)
class _Asked:
    """The next gate of a location, and the criteria that hold there."""

    place: PlaceFacts
    gate: str
    title: str
    due: date | None
    criteria: Mapping[str, Criterion]

    @property
    def tests(self) -> Iterable[Test]:
        return (test for one in self.criteria.values() for test in tests_of(one))


def rolls(
    session: Session, rollout: RolloutFacts, dates: Sequence[GateDate], tasks: Iterable[Alike], now: datetime
) -> dict[int, Roll | None]:
    """For each location the roll of its next gate, or None where the playbook has no gate for it."""
    counts = _Counts(tasks)
    found = {place.id: _asked(rollout, dates, place, now) for place in rollout.locations}
    tests = [(one.place, test) for one in found.values() if one for test in one.tests if test.source != "tasks"]
    sources = sources_of(session, rollout, tests, now)
    return {place: _roll(rollout, one, counts, sources, now) if one else None for place, one in found.items()}


def tests_of(criterion: Criterion) -> Sequence[Test]:
    """What it asks for: one of several where it names alternatives."""
    return criterion.any or (criterion,)


def _asked(rollout: RolloutFacts, dates: Sequence[GateDate], place: PlaceFacts, now: datetime) -> _Asked | None:
    playbook, today = rollout.book_at(place.id), place.today(now)
    opening = place.cutover.date() if place.cutover and place.cutover > now else None
    held = (at for at in dates if at.gate in playbook.gates and at.meant_for(place))
    coming = next_gate((GateDay(at.gate, at.due) for at in held), today, opening)
    if coming is None:
        return None
    gate = playbook.gates[coming.gate]
    stated = Facts(place.wave, place.attributes)
    asked = {id_: one for id_, one in gate.criteria.items() if holds(one.where, stated) is not False}
    return _Asked(place, coming.gate, gate.title, coming.due, asked)


def _roll(rollout: RolloutFacts, asked: _Asked, counts: _Counts, sources: Sources, now: datetime) -> Roll:
    place = asked.place
    inside = rollout.book_at(place.id).inside

    def found(test: Test) -> Found:
        if test.source != "tasks":
            return sources.found(test, place)
        entries = dict.fromkeys(leaf for entry in test.names for leaf in inside.get(entry, ()))
        return of_tasks(counts.of(entries.keys(), place), test.passes)

    measures = [
        Measure(id_, one.title, one.critical, either([found(test) for test in tests_of(one)]))
        for id_, one in asked.criteria.items()
    ]
    return call(asked.gate, asked.title, asked.due, measures, today=place.today(now))


Kinds = dict[tuple[State, bool], Counter[str]]


class _Counts:
    """How many tasks of each entry stand how at each place, so that a criterion finds its own quickly."""

    def __init__(self, tasks: Iterable[Alike]) -> None:
        self._at: dict[int, Kinds] = {}
        self._shared: dict[str, Kinds] = {}
        for group in tasks:
            if group.location_id is None:
                here = self._shared.setdefault(group.wave, {})
            else:
                here = self._at.setdefault(group.location_id, {})
            here.setdefault((group.state, group.failed), Counter()).update(group.entries)

    def of(self, entries: Set[str], place: PlaceFacts) -> Behind:
        """The tasks of some entries that count for a location: the network's, its wave's, its own."""
        states: Counter[State] = Counter()
        failed = 0
        for kinds in (*(self._shared.get(wave, {}) for wave in {"", place.wave}), self._at.get(place.id, {})):
            for (state, fails), counted in kinds.items():
                number = sum(map(counted.__getitem__, counted.keys() & entries))
                states[state] += number
                failed += number if fails else 0
        return Behind(states, failed, tuple(entries))
