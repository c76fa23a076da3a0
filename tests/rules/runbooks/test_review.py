"""What a run was like: the minutes of each step, what held it up, what waited, and how it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.rules.runbooks.forecast import Span
from app.rules.runbooks.ledger import Act, Entry, Told, told
from app.rules.runbooks.review import Review, Went, review, stretches, timed
from app.rules.runbooks.reviewed import review_sentence
from app.rules.runbooks.steps import RunStep
from tests.rules.runbooks.night import at, step

MINUTE = timedelta(minutes=1)


def entries(*what: tuple[str, float]) -> tuple[Entry, ...]:
    return tuple(Entry(number, Act(act), at(minute)) for number, (act, minute) in enumerate(what, 1))


def went(planned: RunStep, begin: float, *what: tuple[str, float], **keys: Any) -> Went:
    """A step planned to begin then, with its entries."""
    span = Span(at(begin), at(begin) + planned.takes)
    known = entries(*what)
    stand = told(known, checked=keys.pop("checked", False))
    return Went(step=planned, told=stand, baseline=span, planned=span, entries=known, **keys)


def done(name: str, planned: float, begin: float, end: float, after: str = "", takes: float = 10, **keys: Any) -> Went:
    return went(step(name, takes, after, **keys), planned, ("started", begin), ("finished", end))


def minutes(time: timedelta | None) -> float | None:
    return None if time is None else time / MINUTE


def said(found: Review, outcome: str = "finished", live: bool = False) -> str:
    return "".join(part.text for part in review_sentence(live, outcome, found))


def test_blocked_minutes_stand_apart_from_those_of_the_step() -> None:
    held = went(
        step("load", 30), 0, ("started", 5), ("blocked", 15), ("unblocked", 35), ("blocked", 40), ("finished", 60)
    )
    line = review([held], until=at(90)).lines[0]
    assert (minutes(line.took), minutes(line.blocked), minutes(line.planned)) == (15, 40, 30)
    assert (minutes(line.longer), line.was_blocked) == (-15, True)


def test_what_held_a_step_up_before_it_began_is_blocked_time_and_none_of_its_own() -> None:
    line = review([went(step("load"), 0, ("blocked", 0), ("unblocked", 20), ("started", 20), ("finished", 30))],
                  until=at(90)).lines[0]  # fmt: skip
    assert (minutes(line.took), minutes(line.blocked)) == (10, 20)


def test_a_later_hour_for_the_same_block_is_one_block_and_one_that_lasts_ends_with_the_run() -> None:
    known = entries(("blocked", 0), ("blocked", 0))
    assert list(stretches(known, at(25))) == [(at(0), at(25))]


def test_a_corrected_hour_counts() -> None:
    known = (*entries(("blocked", 0), ("unblocked", 30)), Entry(3, Act.CORRECTED, at(10), corrects=2))
    assert list(stretches(known, at(90))) == [(at(0), at(10))]
    line = review([replace(went(step("a"), 0), entries=known)], until=at(90)).lines[0]
    assert line.corrected


def test_the_check_belongs_to_the_minutes_of_a_step() -> None:
    checked = went(step("lock"), 0, ("started", 0), ("finished", 10), ("verified", 16), checked=True)
    assert minutes(review([checked], until=at(20)).lines[0].took) == 16


def test_what_nobody_began_was_skipped_or_is_not_over_has_no_minutes() -> None:
    assert timed(told(entries(("finished", 10)), checked=False)) is None
    assert timed(told(entries(("finished", 10), ("verified", 15)), checked=True)) is None
    assert timed(told(entries(("started", 0), ("skipped", 10)), checked=False)) is None
    assert timed(told(entries(("started", 0)), checked=False)) is None
    assert timed(Told()) is None


def test_a_wait_begins_when_all_is_over_that_a_step_waits_for() -> None:
    first, second = done("a", 0, 0, 10), done("b", 0, 0, 20)
    last = done("c", 20, 47, 60, "a + 15, b")
    found = review([first, second, last], until=at(60))
    assert [minutes(line.waited) for line in found.lines] == [0, 0, 22]
    assert [line.step.id for line in found.waits] == ["c"]


def test_a_wait_for_an_hour_is_none() -> None:
    found = review([done("a", 0, 0, 10), done("b", 60, 61, 70, "a", at=60)], until=at(70))
    assert (minutes(found.lines[1].waited), found.waits) == (1, ())


def test_what_began_before_its_time_says_what_it_did_not_wait_for() -> None:
    first = done("a", 0, 0, 30)
    found = review([first, done("b", 30, 10, 40, "a"), done("c", 30, 10, 40, "start of a"),
                    done("d", 60, 50, 70, "a", at=60), went(step("e", 5, "d"), 70)], until=at(80))  # fmt: skip
    assert [line.early for line in found.lines] == [(), ("“A”",), (), ("its hour",), ()]


def test_a_skipped_step_holds_nobody_up() -> None:
    found = review([went(step("a"), 0, ("skipped", 5)), done("b", 10, 5, 15, "a")], until=at(15))
    assert (found.lines[1].early, [line.step.id for line in found.skipped]) == ((), ["a"])


def test_the_sentence_says_how_the_run_ended_and_what_was_blocked() -> None:
    calm = [done("a", 0, 0, 10), done("b", 10, 10, 48, "a")]
    held = [*calm, went(step("c"), 50, ("started", 50), ("blocked", 51), ("finished", 86))]
    assert said(review(calm, limit=at(60), until=at(60))) == (
        "The rehearsal ended 12 minutes inside its window. Nothing was blocked."
    )
    assert said(review(held, limit=at(60), until=at(90)), live=True) == (
        "The live run ended 26 minutes after the end of its window. One step was blocked for 35 minutes."
    )
    assert said(review(calm, until=at(60))).startswith("The rehearsal ended 28 minutes later than planned.")
    gone = said(review(calm, until=at(60)), "abandoned")
    assert gone == "The rehearsal was abandoned with 2 of 2 steps done. Nothing was blocked."
    assert said(review(calm, until=at(60)), "").startswith("The rehearsal is not over.")


def test_a_run_that_went_back_is_measured_by_when_it_had_to_be_back() -> None:
    back = [done("say", 50, 55, 60), done("unlock", 60, 60, 75, "say")]
    found = review([done("a", 0, 0, 10)], back, limit=at(100), until=at(76))
    assert (found.planned_end, found.ended) == (at(70), at(75))
    ended = "The rehearsal went back and was over 25 minutes before it had to be back."
    assert said(found, "backed-out") == f"{ended} Nothing was blocked."


@given(st.lists(st.tuples(st.sampled_from(["blocked", "unblocked", "finished", "skipped", "started"]),
                          st.integers(0, 600)), max_size=12), st.integers(0, 600))  # fmt: skip
def test_stretches_never_overlap_and_never_end_before_they_begin(what: list[tuple[str, int]], until: int) -> None:
    ordered = sorted(what, key=lambda one: one[1])
    found = list(stretches(entries(*ordered), at(max(until, *(minute for _, minute in ordered), 0))))
    assert all(since <= end for since, end in found)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(found))


@given(st.integers(0, 300), st.integers(1, 300), st.integers(0, 300), st.integers(0, 300))
def test_minutes_of_a_step_are_never_negative_nor_more_than_from_begin_to_end(
    begin: int, takes: int, since: int, held: int
) -> None:
    end = begin + takes
    first, last = sorted((min(begin + since, end), min(begin + since + held, end)))
    line = review([went(step("a"), 0, ("started", begin), ("blocked", first), ("unblocked", last), ("finished", end))],
                  until=at(end)).lines[0]  # fmt: skip
    assert minutes(line.took) == takes - (last - first)
    assert minutes(line.blocked) == last - first
