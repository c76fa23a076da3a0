"""Cover on go-live day: who is trained and on the roster, per role and shift, and whether helpers are enough. Pure.

Trained alone is not cover, and neither is a full roster of people who were not trained.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from app.plan.format.rhythm import Coverage


@dataclass(frozen=True)
class Worker:
    """Somebody of the staff as cover asks for them: `roles` are the role that they work in and those that their account
    holds there.
    """

    id: int
    roles: frozenset[str]


@dataclass(frozen=True)
class Cell:
    """One role in one shift: those on the roster, and of them those who are not trained (keys)."""

    role: str
    shift: str
    rostered: tuple[int, ...]
    untrained: tuple[int, ...]

    @property
    def covered(self) -> int:
        return len(self.rostered) - len(self.untrained)


@dataclass(frozen=True)
class Helpers:
    """One entry of cover in one shift: `needed` helpers for `people`, those on the roster who are trained for it
    (`there`), and those who would be helpers but are not trained.
    """

    entry: str
    title: str
    shift: str
    people: int
    needed: int
    there: tuple[int, ...]
    untrained: tuple[int, ...]

    @property
    def short(self) -> int:
        return max(0, self.needed - len(self.there))


Roster = Mapping[str, Collection[int]]
"""The keys of those who work, by shift."""
Passed = Mapping[int, Collection[str]]
"""The trainings that somebody has passed, by key; somebody without any is left out."""


def cells(
    workers: Sequence[Worker], roster: Roster, asked: Mapping[str, Collection[str]], passed: Passed
) -> list[Cell]:
    """Every role that is trained for and works, by shift. `asked` are the trainings of each role."""
    found = []
    for shift in roster:
        for role, trainings in asked.items():
            here = tuple(one.id for one in workers if role in one.roles and one.id in roster[shift])
            if here:
                untrained = tuple(one for one in here if not _trained(one, trainings, passed))
                found.append(Cell(role, shift, here, untrained))
    return found


def _trained(worker: int, trainings: Collection[str], passed: Passed) -> bool:
    known = passed.get(worker, ())
    return all(training in known for training in trainings)


def helpers(
    entries: Iterable[Coverage],
    workers: Sequence[Worker],
    roster: Roster,
    asked: Mapping[str, Collection[str]],
    passed: Passed,
) -> Iterator[Helpers]:
    """Every entry with a ratio, in every shift in which somebody works for whom it counts."""
    for entry in entries:
        if entry.ratio is None:
            continue
        for shift, working in roster.items():
            here = [one for one in workers if one.id in working]
            found = _in_shift(entry, entry.ratio, shift, here, asked, passed)
            if found.people:
                yield found


def _in_shift(
    entry: Coverage,
    ratio: tuple[int, int],
    shift: str,
    here: Sequence[Worker],
    asked: Mapping[str, Collection[str]],
    passed: Passed,
) -> Helpers:
    roles = set(entry.owner.roles if entry.owner else ())
    served = set(entry.audience)
    mine = [one for one in here if one.roles & roles]
    people = [one for one in here if (one.roles & served if served else not one.roles & roles)]
    ready = [one.id for one in mine if _trained(one.id, _wanted(entry, one, asked), passed)]
    return Helpers(
        entry=entry.id,
        title=entry.title,
        shift=shift,
        people=len(people),
        needed=ceil(len(people) * ratio[0] / ratio[1]),
        there=tuple(ready),
        untrained=tuple(one.id for one in mine if one.id not in ready),
    )


def _wanted(entry: Coverage, worker: Worker, asked: Mapping[str, Collection[str]]) -> Collection[str]:
    """What a helper must have passed: nothing, the trainings that the entry names, or all those of their roles."""
    if isinstance(entry.trained, tuple):
        return entry.trained
    if not entry.trained:
        return ()
    return {training for role in worker.roles for training in asked.get(role, ())}


def percent(cells: Iterable[Cell], helpers: Iterable[Helpers]) -> float | None:
    """How much of what is asked for is there, in percent; None where nobody is on the roster yet."""
    found, aid = list(cells), list(helpers)
    wanted = sum(len(one.rostered) for one in found) + sum(one.needed for one in aid)
    there = sum(one.covered for one in found) + sum(one.needed - one.short for one in aid)
    return 100 * there / wanted if wanted else None
