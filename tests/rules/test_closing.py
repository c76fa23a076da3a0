"""The fewest open items whose closing turns a gate green."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from app.rules.rollouts.closing import Closing, Way, closing_words, needed, smallest


def all_of(items: str) -> list[Way[str]]:
    return [Way(tuple(items), len(items))]


def some_of(items: str, least: int) -> list[Way[str]]:
    return [Way(tuple(items), least)]


def test_where_every_item_is_asked_for_there_is_nothing_to_choose() -> None:
    assert smallest([all_of("ab"), all_of("bc")]) == Closing(("a", "b", "c"))


def test_what_is_needed_anyway_counts_towards_a_share() -> None:
    assert smallest([all_of("ab"), some_of("abcd", 3)]).items == ("a", "b", "c")
    assert smallest([all_of("ab"), some_of("abcd", 2)]).items == ("a", "b")


def test_an_item_that_serves_two_criteria_is_chosen_before_two_that_serve_one() -> None:
    assert smallest([some_of("ax", 1), some_of("bx", 1)]) == Closing(("x",))


def test_of_several_ways_the_shorter_one_is_taken() -> None:
    assert smallest([[Way(("a", "b", "c"), 3), Way(("d",), 1)]]).items == ("d",)
    assert smallest([[Way(("a", "b", "c"), 3), Way(("d",), 1)], all_of("abc")]).items == ("a", "b", "c")


def test_nothing_open_needs_nothing() -> None:
    assert smallest([]) == Closing(())
    assert smallest([some_of("ab", 0)]) == Closing(())
    assert smallest([[]]) == Closing(())


def test_too_many_sets_are_not_tried_and_it_says_so() -> None:
    items = tuple(str(number) for number in range(60))
    crossing = [[Way(items[start : start + 30], 15)] for start in range(0, 31, 3)]
    found = smallest(crossing)
    assert not found.exact
    assert all(way.missing(found.items) == 0 for ways in crossing for way in ways)


@pytest.mark.parametrize("seed", range(40))
def test_no_smaller_set_turns_it_green(seed: int) -> None:
    chance = random.Random(seed)
    names = "abcdefg"
    criteria = []
    for _ in range(chance.randint(1, 4)):
        ways = []
        for _ in range(chance.randint(1, 2)):
            items = tuple(chance.sample(names, chance.randint(1, 5)))
            ways.append(Way(items, chance.randint(1, len(items))))
        criteria.append(ways)
    found = smallest(criteria)

    def green(closed: tuple[str, ...]) -> bool:
        return all(any(not way.missing(closed) for way in ways) for ways in criteria)

    assert found.exact
    assert green(found.items)
    assert not any(green(fewer) for size in range(len(found.items)) for fewer in combinations(names, size))


@pytest.mark.parametrize(
    ("total", "done", "share", "more"), [(4, 1, 100, 3), (10, 8, 90, 1), (3, 0, 66.7, 3), (3, 2, 66, 0), (7, 7, 100, 0)]
)
def test_a_share_is_rounded_up_to_whole_tasks(total: int, done: int, share: float, more: int) -> None:
    assert needed(total, done, share) == more


def test_up_to_three_items_are_named_and_more_are_counted() -> None:
    one, three = Closing(("a",)), Closing(("a", "b", "c"))
    assert closing_words(one, ["Failover (Sami Rautio)"]) == "This one item turns it green: Failover (Sami Rautio)."
    assert closing_words(three, ["A (X)", "B (Y)", "C (Z)"]) == "These three items turn it green: A (X); B (Y); C (Z)."
    assert closing_words(Closing(tuple("abcd")), []) == "4 items have to close before it is green."
    assert closing_words(Closing(tuple("abcd"), exact=False), []) == "At most 4 items have to close before it is green."


def test_what_cannot_be_measured_is_not_promised_green() -> None:
    beyond = Closing(("a",), beyond=("Trained",))
    assert closing_words(beyond, ["A (X)"]) == "With this one item closed, all that can be measured is green: A (X)."
    nothing = Closing[str]((), beyond=("Trained", "Rehearsed"))
    assert closing_words(nothing, []) == "What can be measured is met; 2 criteria cannot be measured yet."
    assert closing_words(Closing[str](()), []) == ""


def test_what_is_no_task_is_said_beside_the_tasks() -> None:
    besides = ("No severe issue open (2 open)",)
    one = closing_words(Closing(("a",), besides=besides), ["A (X)"])
    assert one == "With this one item closed, no task is missing: A (X). Also open: No severe issue open (2 open)."
    many = closing_words(Closing(tuple("abcd"), besides=besides), [])
    assert many.startswith("4 items have to close before no task is missing. Also open: ")
    assert closing_words(Closing[str]((), besides=besides), []) == "Open: No severe issue open (2 open)."
    both = closing_words(Closing[str]((), beyond=("Rehearsed",), besides=(*besides, "B", "C", "D", "E")), [])
    assert both == (
        "Open: No severe issue open (2 open); B; C; and 2 more. What else can be measured is met; one criterion cannot "
        "be measured yet."
    )
