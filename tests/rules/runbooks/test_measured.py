"""Minutes that were measured, and which of them become a proposal."""

from __future__ import annotations

from datetime import timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plan import load
from app.plan.format.runbooks import Runbook
from app.rules.runbooks.measured import Measured, drifting, measured
from tests.running import RUN

NIGHT: Runbook = load(RUN.encode()).runbooks["night"]


def took(**minutes: list[float]) -> dict[str, list[timedelta]]:
    return {name.replace("_", "-"): [timedelta(minutes=one) for one in found] for name, found in minutes.items()}


def one(planned: float, *minutes: float) -> Measured:
    times = [timedelta(minutes=each) for each in minutes]
    middle = timedelta(minutes=median(minutes))
    return Measured("a", "A", timedelta(minutes=planned), len(times), middle, min(times), max(times))


@pytest.mark.parametrize(
    ("planned", "minutes", "drifts", "proposed"),
    [
        (30, [30], False, 30),
        (30, [37], False, 40),  # less than a quarter away
        (30, [37.5], True, 40),  # just a quarter
        (10, [14], False, 15),  # less than five minutes away
        (10, [15], True, 15),
        (60, [44], True, 45),
        (60, [45.5], False, 50),
        (20, [16, 90, 41], True, 45),  # the middle of three
        (20, [20, 30], True, 25),  # the middle of two
        (0, [3], False, 5),
        (0, [5], True, 5),
        (20, [0.5], True, 5),
    ],
)
def test_the_rule(planned: float, minutes: list[float], drifts: bool, proposed: int) -> None:
    found = one(planned, *minutes)
    assert (found.drifts, found.minutes) == (drifts, proposed)


def test_steps_of_both_ways_are_measured_in_the_order_of_the_file() -> None:
    found = measured(NIGHT, took(unfreeze=[21, 19], patients=[61], freeze=[30, 44, 90]))
    assert [(each.step, each.n, each.planned.seconds // 60) for each in found] == [
        ("freeze", 3, 30), ("patients", 1, 60), ("unfreeze", 2, 10),
    ]  # fmt: skip
    assert [(each.step, each.minutes) for each in drifting(found)] == [("freeze", 45), ("unfreeze", 20)]
    assert (found[0].lowest, found[0].highest) == (timedelta(minutes=30), timedelta(minutes=90))


def test_rounds_ends_that_wait_and_steps_that_are_gone_are_not_measured() -> None:
    text = RUN.replace("thaw: {title: Settings open,", "thaw: {title: Settings open, done_after: open,")
    book = load(text.encode()).runbooks["night"]
    assert measured(book, took(pulse=[99], thaw=[99], gone=[99])) == ()


def test_a_renamed_step_keeps_what_was_measured() -> None:
    before, after = "tell:\n        title: Tell", "say-it:\n        was: tell\n        title: Tell"
    text = RUN.replace(before, after)
    book = load(text.encode()).runbooks["night"]
    assert [(each.step, each.n) for each in measured(book, took(tell=[6], say_it=[7, 8]))] == [("say-it", 3)]


@given(st.integers(0, 600), st.lists(st.integers(1, 40_000), min_size=1, max_size=9))
def test_a_proposal_is_whole_fives_never_below_the_middle_and_another_than_the_plan(
    planned: int, seconds: list[int]
) -> None:
    found = one(planned, *(each / 60 for each in seconds))
    assert found.minutes % 5 == 0
    assert timedelta(0) <= found.proposed - found.median < timedelta(minutes=5)
    assert not found.drifts or found.proposed != found.planned
