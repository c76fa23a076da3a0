"""What is found behind a criterion: enough, not enough, or nothing known."""

from __future__ import annotations

from collections import Counter

import pytest

from app.plan.language.compare import Comparison, parse_comparison
from app.rules.reconciliations.days import Runs
from app.rules.rollouts.criteria import (
    Behind,
    Found,
    either,
    of_cover,
    of_days,
    of_inflow,
    of_issues,
    of_tasks,
    of_training,
    of_unowned,
    unknown,
)
from app.rules.tasks.progress import State
from app.rules.training.tally import Tally


def passes(text: str) -> Comparison | None:
    return parse_comparison(text) if text else None


def tally(wanted: int, passed: int, needed: int | None = None, *, late: bool = False) -> Tally:
    short = tuple(range(wanted - passed))
    return Tally(wanted, passed, wanted if needed is None else needed, short, Counter(), late)


@pytest.mark.parametrize(
    ("tallies", "asked", "met", "said"),
    [
        ([tally(4, 4), tally(2, 2)], "", True, "6 of 6 passed"),
        ([tally(4, 4), tally(2, 1)], "", False, "5 of 6 passed"),
        ([tally(4, 3, 3), tally(2, 2)], "", True, "5 of 6 passed"),
        ([tally(4, 3, 3), tally(2, 2)], "at least 100 %", False, "5 of 6 passed, at least 100 % asked for"),
        ([tally(4, 3), tally(2, 2)], "at least 80 %", True, "5 of 6 passed"),
        ([tally(4, 4), tally(0, 0)], "at least 100 %", True, "4 of 4 passed"),
        ([tally(0, 0)], "at least 100 %", None, "unknown: nobody whom it is for is on the staff list"),
        ([], "", None, "unknown: nobody whom it is for is on the staff list"),
    ],
)
def test_training(tallies: list[Tally], asked: str, met: bool | None, said: str) -> None:
    found = of_training(tallies, passes(asked))
    assert (found.met, found.said, found.troubled) == (met, said, False)


def test_a_training_past_its_day_is_trouble() -> None:
    assert of_training([tally(4, 4), tally(2, 1, late=True)]).troubled


@pytest.mark.parametrize(
    ("number", "asked", "met", "said"),
    [
        (0, "", True, "none open"),
        (1, "", False, "1 open"),
        (5, "at most 5", True, "5 open"),
        (6, "at most 5", False, "6 open, at most 5 asked for"),
    ],
)
def test_issues_that_are_open_are_trouble_at_once(number: int, asked: str, met: bool, said: str) -> None:
    assert of_issues(number, passes(asked)) == Found(met, said, troubled=not met)


@pytest.mark.parametrize(
    ("number", "asked", "met", "said"),
    [
        (0, "", True, "none without an owner"),
        (1, "", False, "1 without an owner"),
        (2, "at most 2", True, "2 without an owner"),
        (3, "at most 2", False, "3 without an owner, at most 2 asked for"),
    ],
)
def test_an_open_issue_that_is_nobodys_is_trouble_at_once(number: int, asked: str, met: bool, said: str) -> None:
    assert of_unowned(number, passes(asked)) == Found(met, said, troubled=not met)


@pytest.mark.parametrize(
    ("worst", "days", "asked", "met", "said"),
    [
        (0, 5, "at most 2", True, "none opened in 5 days"),
        (2, 5, "at most 2", True, "2 opened on the worst of 5 days"),
        (3, 5, "at most 2", False, "3 opened on the worst of 5 days, at most 2 asked for"),
        (1, 1, "is 0", False, "1 opened on the worst of 1 day, is 0 asked for"),
    ],
)
def test_the_worst_day_says_how_much_comes_in(worst: int, days: int, asked: str, met: bool, said: str) -> None:
    assert of_inflow(worst, days, passes(asked)) == Found(met, said, troubled=not met)


@pytest.mark.parametrize(
    ("runs", "asked", "met", "said", "troubled"),
    [
        (Runs(), "at least 3", False, "no day was counted yet", False),
        (Runs(due=5, clean=5, run=5), "at least 3", True, "5 clean days in a row", False),
        (Runs(due=1, clean=1, run=1), "", True, "1 clean day in a row", False),
        (Runs(due=2, clean=2, run=2), "at least 3", False, "2 clean days in a row, at least 3 asked for", False),
        (Runs(due=9, clean=8, variance=1), "at least 3", False, "0 clean days in a row, at least 3 asked for", True),
        (Runs(due=9, clean=8, missed=1), "at least 3", False, "0 clean days in a row, at least 3 asked for", True),
        (Runs(due=1, waiting=1), "", False, "0 clean days in a row", False),
    ],
)
def test_clean_days(runs: Runs, asked: str, met: bool, said: str, troubled: bool) -> None:
    assert of_days(runs, passes(asked)) == Found(met, said, troubled)


def test_cover_is_whole_or_as_much_as_is_asked_for() -> None:
    assert of_cover(None, None).met is None
    assert of_cover(100.0, None) == Found(True, "100% covered")
    assert of_cover(99.9, None) == Found(False, "99% covered")
    assert of_cover(90.0, passes("at least 90 %")).met
    assert of_cover(80.0, passes("at least 90 %")).said == "80% covered, at least 90 % asked for"


def test_of_several_one_is_enough_and_else_what_is_known_is_said() -> None:
    done, late = (
        of_tasks(Behind({State.DONE: 2}, 0, ("a",))),
        of_tasks(Behind({State.DONE: 1, State.LATE: 2}, 0, ("b",))),
    )
    risk, dark = of_tasks(Behind({State.RISK: 1}, 1, ("b", "c"))), unknown("nobody knows")
    assert either([late, done]) is done
    assert either([late]) is late
    assert either([dark, dark]) is dark
    assert either([dark, late, risk, of_issues(2)]) == Found(
        False, "1 of 3 or 0 of 1 or 2 open", troubled=True, at_risk=True, done=1, total=4, entries=("b", "c")
    )
