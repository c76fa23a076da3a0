"""The longest chain of a plan."""

from __future__ import annotations

from datetime import date, timedelta

from app.rules.rollouts.chain import Chain, Span, links, longest_chain
from app.rules.rollouts.end_sentence import chain_words
from app.rules.tasks.waiting import Spot

MONDAY = date(2027, 1, 4)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def span(first: int | None, last: int) -> Span:
    return Span(None if first is None else day(first), day(last))


def test_the_chain_with_the_most_days_of_work_wins_not_the_one_with_the_most_links() -> None:
    work = {"a": span(0, 9), "b": span(10, 19), "x": span(0, 1), "y": span(2, 3), "z": span(4, 25)}
    work |= {"w": span(26, 26)}
    before = {"b": ["a"], "y": ["x"], "z": ["y"], "w": ["z"]}
    assert longest_chain(work, before) == Chain(("x", "y", "z", "w"), 27, day(0), day(26))
    assert longest_chain({**work, "z": span(4, 5)}, before) == Chain(("a", "b"), 20, day(0), day(19))


def test_days_between_two_pieces_of_work_are_slack_and_not_work() -> None:
    chain = longest_chain({"a": span(0, 4), "b": span(14, 18)}, {"b": ["a"]})
    assert chain is not None
    assert (chain.days, chain.slack) == (10, 9)


def test_work_without_a_begin_may_begin_after_the_last_of_what_it_waits_for() -> None:
    chain = longest_chain({"a": span(0, 4), "b": span(0, 6), "c": span(None, 13)}, {"c": ["a", "b"]})
    assert chain == Chain(("b", "c"), 14, day(0), day(13))


def test_what_overlaps_is_counted_once() -> None:
    chain = longest_chain({"a": span(0, 9), "b": span(5, 12)}, {"b": ["a"]})
    assert chain is not None
    assert (chain.days, chain.slack) == (13, 0)


def test_of_equal_chains_the_one_that_ends_last_is_told() -> None:
    work = {"a": span(0, 4), "b": span(5, 9), "c": span(2, 6), "d": span(7, 11)}
    chain = longest_chain(work, {"b": ["a"], "d": ["c"]})
    assert chain is not None
    assert chain.work == ("c", "d")


def test_the_way_through_a_diamond_takes_the_longer_side() -> None:
    work = {"a": span(0, 0), "short": span(1, 2), "long": span(1, 8), "end": span(9, 9)}
    chain = longest_chain(work, {"short": ["a"], "long": ["a"], "end": ["short", "long"]})
    assert chain is not None
    assert chain.work == ("a", "long", "end")


def test_without_a_link_there_is_no_chain() -> None:
    assert longest_chain({"a": span(0, 90), "b": span(0, 1)}, {}) is None
    assert longest_chain({}, {}) is None
    assert longest_chain({"a": span(0, 1)}, {"a": ["gone"]}) is None


def test_a_circle_is_left_out() -> None:
    work = {"a": span(0, 1), "b": span(2, 3), "c": span(4, 5), "d": span(6, 7)}
    chain = longest_chain(work, {"a": ["b"], "b": ["a"], "d": ["c"]})
    assert chain is not None
    assert chain.work == ("c", "d")


def test_a_name_means_the_nearest_record() -> None:
    waves = {1: "pilot", 2: "later"}
    own, other = Spot("a", 1, ""), Spot("a", 2, "")
    of_wave, network = Spot("w", None, "pilot"), Spot("n", None, "")
    asking, above = Spot("b", 1, ""), Spot("c", None, "")
    found = links({"b": ["a", "w", "n"], "c": ["a"], "w": ["a"]}, [own, other, of_wave, network, asking, above], waves)
    assert found == {asking: (own, of_wave, network), above: (own, other), of_wave: (own,)}


def test_where_a_place_has_no_record_of_its_own_the_network_is_meant() -> None:
    waves = {1: "pilot", 2: "later"}
    asking, network = Spot("b", 2, ""), Spot("a", None, "")
    assert links({"b": ["a"]}, [asking, network, Spot("a", None, "pilot")], waves) == {asking: (network,)}


def test_a_chain_whose_end_has_passed_says_what_it_waits_for() -> None:
    ahead = chain_words(2, 17, 0, "Go-live", day(3), day(3))
    assert ahead == ("Longest chain: 2 tasks, 17 days of work, no slack; it ends with “Go-live” on Thursday 7 January.")
    waits = chain_words(2, 17, 1, "Go-live", day(2), day(3), "Test claims")
    assert waits.endswith(
        "1 day of slack; it was to end with “Go-live” on Wednesday 6 January, and still waits for “Test claims”."
    )
    assert chain_words(2, 17, 1, "Go-live", day(2), day(3)).endswith(
        "it ended with “Go-live” on Wednesday 6 January, and is done."
    )
