"""What links mean in single steps, and who waits for whom when some of the steps are left out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.plan.format.runbooks import StepGroup
from app.plan.format.when import Link
from app.plan.inherit import everything
from app.plan.minutes import NO_TIME, length, meant
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.steps import Before, RunStep

Waits = dict[tuple[str, bool], timedelta]
"""Steps that are waited for (True: for their beginning), each once, with the longest lag."""


class Links:
    """Links of one way, forward or back. Those to entries of the playbook, or to another wave, hold no step up.

    A link to a group means every single step inside, and what the group itself may only finish after. `start of` a
    group means the beginning of its first step in the file that is part of this run: a group has begun when the first
    of it has, and in a sequence nothing inside can begin before that one.
    """

    def __init__(self, items: Mapping[str, Any] | None, left_out: Collection[str]) -> None:
        self._inside = meant(items)
        self._groups = {item.id: item for item in everything(items) if isinstance(item, StepGroup)}
        self._left_out = left_out
        self._finishes: dict[str, Waits] = {}

    def before(self, step: str, links: Iterable[Link]) -> tuple[Before, ...]:
        """What a step waits for; the first one of a group does not wait for the group to begin. Raises `ValueError`
        for groups that wait for each other.
        """
        return tuple(one for one in _listed(self._waits(links, frozenset())) if one.step != step or not one.start)

    def _waits(self, links: Iterable[Link], busy: frozenset[str]) -> Waits:
        found: Waits = {}
        for link in links:
            if link.entry in self._inside and not link.previous and not link.of_wave:
                waits = self._start(link.entry) if link.start_of else self._finish(link.entry, busy)
                _merge(found, waits, length(link.lag))
        return found

    def _start(self, name: str) -> Waits:
        inside = self._inside[name]
        first = next((one for one in inside if one not in self._left_out), inside[0] if inside else "")
        return {(first, True): NO_TIME} if first else {}

    def _finish(self, name: str, busy: frozenset[str]) -> Waits:
        if name not in self._finishes:
            if name in busy:
                raise ValueError(f"steps wait for each other: {name}")
            found: Waits = {(one, False): NO_TIME for one in self._inside[name]}
            if name in self._groups:
                for item in everything({name: self._groups[name]}):
                    if item.id in self._groups:
                        _merge(found, self._waits(item.done_after, busy | {name}), NO_TIME)
            self._finishes[name] = found
        return self._finishes[name]


def spliced(steps: Sequence[RunStep], left_out: Collection[str]) -> tuple[RunStep, ...]:
    """The steps without those left out, numbered anew: whoever waited for one of these waits for what it waited for,
    lags added up, so that the order stays. Raises `ValueError` for a circle.
    """
    kept = sorted(_Splice(Graph(steps), left_out).kept(), key=lambda step: step.number)
    return tuple(replace(step, number=number) for number, step in enumerate(kept, start=1))


class _Splice:
    """What the beginnings and ends of steps wait for, none of it left out, found in the order of the graph."""

    def __init__(self, graph: Graph, left_out: Collection[str]) -> None:
        self._graph = graph
        self._left_out = left_out
        self._begins: dict[str, Waits] = {}
        self._ends: dict[str, Waits] = {}

    def kept(self) -> Iterator[RunStep]:
        for event in self._graph.order:
            step = self._graph.steps[event // 2]
            if event % 2 == 0:
                self._begins[step.id] = self._resolved(step.after)
                continue
            begins, ends = self._begins[step.id], self._resolved(step.done_after)
            if step.id in self._left_out:
                _merge(ends, begins, NO_TIME)
                self._ends[step.id] = ends
            else:
                yield replace(step, after=self._in_order(begins), done_after=self._in_order(ends))

    def _resolved(self, links: Iterable[Before]) -> Waits:
        found: Waits = {}
        for one in links:
            own: Waits = {(one.step, one.start): NO_TIME}
            known = self._begins if one.start else self._ends
            _merge(found, known[one.step] if one.step in self._left_out else own, one.lag)
        return found

    def _in_order(self, waits: Waits) -> tuple[Before, ...]:
        return tuple(sorted(_listed(waits), key=lambda one: self._graph.place[one.step]))


def _merge(into: Waits, more: Waits, lag: timedelta) -> None:
    for key, own in more.items():
        into[key] = max(into.get(key, NO_TIME), own + lag)


def _listed(waits: Waits) -> tuple[Before, ...]:
    return tuple(Before(step, start, lag) for (step, start), lag in waits.items())
