"""Promises kept: what counts, and figures that are recomputed by counting one by one."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from app.rules.issues.attainment import Attained, Promise, Promised, attained, grouped, monday, percent, weeks

DAY = date(2027, 1, 5)


def issue(
    number: int, used: float, solved: bool, *, location: int | None = 1, opened: date = DAY, allowed: float = 100.0
) -> Promised:
    return Promised(number, number, location, "pilot", opened, used, allowed, solved)


@pytest.mark.parametrize(
    ("used", "solved", "promise"),
    [
        (99, True, Promise.KEPT),
        (100, True, Promise.KEPT),
        (101, True, Promise.BROKEN),
        (101, False, Promise.BROKEN),
        (100, False, Promise.RUNNING),
        (0, False, Promise.RUNNING),
    ],
)
def test_what_becomes_of_a_promise(used: float, solved: bool, promise: Promise) -> None:
    assert issue(1, used, solved).promise is promise


def test_none_of_none_is_no_issues_and_never_a_hundred_percent() -> None:
    assert (attained([]).share, attained([]).words) == (None, "no issues")
    running = attained([issue(1, 5, False)])
    assert (running.share, running.words, running.counted) == (None, "none decided yet", 0)


def test_nearly_all_is_never_rounded_up_to_all() -> None:
    found = attained([*(issue(number, 1, True) for number in range(9999)), issue(9999, 200, True)])
    assert found.words == "9999 of 10000, 99%"
    assert attained([issue(1, 1, True)]).words == "1 of 1, 100%"
    assert attained([issue(1, 200, False)]).words == "0 of 1, 0%"


@pytest.mark.parametrize(("kept", "of", "shown"), [(2, 3, 66), (1, 3, 33), (199, 200, 99), (29, 29, 100), (57, 99, 57)])
def test_a_share_is_rounded_down(kept: int, of: int, shown: int) -> None:
    assert percent(Fraction(kept, of)) == shown == kept * 100 // of


def test_groups_are_what_counting_one_by_one_gives() -> None:
    random = Random(11)
    issues = [
        issue(number, random.randint(50, 150), random.random() < 0.7, location=random.choice((1, 2, 3, None)),
              opened=DAY + timedelta(days=random.randint(0, 60)))
        for number in range(400)
    ]  # fmt: skip
    for key in (lambda one: one.location, lambda one: monday(one.opened)):
        found = grouped(issues, key)
        for name, one in found.items():
            kept = broken = running = 0
            for each in issues:
                if key(each) != name:
                    continue
                if each.used > 100:
                    broken += 1
                elif each.solved:
                    kept += 1
                else:
                    running += 1
            assert (len(one.kept), len(one.broken), len(one.running)) == (kept, broken, running)
            behind = {each.number for group in (one.kept, one.broken, one.running) for each in group}
            assert behind == {each.number for each in issues if key(each) == name}
        assert sum(len(one.kept) + len(one.broken) + len(one.running) for one in found.values()) == 400


def test_weeks_without_issues_are_there_too() -> None:
    assert weeks(date(2026, 12, 30), date(2027, 1, 18)) == [
        date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 11), date(2027, 1, 18)]  # fmt: skip
    assert weeks(DAY, DAY) == [date(2027, 1, 4)]


def test_an_empty_group_says_so() -> None:
    assert Attained().words == "no issues"
