"""When the steps of a run begin and end, what decides its end, and how much the others may slip."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.rules.runbooks.actuals import Actual
from app.rules.runbooks.forecast import Span, forecast
from app.rules.runbooks.graph import Graph
from tests.rules.runbooks.night import T, at, finished, foreseen, numbered, skipped, slack, started, step, times

# -- as planned --------------------------------------------------------------------------------------------------------


def test_one_step_after_the_other_begins_at_t() -> None:
    found = foreseen(step("lock", 10), step("load", 45, "lock"), step("open", 15, "load"))
    assert times(found) == {"lock": (0, 10), "load": (10, 55), "open": (55, 70)}
    assert found.end == at(70)
    assert found.chain == ("lock", "load", "open")
    assert slack(found) == {"lock": 0, "load": 0, "open": 0}


def test_an_hour_of_its_own_holds_a_step_and_gives_those_before_it_slack() -> None:
    found = foreseen(step("lock", 10, at=-180), step("load", 45, "lock"), step("open", 15, "load", at=0))
    assert times(found) == {"lock": (-180, -170), "load": (-170, -125), "open": (0, 15)}
    assert found.chain == ("open",)
    assert slack(found) == {"lock": 125, "load": 125, "open": 0}


def test_the_longer_side_of_a_fork_is_the_chain() -> None:
    found = foreseen(step("a"), step("short", 20, "a"), step("long", 30, "a"), step("end", 5, "short, long"))
    assert found.chain == ("a", "long", "end")
    assert slack(found) == {"a": 0, "short": 10, "long": 0, "end": 0}


def test_of_two_chains_that_are_as_long_the_lower_numbers_are_told() -> None:
    steps = [step("a"), step("left", 20, "a"), step("right", 20, "a")]
    found = foreseen(*steps, step("one", 5, "left, right"), step("other", 5, "left, right"))
    assert found.chain == ("a", "left", "one")
    assert set(slack(found).values()) == {0}


def test_a_wait_holds_followers_up_and_not_the_end_of_the_run() -> None:
    found = foreseen(step("a", 10, wait=30), step("b", 5, "a"), step("c", 5, "b", wait=60))
    assert times(found) == {"a": (0, 10), "b": (40, 45), "c": (45, 50)}
    assert found.end == at(50)


def test_a_lag_is_added_to_the_wait() -> None:
    assert times(foreseen(step("a", 10, wait=30), step("b", 5, "a + 15")))["b"] == (55, 60)


def test_a_step_may_begin_with_another() -> None:
    found = foreseen(step("a", 10, wait=30), step("b", 30, "start of a + 5"))
    assert times(found)["b"] == (5, 35)
    assert found.chain == ("a", "b")
    assert slack(found) == {"a": 0, "b": 0}


def test_a_step_may_finish_only_when_another_has_finished() -> None:
    found = foreseen(step("load", 45), step("watch", 10, done_after="load + 5"))
    assert times(found)["watch"] == (0, 50)
    assert found.chain == ("load", "watch")
    assert slack(found) == {"load": 0, "watch": 0}


def test_a_step_may_finish_only_when_another_has_begun() -> None:
    found = foreseen(step("a", 30), step("b", 10, "a"), step("cover", 5, done_after="start of b + 2"))
    assert times(found)["cover"] == (0, 32)
    assert slack(found)["cover"] == 8


def test_a_step_that_begins_with_another_and_holds_its_end_is_no_circle() -> None:
    found = foreseen(step("load", 20, done_after="watch"), step("watch", 30, "start of load + 5"))
    assert times(found) == {"load": (0, 35), "watch": (5, 35)}
    assert found.chain == ("load", "watch")
    assert slack(found) == {"load": 0, "watch": 0}


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="steps wait for each other: a, b"):
        Graph(numbered(step("a", 10, "b"), step("b", 10, "a"), step("c")))


def test_a_link_to_what_is_no_step_of_the_run_holds_nothing_up() -> None:
    assert times(foreseen(step("a", 10, "go-no-go"))) == {"a": (0, 10)}


def test_a_run_without_steps_ends_when_it_begins() -> None:
    assert foreseen().end == T
    assert foreseen(now=7).end == at(7)
    with pytest.raises(ValueError, match="without steps"):
        forecast(Graph(()), {})


def test_a_step_about_which_nothing_is_known_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing says when `a` begins"):
        forecast(Graph(numbered(step("a"))), {})


def test_hours_are_added_up_in_utc() -> None:
    """On 14 March 2027 the clocks of Chicago skip the hour from 02:00."""
    there = (T + timedelta(days=34, hours=-5, minutes=-30)).astimezone(ZoneInfo("America/Chicago"))
    assert there.isoformat() == "2027-03-14T01:30:00-06:00"
    one = replace(step("a", 60), not_before=there)
    found = forecast(Graph(numbered(one, step("b", 60, "a"))), {})
    assert found.end - there == timedelta(hours=2)


# -- as it goes --------------------------------------------------------------------------------------------------------

CHAIN = (step("a", 10), step("b", 20, "a"), step("c", 5, "b"))


def test_nothing_that_has_not_begun_is_forecast_before_now() -> None:
    assert times(foreseen(*CHAIN, now=100)) == {"a": (100, 110), "b": (110, 130), "c": (130, 135)}


def test_what_has_finished_stays_where_it_was() -> None:
    found = foreseen(*CHAIN, now=12, a=finished(-5, 11))
    assert times(found) == {"a": (-5, 11), "b": (12, 32), "c": (32, 37)}
    assert found.chain == ("b", "c")
    assert slack(found)["a"] == 1


def test_a_step_that_was_only_ever_finished_has_taken_no_time() -> None:
    assert times(foreseen(*CHAIN, now=12, a=Actual(finished=at(11))))["a"] == (11, 11)


def test_the_wait_after_a_finished_step_still_runs() -> None:
    found = foreseen(step("a", 10, wait=30), step("b", 5, "a"), now=15, a=finished(0, 12))
    assert times(found)["b"] == (42, 47)
    assert found.chain == ("a", "b")
    assert slack(found)["a"] == 0


def test_a_running_step_has_left_what_it_has_not_worked() -> None:
    assert times(foreseen(*CHAIN, now=17, a=finished(0, 10), b=started(12)))["b"] == (12, 32)


def test_a_running_step_that_is_over_its_minutes_may_end_now() -> None:
    assert times(foreseen(*CHAIN, now=60, a=finished(0, 10), b=started(12)))["b"] == (12, 60)


def test_a_blocked_step_goes_on_when_it_is_expected_to() -> None:
    """Five of its twenty minutes were worked before the block at 17; it goes on at 40."""
    found = foreseen(*CHAIN, now=25, a=finished(0, 10), b=started(12, blocked_since=at(17), expected=at(40)))
    assert times(found)["b"] == (12, 55)
    assert found.chain == ("b", "c")


def test_a_block_that_should_be_over_goes_on_until_now() -> None:
    late = started(12, blocked_since=at(17), expected=at(40))
    assert times(foreseen(*CHAIN, now=50, a=finished(0, 10), b=late))["b"] == (12, 65)
    unknown = started(12, blocked_since=at(17))
    assert times(foreseen(*CHAIN, now=50, a=finished(0, 10), b=unknown))["b"] == (12, 65)


def test_time_lost_in_earlier_blocks_was_not_worked() -> None:
    later = started(12, lost=timedelta(minutes=8))
    assert times(foreseen(*CHAIN, now=25, a=finished(0, 10), b=later))["b"] == (12, 40)


def test_a_step_that_is_blocked_before_it_begins_begins_when_that_is_expected_to_be_over() -> None:
    found = foreseen(*CHAIN, now=3, a=started(0), c=Actual(blocked_since=at(2), expected=at(90)))
    assert times(found)["c"] == (90, 95)
    assert found.chain == ("c",)


def test_a_running_step_still_finishes_only_after_what_it_waits_for() -> None:
    steps = (step("load", 45), step("watch", 10, done_after="load"))
    assert times(foreseen(*steps, now=5, load=started(0), watch=started(0)))["watch"] == (0, 45)


def test_a_step_that_finished_without_what_it_waits_for_no_longer_holds_that_up() -> None:
    steps = (step("load", 45), step("watch", 10, done_after="load"), step("long", 100))
    found = foreseen(*steps, now=12, load=started(0), watch=finished(0, 10), long=started(0))
    assert slack(found) == {"load": 55, "watch": 90, "long": 0}


def test_a_skipped_step_takes_no_time_and_its_followers_may_go_on() -> None:
    found = foreseen(
        step("a"), step("b", 20, "a", wait=60), step("c", 5, "b"), now=12, a=finished(0, 10), b=skipped(12)
    )
    assert times(found) == {"a": (0, 10), "b": (12, 12), "c": (12, 17)}
    begun = foreseen(*CHAIN, now=16, a=finished(0, 10), b=replace(started(12), skipped=at(15)))
    assert times(begun)["b"] == (12, 15)


def test_skipping_a_step_ahead_of_its_time_overtakes_nothing() -> None:
    found = foreseen(*CHAIN, now=4, a=started(0), b=skipped(2))
    assert times(found) == {"a": (0, 10), "b": (2, 2), "c": (10, 15)}
    assert found.chain == ("a", "b", "c")
    assert slack(found) == {"a": 0, "b": 0, "c": 0}


def test_a_run_that_is_over_ended_when_its_last_step_did() -> None:
    found = foreseen(*CHAIN, now=500, a=finished(0, 10), b=finished(10, 40), c=finished(41, 44))
    assert found.end == at(44)
    assert found.chain == ("c",)
    assert found.spans["b"] == Span(at(10), at(40))
