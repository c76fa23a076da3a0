"""The longest chain of a plan: the finish-to-start links whose work takes the most days. Pure.

It is the longest path of the critical path method (Kelley and Walker, 1959) over the dates as they are stored: a piece
of work takes from its begin to its due day, both counted; one without a begin may begin the day after the last of what
it waits for, and without such takes the day on which it is due. Days that lie between two pieces of work are the
chain's slack.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from app.rules.tasks.waiting import Spot

Key = TypeVar("Key", bound=Hashable)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """When a piece of work begins (None: nothing is written) and is due."""

    begins: date | None
    due: date


@dataclass(frozen=True)
class Chain(Generic[Key]):
    """The pieces of work in their order, and how many `days` of work they are between `begins` and `ends`."""

    work: tuple[Key, ...]
    days: int
    begins: date
    ends: date

    @property
    def slack(self) -> int:
        """Days between the first begin and the last due day on which the chain does not work."""
        return (self.ends - self.begins).days + 1 - self.days


@dataclass(frozen=True, slots=True)
class _Reached:
    """The longest way to one piece of work: its days, and what comes before it on that way."""

    days: int
    begins: date
    previous: object


def longest_chain(work: Mapping[Key, Span], before: Mapping[Key, Sequence[Key]]) -> Chain[Key] | None:
    """The longest chain of at least two pieces of work; None without a link. Of several the one that ends last.

    What is dated in a circle is left out.
    """
    known: dict[Key, _Reached] = {}
    for key in _in_order(work, before):
        known[key] = _longest_to(key, work, [one for one in before.get(key, ()) if one in known], known)
    linked = [key for key, reached in known.items() if reached.previous is not None]
    if not linked:
        return None
    last = max(linked, key=lambda key: (known[key].days, work[key].due))
    keys = tuple(reversed(list(_back(last, known))))
    return Chain(keys, known[last].days, known[keys[0]].begins, work[last].due)


def _in_order(work: Mapping[Key, Span], before: Mapping[Key, Sequence[Key]]) -> Iterator[Key]:
    """Each piece of work after everything that it waits for."""
    left = {key: sum(one in work for one in before.get(key, ())) for key in work}
    after: dict[Key, list[Key]] = {}
    for key in work:
        for one in before.get(key, ()):
            after.setdefault(one, []).append(key)
    ready = deque(key for key, number in left.items() if not number)
    while ready:
        key = ready.popleft()
        yield key
        for later in after.get(key, ()):
            left[later] -= 1
            if not left[later]:
                ready.append(later)


def _longest_to(key: Key, work: Mapping[Key, Span], earlier: Sequence[Key], known: Mapping[Key, _Reached]) -> _Reached:
    span = work[key]
    begins = _begins(span, (work[one].due for one in earlier))
    best = _Reached((span.due - begins).days + 1, begins, None)
    for one in earlier:
        # What overlaps with the work before it counts once.
        first = max(begins, work[one].due + ONE_DAY)
        days = known[one].days + max((span.due - first).days + 1, 0)
        if best.previous is None or days > best.days:
            best = _Reached(days, begins, one)
    return best


def _begins(span: Span, earlier: Iterable[date]) -> date:
    if span.begins is not None:
        return min(span.begins, span.due)
    last = max(earlier, default=None)
    return span.due if last is None else min(last + ONE_DAY, span.due)


def _back(key: Key, known: Mapping[Key, _Reached]) -> Iterator[Key]:
    found: object = key
    while found is not None:
        yield found  # type: ignore[misc]  # what comes before is a key too
        found = known[found].previous  # type: ignore[index]


def links(
    before: Mapping[str, Sequence[str]], spots: Iterable[Spot], waves: Mapping[int, str]
) -> dict[Spot, tuple[Spot, ...]]:
    """What each record waits for, among the records themselves: an id means the nearest record of that name, and from
    a wave or the network all of its records there. `waves` says the wave of each location.
    """
    named: dict[str, list[Spot]] = {}
    for spot in spots:
        named.setdefault(spot.entry, []).append(spot)
    found: dict[Spot, tuple[Spot, ...]] = {}
    for entry, earlier in before.items():
        for spot in named.get(entry, ()):
            meant = [one for name in earlier for one in _nearest(spot, named.get(name, ()), waves)]
            if meant:
                found[spot] = tuple(meant)
    return found


def _nearest(spot: Spot, named: Sequence[Spot], waves: Mapping[int, str]) -> list[Spot]:
    around = waves.get(spot.location, "") if spot.location is not None else spot.wave
    if spot.location is not None:
        if own := [one for one in named if one.location == spot.location]:
            return own
        if of_wave := [one for one in named if one.location is None and around and one.wave == around]:
            return of_wave
    elif around:
        if inside := [one for one in named if _wave_of(one, waves) == around]:
            return inside
    else:
        return list(named)
    return [one for one in named if one.location is None and not one.wave]


def _wave_of(spot: Spot, waves: Mapping[int, str]) -> str:
    return spot.wave if spot.location is None else waves.get(spot.location, "")
