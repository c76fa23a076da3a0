"""Readiness: the roll of each location's next gate, from tasks as they are counted and whatever else it asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from datetime import datetime

from sqlmodel import Session

from app.plan.facts import Facts, holds
from app.plan.format.gates import Test
from app.queries.gates.dates import GateDate
from app.queries.gates.held import NOT_HELD, Held, held_gates
from app.queries.gates.sources import Asked, Sources, sources_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.standing import Alike
from app.rules.gates.handover import last_gate
from app.rules.gates.needed import tests_of
from app.rules.rollouts.criteria import Behind, Found, either, of_tasks
from app.rules.rollouts.readiness import GateDay, Measure, Roll, call, next_gate
from app.rules.tasks.progress import State


def rolls(
    session: Session,
    rollout: RolloutFacts,
    dates: Sequence[GateDate],
    tasks: Iterable[Alike],
    now: datetime,
    held: Held | None = None,
) -> dict[int, Roll | None]:
    """For each location the roll of its next gate, or None where the playbook has no gate for it. What was recorded of
    gates is read where it is not given.
    """
    counts, held = Counts(tasks), held_gates(session, rollout.id, now) if held is None else held
    found = {place.id: _next(rollout, dates, held, place, now) for place in rollout.locations}
    sources = sources_of(session, rollout, [one for one in found.values() if one], dates, held, now)
    return {place: _roll(one, counts, sources, now) if one else None for place, one in found.items()}


def _next(
    rollout: RolloutFacts, dates: Sequence[GateDate], held: Held, place: PlaceFacts, now: datetime
) -> Asked | None:
    """The gate that a location comes to next, asked of that location alone."""
    playbook, today = rollout.book_at(place.id), place.today(now)
    opening = place.cutover.date() if place.cutover and place.cutover > now else None
    known = [(at, held.get(at.id, NOT_HELD)) for at in dates if at.gate in playbook.gates and at.meant_for(place)]
    decided = {at.gate for at, one in known if one.goes_on}
    days = (GateDay(at.gate, at.due, fallen=one.fallen) for at, one in known)
    coming = next_gate(days, today, opening, decided)
    if coming is None:
        return None
    return asked_at(rollout, next(at for at, _ in known if at.gate == coming.gate), (place,))


def handed_over_at(rollout: RolloutFacts, dates: Iterable[GateDate], held: Held) -> dict[int, datetime]:
    """When each location that left its first weeks was handed over."""
    own: dict[int | None, list[GateDate]] = {}
    for at in dates:
        own.setdefault(at.location, []).append(at)
    found = {}
    for place in rollout.locations:
        gates = rollout.book_at(place.id).gates
        days = [(at, at.due) for at in own.get(place.id, ()) if at.gate in gates]
        last = last_gate(days, place.cutover.date() if place.cutover else None)
        one = held.get(last.id, NOT_HELD) if last else NOT_HELD
        if one.goes_on and one.decided_at is not None:
            found[place.id] = one.decided_at
    return found


def asked_at(rollout: RolloutFacts, at: GateDate, places: Sequence[PlaceFacts]) -> Asked:
    """A gate with the criteria that hold at one of some locations. Raises KeyError for one the playbook has not."""
    gate = rollout.book_at(places[0].id if len(places) == 1 else None).gates[at.gate]
    stated = [Facts(place.wave, place.attributes) for place in places] or [Facts(at.wave)]
    asked = {
        id_: one for id_, one in gate.criteria.items() if any(holds(one.where, facts) is not False for facts in stated)
    }
    return Asked(at, gate.title, asked, tuple(places))


def measured(asked: Asked, counts: Counts, sources: Sources) -> dict[str, Found]:
    """What is found behind each criterion of a gate, by its id."""
    rollout = sources.rollout
    inside = rollout.book_at(asked.places[0].id if len(asked.places) == 1 else None).inside

    def found(name: str, test: Test) -> Found:
        if test.source != "tasks":
            return sources.found(asked, name, test)
        entries = dict.fromkeys(leaf for entry in test.names for leaf in inside.get(entry, ()))
        return of_tasks(counts.of(entries.keys(), asked.places), test.passes)

    return {id_: either([found(*test) for test in tests_of(one)]) for id_, one in asked.criteria.items()}


def _roll(asked: Asked, counts: Counts, sources: Sources, now: datetime) -> Roll:
    waived = sources.held.get(asked.at.id, NOT_HELD).waived
    found = measured(asked, counts, sources)
    measures = [
        Measure(id_, one.title, one.critical, found[id_], waived=id_ in waived) for id_, one in asked.criteria.items()
    ]
    return call(asked.at.gate, asked.title, asked.at.due, measures, today=asked.places[0].today(now), dated=asked.at.id)


Kinds = dict[tuple[State, bool], Counter[str]]


class Counts:
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

    def of(self, entries: Set[str], places: Sequence[PlaceFacts]) -> Behind:
        """The tasks of some entries that count for some locations: the network's, their waves', their own."""
        states: Counter[State] = Counter()
        failed = 0
        waves = {"", *(place.wave for place in places)}
        here = (*(self._shared.get(wave, {}) for wave in waves), *(self._at.get(place.id, {}) for place in places))
        for kinds in here:
            for (state, fails), counted in kinds.items():
                number = sum(map(counted.__getitem__, counted.keys() & entries))
                states[state] += number
                failed += number if fails else 0
        return Behind(states, failed, tuple(entries))
