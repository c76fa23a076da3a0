"""Where a day lies on the timeline."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.rules.rollouts.timelines import Window, filled, key_of, window
from app.rules.tasks.progress import State

START = date(2027, 1, 4)
WHOLE = Window(START, 1, 8)


def test_a_bar_takes_both_of_its_days() -> None:
    assert WHOLE.bar(date(2027, 1, 4), date(2027, 1, 10)) == (0, 12.5)
    assert WHOLE.bar(None, date(2027, 2, 28)) == (98.21, 1.79)


def test_a_bar_is_cut_at_the_edges_of_what_is_looked_at() -> None:
    two = Window(START, 3, 4)
    assert two.bar(date(2027, 1, 4), date(2027, 1, 24)) == (0, 50)
    assert two.bar(date(2027, 1, 25), date(2027, 6, 1)) == (50, 50)
    assert two.bar(date(2027, 1, 4), date(2027, 1, 17)) is None
    assert two.bar(date(2027, 2, 1), date(2027, 2, 9)) is None


def test_a_bar_whose_end_lies_before_its_begin_is_its_last_day() -> None:
    assert WHOLE.bar(date(2027, 1, 20), date(2027, 1, 10)) == WHOLE.bar(None, date(2027, 1, 10))


def test_noon_lies_between_two_days() -> None:
    assert WHOLE.moment(datetime(2027, 1, 7, 12, tzinfo=UTC)) == 6.25


IN_WEEK_2, AFTERWARDS = date(2027, 1, 12), date(2027, 3, 10)


@pytest.mark.parametrize(
    ("today", "last_due", "wanted", "weeks"),
    [
        (IN_WEEK_2, None, (0, 0), (1, 8)),
        (IN_WEEK_2, date(2027, 3, 20), (0, 0), (1, 8)),
        (IN_WEEK_2, date(2027, 3, 20), (0, 99), (1, 11)),
        (AFTERWARDS, None, (0, 0), (1, 10)),
        (IN_WEEK_2, None, (3, 5), (3, 5)),
        (IN_WEEK_2, None, (3, 0), (3, 8)),
        (IN_WEEK_2, date(2027, 3, 20), (10, 0), (10, 10)),
        (IN_WEEK_2, None, (6, 2), (6, 6)),
        (IN_WEEK_2, None, (90, 99), (8, 8)),
        (IN_WEEK_2, date(2090, 1, 1), (0, 999), (1, 104)),
    ],
)
def test_the_weeks_that_are_looked_at_lie_within_the_plan(
    today: date, last_due: date | None, wanted: tuple[int, int], weeks: tuple[int, int]
) -> None:
    found = window(START, 8, today, last_due, wanted)
    assert (found.first, found.last) == weeks


def test_a_bar_is_drawn_by_the_state_of_its_task() -> None:
    assert [key_of(state, False) for state in (State.DONE, State.BLOCKED, State.LATE)] == ["done", "late", "late"]
    assert [key_of(State.WAITING, begun) for begun in (False, True)] == ["next", "run"]


def test_a_bar_of_many_tasks_is_filled_week_by_week() -> None:
    counts = {
        (date(2027, 1, 5), State.DONE): 2,
        (date(2027, 1, 12), State.DONE): 1,
        (date(2027, 1, 14), State.BLOCKED): 1,
        (date(2027, 1, 15), State.TODO): 2,
        (date(2027, 1, 26), State.TRACK): 5,
        (None, State.DONE): 9,
    }
    whole = (0.0, 50.0)
    assert filled(WHOLE, counts, whole) == [("done", 0, 12.5), ("done", 12.5, 3.12), ("late", 15.62, 3.12)]
    assert filled(WHOLE, counts, (5.0, 10.0)) == [("done", 5, 7.5), ("done", 12.5, 2.5)]
    assert filled(Window(START, 2, 2), counts, (0.0, 100.0)) == [("done", 0, 25), ("late", 25, 25)]
