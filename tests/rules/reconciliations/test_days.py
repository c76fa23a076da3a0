"""What became of a day, and how many were clean in a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.rules.reconciliations.days import Day, DayState, Runs, clean_run, runs_of, state_of

TODAY = date(2027, 1, 5)
NOON = datetime(2027, 1, 5, 12, tzinfo=UTC)
LATE = datetime(2027, 1, 5, 20, tzinfo=UTC)
DAY = Day(TODAY, LATE, watched=True)
LETTERS = {
    "c": DayState.CLEAN, "v": DayState.VARIANCE, "m": DayState.MISSED, "w": DayState.COUNTED, "o": DayState.OPEN,
    "-": DayState.NOT_ASKED, "a": DayState.AHEAD,
}  # fmt: skip


def state(now: datetime = NOON, **facts: object) -> DayState:
    return state_of(replace(DAY, **facts), now.date(), now)  # type: ignore[arg-type]


def test_a_day_is_ahead_until_it_comes_and_open_until_it_is_counted() -> None:
    assert state(NOON - timedelta(days=1)) is DayState.AHEAD
    assert state() is DayState.OPEN
    assert state(begun=True) is DayState.OPEN
    assert state(begun=True, counted_at=NOON) is DayState.COUNTED


def test_a_closed_day_says_how() -> None:
    closed = {"begun": True, "counted_at": NOON, "reviewed_at": NOON}
    assert state(**closed, clean=True) is DayState.CLEAN
    assert state(**closed, clean=False) is DayState.VARIANCE


def test_nobody_counted_by_then_is_missed_whether_the_worker_has_looked_or_not() -> None:
    assert state(LATE - timedelta(seconds=1)) is DayState.OPEN
    assert state(LATE) is DayState.MISSED
    assert state(LATE, begun=True) is DayState.MISSED
    assert state(LATE, watched=False, begun=True, missed_at=LATE) is DayState.MISSED


def test_missed_stays_missed_when_it_is_entered_and_closed_later() -> None:
    later = {"begun": True, "watched": False, "missed_at": LATE, "counted_at": LATE + timedelta(hours=1)}
    assert state(LATE + timedelta(days=1), **later) is DayState.MISSED
    assert state(LATE + timedelta(days=1), **later, reviewed_at=LATE, clean=True) is DayState.MISSED
    assert replace(DAY, counted_at=LATE).waits_for_review
    assert not replace(DAY, counted_at=LATE, reviewed_at=LATE).waits_for_review


def test_what_waits_for_its_review_is_not_missed() -> None:
    assert state(LATE + timedelta(days=3), begun=True, watched=False, counted_at=NOON) is DayState.COUNTED


def test_nothing_is_asked_for_where_the_place_stands_still() -> None:
    assert state(paused=True) is DayState.NOT_ASKED
    assert state(LATE, paused=True) is DayState.NOT_ASKED
    assert state(LATE + timedelta(days=3), watched=False) is DayState.NOT_ASKED
    assert state(LATE + timedelta(days=3), watched=False, begun=True) is DayState.OPEN
    assert state(NOON - timedelta(days=1), paused=True) is DayState.AHEAD


@pytest.mark.parametrize(
    ("days", "run"),
    [
        ("", 0), ("ccc", 3), ("cvcc", 2), ("cmccc", 3), ("ccm", 0), ("ccv", 0), ("cc-c", 3), ("c-m-c", 1),
        ("ccaaa", 2), ("ccw", 2), ("cco", 2), ("ccwo", 2), ("cwc", 1), ("coccc", 3), ("w", 0), ("-", 0), ("mwc", 1),
    ],
)  # fmt: skip
def test_a_run_is_of_clean_days_up_to_the_last(days: str, run: int) -> None:
    assert clean_run(LETTERS[letter] for letter in days) == run


def test_the_sums_of_a_place() -> None:
    days = [(LETTERS[letter], letter == "w") for letter in "cvm-cwoaa"]
    assert runs_of(days) == Runs(due=6, clean=2, variance=1, missed=1, waiting=1, run=1)
    assert runs_of(days).closed == 3
    assert runs_of([]) == Runs()
    assert Runs(2, 1, 0, 1, 0, 1).and_of(Runs(3, 3, 0, 0, 0, 3)) == Runs(5, 4, 0, 1, 0, 0)
