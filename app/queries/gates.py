"""Readiness: the roll of each location's next gate, from the tasks as they are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from app.models import ScheduledEntry
from app.plan import Playbook
from app.plan.facts import Facts, holds
from app.plan.format.gates import Criterion, Test
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.counted import Counted
from app.rules.progress import State
from app.rules.readiness import GateDay, Item, Measure, Roll, call, next_gate
from app.rules.waiting import leaves

UNMEASURED: Final[Mapping[str, str]] = {
    "training": "training is not recorded in this version",
    "issues": "issues are not recorded in this version",
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

    def meant_for(self, place: PlaceFacts) -> bool:
        return self.location == place.id or (self.location is None and self.wave in ("", place.wave))


def gate_dates(session: Session, rollout_id: int) -> list[GateDate]:
    """Every gate of a rollout with its day. One query."""
    found = session.exec(
        select(ScheduledEntry)
        .where(ScheduledEntry.rollout_id == rollout_id, ScheduledEntry.kind == "gate")
        .order_by(col(ScheduledEntry.position))
    )
    return [GateDate(row.entry, row.location_id, row.wave, row.due) for row in found]


def rolls(
    rollout: RolloutFacts, dates: Sequence[GateDate], tasks: Sequence[Counted], now: datetime
) -> dict[int, Roll | None]:
    """For each location the roll of its next gate, or None where the playbook has no gate for it."""
    items = _Items(tasks)
    inside = leaves(rollout.playbook)
    return {place.id: _roll(rollout.playbook, dates, items, inside, place, now) for place in rollout.locations}


def _roll(
    playbook: Playbook,
    dates: Sequence[GateDate],
    items: _Items,
    inside: Mapping[str, tuple[str, ...]],
    place: PlaceFacts,
    now: datetime,
) -> Roll | None:
    today = place.today(now)
    opening = place.cutover.date() if place.cutover and place.cutover > now else None
    coming = next_gate((GateDay(at.gate, at.due) for at in dates if at.meant_for(place)), today, opening)
    if coming is None:
        return None
    gate = playbook.gates[coming.gate]
    stated = Facts(place.wave, place.attributes)
    asked = {id_: one for id_, one in gate.criteria.items() if holds(one.where, stated) is not False}
    measures = [_measure(id_, criterion, items, inside, place) for id_, criterion in asked.items()]
    return call(coming.gate, gate.title, coming.due, measures, today=today)


class _Items:
    """Tasks by entry and place, so that a criterion finds its own quickly."""

    def __init__(self, tasks: Iterable[Counted]) -> None:
        self._at: dict[tuple[str, int], list[Counted]] = {}
        self._shared: dict[str, list[Counted]] = {}
        for task in tasks:
            if task.row.location_id is None:
                self._shared.setdefault(task.row.entry, []).append(task)
            else:
                self._at.setdefault((task.row.entry, task.row.location_id), []).append(task)

    def of(self, entries: Iterable[str], place: PlaceFacts) -> tuple[Item, ...]:
        """The records of some entries that count for a location: the network's, its wave's, its own."""
        return tuple(
            Item(row.id, row.entry, state, failed=row.judged == "fail" and state is not State.DONE)
            for entry in entries
            for row, state in (*self._meant(entry, place), *self._at.get((entry, place.id), ()))
        )

    def _meant(self, entry: str, place: PlaceFacts) -> list[Counted]:
        return [task for task in self._shared.get(entry, ()) if task.row.wave in ("", place.wave)]


def _measure(
    id_: str, criterion: Criterion, items: _Items, inside: Mapping[str, tuple[str, ...]], place: PlaceFacts
) -> Measure:
    measured = [_tested(test, items, inside, place) for test in (criterion.any or (criterion,))]
    one = next((each for each in measured if each.met), None) or _together(measured)
    return Measure(id_, criterion.title, criterion.critical, one.items, one.share, one.unmeasured)


@dataclass(frozen=True)
class _Tested:
    """One test of a criterion; `unmeasured` says what is missing when this version cannot measure it."""

    items: tuple[Item, ...] = ()
    share: float = 100.0
    unmeasured: str = ""

    @property
    def met(self) -> bool:
        done = sum(item.state is State.DONE for item in self.items)
        return bool(self.items) and 100 * done >= self.share * len(self.items)


def _tested(test: Test, items: _Items, inside: Mapping[str, tuple[str, ...]], place: PlaceFacts) -> _Tested:
    if test.source != "tasks":
        return _Tested(unmeasured=UNMEASURED[test.source])
    entries = dict.fromkeys(leaf for entry in test.names for leaf in inside.get(entry, ()))
    return _Tested(items.of(entries, place), _share(test))


def _together(measured: Sequence[_Tested]) -> _Tested:
    """Where one of several would do and none does yet: everything that still could."""
    if len(measured) == 1:
        return measured[0]
    items = tuple(item for each in measured for item in each.items)
    return _Tested(items, unmeasured="" if items else next((each.unmeasured for each in measured), ""))


def _share(criterion: Test) -> float:
    """The percent of a criterion's tasks that must be done; all of them unless `pass` says less."""
    passes = criterion.passes
    return 100.0 if passes is None or passes.value.number is None else float(passes.value.number)
