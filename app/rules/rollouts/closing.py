"""The fewest open items whose closing turns a gate green. Pure.

A criterion is met by one of its ways; a way is met when `least` of its open items are closed. Where every open item
of a criterion is needed there is nothing to choose. Where a share is enough, or one of several ways, and items count
for several criteria, all sets are tried while there are few; beyond that a set is found that need not be the smallest,
and says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, comb
from typing import Final, Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)
MOST_SETS: Final = 20_000


@dataclass(frozen=True)
class Way(Generic[Item]):
    """Open items, and how many of them must be closed (0: none any more)."""

    items: tuple[Item, ...]
    least: int

    def missing(self, closed: Collection[Item]) -> int:
        """How many more must be closed."""
        return max(self.least - sum(item in closed for item in self.items), 0)


Criterion = Sequence[Way[Item]]


@dataclass(frozen=True)
class Closing(Generic[Item]):
    """Items that turn everything green; `exact`: no smaller set does. What no item can meet: `beyond` are criteria
    that cannot be measured yet, `besides` those that something else than a task must meet, with how they stand.
    """

    items: tuple[Item, ...]
    exact: bool = True
    beyond: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()


def needed(total: int, done: int, share: float) -> int:
    """How many more of `total` tasks must be done so that `share` percent of them are."""
    return max(ceil(round(share * total / 100, 9)) - done, 0)


def smallest(criteria: Sequence[Criterion[Item]]) -> Closing[Item]:
    """The fewest items that meet every criterion. A criterion without a way is not asked."""
    asked = [ways for ways in criteria if ways]
    forced = dict.fromkeys(
        item for ways in asked if len(ways) == 1 and ways[0].least >= len(ways[0].items) for item in ways[0].items
    )
    left = _left(asked, forced)
    if not left:
        return Closing(tuple(forced))
    free = list(dict.fromkeys(item for ways in left for way in ways for item in way.items if item not in forced))
    greedy = _greedy(left, forced)
    for size in range(_fewest(left, forced), len(greedy)):
        if comb(len(free), size) > MOST_SETS:
            return Closing((*forced, *greedy), exact=False)
        for chosen in combinations(free, size):
            if not _left(left, {*forced, *chosen}):
                return Closing((*forced, *chosen))
    return Closing((*forced, *greedy))


def _left(criteria: Sequence[Criterion[Item]], closed: Collection[Item]) -> list[Criterion[Item]]:
    """The criteria that are not met when some items are closed."""
    return [ways for ways in criteria if all(way.missing(closed) for way in ways)]


def _fewest(left: Sequence[Criterion[Item]], closed: Collection[Item]) -> int:
    return max(min(way.missing(closed) for way in ways) for ways in left)


def _greedy(left: Sequence[Criterion[Item]], forced: Collection[Item]) -> tuple[Item, ...]:
    """A set that is enough: for each criterion its shortest way, items first that many criteria ask for."""
    wanted = Counter(item for ways in left for item in {item for way in ways for item in way.items})
    chosen: dict[Item, None] = {}
    for ways in left:
        closed = {*forced, *chosen}
        way = min(ways, key=lambda way: way.missing(closed))
        missing = way.missing(closed)
        rest = sorted((item for item in way.items if item not in closed), key=lambda item: -wanted[item])
        chosen.update(dict.fromkeys(rest[:missing]))
    return tuple(chosen)


NAMED: Final = 3
"""So many items are named; beyond that they are counted."""


def closing_words(closing: Closing[Item], named: Sequence[str]) -> str:
    """`These two items turn it green: Failover tested (Sami Rautio); Test claims (Lucia Ferrand).` `named` says each
    item with who holds it, where there are few enough to name. What is no item is said behind it.
    """
    beyond, besides = _beyond(len(closing.beyond)), _besides(closing)
    if not closing.items:
        rest = f"{'What else' if besides else 'What'} can be measured is met; {beyond}." if beyond else ""
        return " ".join(filter(None, (besides, rest)))
    return " ".join(filter(None, (_items_words(closing, named), besides)))


def _items_words(closing: Closing[Item], named: Sequence[str]) -> str:
    number = len(closing.items)
    then = "no task is missing" if closing.besides else "all that can be measured is green" if closing.beyond else ""
    if number > NAMED or len(named) != number or not closing.exact:
        most = "" if closing.exact else "At most "
        items = "item has" if number == 1 else "items have"
        return f"{most}{number} {items} to close before {then or 'it is green'}."
    these = "this one item" if number == 1 else f"these {('two', 'three')[number - 2]} items"
    if then:
        return f"With {these} closed, {then}: {'; '.join(named)}."
    return f"{these.capitalize()} {'turns' if number == 1 else 'turn'} it green: {'; '.join(named)}."


def _besides(closing: Closing[Item]) -> str:
    """What stands in the way that is no task, the first of it."""
    if not closing.besides:
        return ""
    more = len(closing.besides) - NAMED
    rest = f"; and {more} more" if more > 0 else ""
    also = "Also open: " if closing.items else "Open: "
    return f"{also}{'; '.join(closing.besides[:NAMED])}{rest}."


def _beyond(number: int) -> str:
    if not number:
        return ""
    return "one criterion cannot be measured yet" if number == 1 else f"{number} criteria cannot be measured yet"
