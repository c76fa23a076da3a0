"""Who is there: duties less the leaves of those who have them, beside the slots that want somebody. Pure.

Somebody on leave is absent from their duty, unless the leave names a cover: then the cover is there in their place,
as the cover does everything that is assigned to the absent one. Coverage is counted in time: the seconds for which
people are there, at most as many at once as are wanted, of the seconds for which they are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from app.rules.people.responsibility import Away
from app.rules.presence.crew import Crew
from app.rules.presence.slots import Slot

Counts = Callable[[int], bool]
"""Whether somebody counts: where only who was trained does."""


@dataclass(frozen=True, slots=True)
class Held:
    """One standing duty. `on_call`: of a cover that asks for the whole day."""

    id: int
    occasion: int
    entry: str
    location: int | None
    person: int
    from_at: datetime
    until_at: datetime
    on_call: bool
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class There:
    """Somebody who is there for a duty: whose it is, or who covers for them during a leave."""

    held: Held
    person: int
    from_at: datetime
    until_at: datetime
    leave: Away | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """From one instant to another fewer people are there than wanted: `missing` are so many. `absent` are the duties
    of those who are on leave then.
    """

    slot: Slot
    from_at: datetime
    until_at: datetime
    missing: int
    absent: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Covered:
    """Seconds of presence: as they are wanted, and as they are filled."""

    wanted: int = 0
    filled: int = 0

    def __add__(self, other: Covered) -> Covered:
        return Covered(self.wanted + other.wanted, self.filled + other.filled)

    @property
    def percent(self) -> float | None:
        """0 to 100; None where nobody is wanted."""
        return self.filled * 100 / self.wanted if self.wanted else None

    @property
    def shown(self) -> int | None:
        """In whole percent, rounded down: 100 is said of what is whole only."""
        return self.filled * 100 // self.wanted if self.wanted else None


def attendance(held: Iterable[Held], crew: Crew) -> list[There]:
    """Who is there for each duty, and when."""
    return [there for one in held for there in _of(one, crew)]


def _of(held: Held, crew: Crew) -> Iterator[There]:
    at = held.from_at
    for leave in crew.leaves(held.person):
        begins, ends = max(leave.from_at, at), min(leave.until_at, held.until_at)
        if begins >= ends:
            continue
        if at < begins:
            yield There(held, held.person, at, begins)
        if leave.cover is not None:
            yield from _covering(held, leave, begins, ends, crew)
        at = ends
    if at < held.until_at:
        yield There(held, held.person, at, held.until_at)


def _covering(held: Held, leave: Away, begins: datetime, ends: datetime, crew: Crew) -> Iterator[There]:
    """The cover, as far as the cover is not away too: the cover's own cover does not step in."""
    person = leave.cover or 0
    for own in crew.leaves(person):
        if own.from_at < ends and begins < own.until_at:
            if begins < own.from_at:
                yield There(held, person, begins, own.from_at, leave)
            begins = own.until_at
    if begins < ends:
        yield There(held, person, begins, ends, leave)


def covered(slots: Iterable[Slot], there: Sequence[There], counts: Counts = lambda _: True) -> Covered:
    """How much of some slots of one cover is filled by those who are there for it."""
    whole = Covered()
    for slot in slots:
        parts = _parts(slot, [one for one in there if counts(one.person)])
        filled = sum(min(len(people), slot.people) * int((ends - at).total_seconds()) for at, ends, people in parts)
        whole += Covered(slot.people * slot.seconds, filled)
    return whole


def gaps(
    slots: Iterable[Slot], held: Sequence[Held], there: Sequence[There], crew: Crew, counts: Counts = lambda _: True
) -> Iterator[Gap]:
    """The parts of slots in which fewer people are there than wanted, in order of time."""
    for slot in slots:
        for at, ends, people in _parts(slot, [one for one in there if counts(one.person)]):
            if len(people) < slot.people:
                absent = tuple(
                    one
                    for one in held
                    if one.from_at < ends and at < one.until_at and crew.away(one.person, at, ends) is not None
                )
                yield Gap(slot, at, ends, slot.people - len(people), absent)


def _parts(slot: Slot, there: Sequence[There]) -> list[tuple[datetime, datetime, set[int]]]:
    """A slot cut where somebody comes or goes, neighbours with the same number of people joined."""
    near = [one for one in there if one.from_at < slot.until_at and slot.from_at < one.until_at]
    edges = {slot.from_at, slot.until_at}
    edges |= {at for one in near for at in (one.from_at, one.until_at) if slot.from_at < at < slot.until_at}
    at, found = sorted(edges), list[tuple[datetime, datetime, set[int]]]()
    for begins, ends in pairwise(at):
        people = {one.person for one in near if one.from_at <= begins and ends <= one.until_at}
        if found and len(found[-1][2]) == len(people):
            found[-1] = (found[-1][0], ends, people)
        else:
            found.append((begins, ends, people))
    return found


def outside(held: Iterable[Held], slots: Mapping[int, Sequence[Slot]]) -> list[Held]:
    """The duties that lie in no slot of their cover any more, since its dates moved. `slots` by occasion."""
    return [
        one
        for one in held
        if not any(one.from_at < slot.until_at and slot.from_at < one.until_at for slot in slots.get(one.occasion, ()))
    ]
