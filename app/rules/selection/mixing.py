"""Which locations make up the best set: so many of them, and a different one for each line of the mix. Pure.

A line of the mix is filled by one location, and a location fills one line: a matching in a graph of lines and
locations. The sets that can be matched whole are the bases of a transversal matroid, so that taking the candidates in
the order of their rank, and keeping each that can still be matched, ends with the heaviest set (Edmonds and Fulkerson
1965; Rado 1957).
"""

from __future__ import annotations

from collections.abc import Sequence

Fills = Sequence[bool]
"""For one location: whether it can fill each line."""


def matched(candidates: Sequence[Fills], lines: int) -> tuple[int | None, ...]:
    """For each line the place in the list of the candidate that fills it, as many lines filled as can be; None: nobody
    is left for it. Earlier candidates are taken first.
    """
    held: list[int | None] = [None] * lines
    for number in range(len(candidates)):
        _seat(number, candidates, held)
    return tuple(held)


def best_set(candidates: Sequence[Fills], lines: int, wanted: int) -> tuple[int, ...]:
    """The places in the list of the `wanted` candidates that fill every line and rank highest; empty where no such set
    is there. `candidates` are in the order of their rank.
    """
    if lines > wanted:
        return ()
    free = wanted - lines
    rows = [(*fills, *([True] * free)) for fills in candidates]
    held: list[int | None] = [None] * wanted
    found = [number for number in range(len(rows)) if None in held and _seat(number, rows, held)]
    return tuple(found) if len(found) == wanted else ()


def _seat(number: int, rows: Sequence[Fills], held: list[int | None]) -> bool:
    """Find a line for a candidate, moving those who hold one already where they fill another (Kuhn's algorithm);
    whether one was found. The way there is kept in a list: a network may have hundreds of locations.
    """
    came_from: dict[int, int] = {}
    waiting, holder = [number], {number: -1}
    while waiting:
        one = waiting.pop()
        for line in range(len(held)):
            if not rows[one][line] or line in came_from:
                continue
            came_from[line] = one
            there = held[line]
            if there is None:
                _shift(line, came_from, holder, held)
                return True
            holder[there] = line
            waiting.append(there)
    return False


def _shift(line: int, came_from: dict[int, int], holder: dict[int, int], held: list[int | None]) -> None:
    """Seat everybody along the way back from a free line."""
    while line >= 0:
        one = came_from[line]
        held[line] = one
        line = holder[one]
