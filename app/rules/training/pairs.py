"""Buddies: who sits beside whom, and what is wrong with it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Pair:
    """Somebody of the staff (`newcomer`) has a `buddy` from the day `first` to the day `last`."""

    newcomer: int
    buddy: int
    first: date
    last: date

    def meets(self, first: date, last: date) -> bool:
        """Whether both stretches have a day in common."""
        return self.first <= last and first <= self.last


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a pair: on how many of its days the buddy is `away`, and who `else` has the same one then."""

    away: int = 0
    shared: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.away or self.shared)


Away = Mapping[int, Sequence[tuple[date, date]]]
"""The days on which somebody is on leave, both ends included, by the key of the person."""


def proposed(newcomers: Sequence[int], buddies: Sequence[int], taken: Iterable[Pair] = ()) -> Iterator[tuple[int, int]]:
    """A buddy for everybody who has none: always the one who has the fewest so far, in the order given."""
    load = Counter(pair.buddy for pair in taken)
    for newcomer in newcomers:
        if buddies:
            least = min(buddies, key=lambda buddy: load[buddy])
            load[least] += 1
            yield newcomer, least


def troubles(pairs: Sequence[Pair], away: Away) -> dict[int, Trouble]:
    """What is wrong with each pair, by the newcomer; those that are well are left out."""
    found = {pair.newcomer: Trouble(_days_away(pair, away.get(pair.buddy, ())), _shared(pair, pairs)) for pair in pairs}
    return {newcomer: trouble for newcomer, trouble in found.items() if trouble}


def _days_away(pair: Pair, leaves: Iterable[tuple[date, date]]) -> int:
    return sum((min(pair.last, last) - max(pair.first, first)).days + 1 for first, last in leaves
               if pair.meets(first, last))  # fmt: skip


def _shared(pair: Pair, pairs: Iterable[Pair]) -> tuple[int, ...]:
    return tuple(
        one.newcomer
        for one in pairs
        if one.buddy == pair.buddy and one.newcomer != pair.newcomer and one.meets(pair.first, pair.last)
    )
