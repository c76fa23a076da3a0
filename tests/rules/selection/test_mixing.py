"""The matching of a mix and the best set, against every set that there is."""

from __future__ import annotations

from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from app.rules.selection.mixing import best_set, matched

Grid = list[list[bool]]


def grids(lines: int) -> st.SearchStrategy[Grid]:
    return st.lists(st.lists(st.booleans(), min_size=lines, max_size=lines), max_size=7)


GRIDS = st.integers(0, 4).flatmap(lambda lines: st.tuples(st.just(lines), grids(lines)))


def fillable(rows: Grid, lines: int) -> int:
    """How many lines can be filled by different rows at most, tried one by one."""
    most = 0
    for size in range(1, min(len(rows), lines) + 1):
        for chosen in combinations(range(lines), size):
            if any(all(rows[who][line] for who, line in zip(order, chosen, strict=True))
                   for order in permutations(range(len(rows)), size)):  # fmt: skip
                most = size
    return most


@given(GRIDS)
def test_as_many_lines_are_filled_as_can_be_each_by_another(found: tuple[int, Grid]) -> None:
    lines, rows = found
    held = matched(rows, lines)
    seated = [number for number in held if number is not None]
    assert len(held) == lines
    assert len(set(seated)) == len(seated)
    assert all(rows[number][line] for line, number in enumerate(held) if number is not None)
    assert len(seated) == fillable(rows, lines)


@given(GRIDS, st.integers(0, 5), st.data())
def test_the_best_set_is_the_best_of_all_sets(found: tuple[int, Grid], wanted: int, data: st.DataObject) -> None:
    lines, rows = found
    scores = sorted(data.draw(st.lists(st.integers(0, 4), min_size=len(rows), max_size=len(rows))), reverse=True)
    sets = [
        chosen
        for chosen in combinations(range(len(rows)), wanted)
        if fillable([rows[number] for number in chosen], lines) == lines
    ]
    best = min(sets, key=lambda chosen: (-sum(scores[number] for number in chosen), chosen), default=())
    assert best_set(rows, lines, wanted) == best


def test_a_location_fills_one_line_only() -> None:
    both, first = [True, True], [True, False]
    assert matched([both], 2) == (0, None)
    assert matched([both, first], 2) == (1, 0)
    assert best_set([both, both], 2, 2) == (0, 1)
    assert best_set([first, first, both], 2, 2) == (0, 2)
    assert best_set([first, first], 2, 2) == ()


def test_five_hundred_locations_are_matched_at_once() -> None:
    rows = [[(number + line) % 3 == 0 for line in range(20)] for number in range(500)]
    assert len(best_set(rows, 20, 30)) == 30
