"""Readiness: the roll of each location's next gate, from the tasks as they are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from app.models import ScheduledEntry
from app.plan import Playbook
from app.plan.facts import Facts, holds
from app.plan.format.gates import Criterion, Test
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.standing import Alike
from app.rules.rollouts.readiness import Behind, GateDay, Measure, Roll, call, next_gate
from app.rules.tasks.progress import State

UNMEASURED: Final[Mapping[str, str]] = {
    "training": "training is not recorded in this version",
    "issues": "open issues are not counted at gates in this version",
    "reconciliation": "reconciliation is not recorded in this version",
    "metric": "metrics are not recorded in this version",
    "baseline": "baselines are not recorded in this version",
    "rehearsal": "rehearsals are not recorded in this version",
    "coverage": "coverage is not recorded in this version",
    "gate": "gates are not decided in this version",
    "answer": "it is answered at the gate, which this version does not hold",
}


@dataclass(frozen=True)
class GateDate:
    """A gate at one place: at a location, for a wave, or (neither) for the network."""

    gate: str
    location: int | None
    wave: str
    due: date | None
    id: int = 0

    def meant_for(self, place: PlaceFacts) -> bool:
        return self.location == place.id or (self.location is None and self.wave in ("", place.wave))


def gate_dates(session: Session, rollout_id: int) -> list[GateDate]:
    """Every gate of a rollout with its day. One query."""
    found = session.exec(
        select(ScheduledEntry)
        .where(ScheduledEntry.rollout_id == rollout_id, ScheduledEntry.kind == "gate")
        .order_by(col(ScheduledEntry.position))
    )
    return [GateDate(row.entry, row.location_id, row.wave, row.due, row.id or 0) for row in found]


def rolls(
    rollout: RolloutFacts, dates: Sequence[GateDate], tasks: Iterable[Alike], now: datetime
) -> dict[int, Roll | None]:
    """For each location the roll of its next gate, or None where the playbook has no gate for it."""
    counts = _Counts(tasks)
    return {place.id: _roll(rollout.book_at(place.id), dates, counts, place, now) for place in rollout.locations}


def _roll(
    playbook: Playbook, dates: Sequence[GateDate], counts: _Counts, place: PlaceFacts, now: datetime
) -> Roll | None:
    inside, today = playbook.inside, place.today(now)
    opening = place.cutover.date() if place.cutover and place.cutover > now else None
    held = (at for at in dates if at.gate in playbook.gates and at.meant_for(place))
    coming = next_gate((GateDay(at.gate, at.due) for at in held), today, opening)
    if coming is None:
        return None
    gate = playbook.gates[coming.gate]
    stated = Facts(place.wave, place.attributes)
    asked = {id_: one for id_, one in gate.criteria.items() if holds(one.where, stated) is not False}
    measures = [_measure(id_, criterion, counts, inside, place) for id_, criterion in asked.items()]
    return call(coming.gate, gate.title, coming.due, measures, today=today)


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


def _measure(
    id_: str, criterion: Criterion, counts: _Counts, inside: Mapping[str, tuple[str, ...]], place: PlaceFacts
) -> Measure:
    measured = [_tested(test, counts, inside, place) for test in (criterion.any or (criterion,))]
    one = next((each for each in measured if each.met), None) or _together(measured)
    return Measure(id_, criterion.title, criterion.critical, one.behind, one.share, one.unmeasured)


@dataclass(frozen=True)
class _Tested:
    """One test of a criterion; `unmeasured` says what is missing when this version cannot measure it."""

    behind: Behind = field(default_factory=Behind)
    share: float = 100.0
    unmeasured: str = ""

    @property
    def met(self) -> bool:
        return bool(self.behind.total) and 100 * self.behind.done >= self.share * self.behind.total


def _tested(test: Test, counts: _Counts, inside: Mapping[str, tuple[str, ...]], place: PlaceFacts) -> _Tested:
    if test.source != "tasks":
        return _Tested(unmeasured=UNMEASURED[test.source])
    entries = dict.fromkeys(leaf for entry in test.names for leaf in inside.get(entry, ()))
    return _Tested(counts.of(entries.keys(), place), share_of(test))


def _together(measured: Sequence[_Tested]) -> _Tested:
    """Where one of several would do and none does yet: everything that still could."""
    if len(measured) == 1:
        return measured[0]
    behind = sum((each.behind for each in measured), Behind())
    return _Tested(behind, unmeasured="" if behind.total else next((each.unmeasured for each in measured), ""))


def share_of(criterion: Test) -> float:
    """The percent of a criterion's tasks that must be done; all of them unless `pass` says less."""
    passes = criterion.passes
    return 100.0 if passes is None or passes.value.number is None else float(passes.value.number)
