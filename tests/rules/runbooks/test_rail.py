"""The rail of a night: its scale, its lanes, and the words under it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.runbooks.forecast import Span
from app.rules.runbooks.rail import MOST_LANES, Axis, Label, Slot, labelled, lanes
from tests.rules.runbooks.night import at

CHICAGO = "America/Chicago"


def span(begin: float, end: float) -> Span:
    return Span(at(begin), at(end))


def test_a_night_is_drawn_to_scale_though_nothing_is_planned_for_hours() -> None:
    axis = Axis(at(0), at(600), [span(0, 60), span(540, 600)])
    assert [axis.place(at(minute)) for minute in (0, 60, 300, 600)] == [0, 10, 50, 100]
    assert [one.idle for one in axis.stretches] == [False]


def test_in_a_longer_run_what_is_idle_is_drawn_short() -> None:
    axis = Axis(at(0), at(2880), [span(0, 180), span(1440, 1560), span(2700, 2880)])
    assert [(one.idle, round(one.x, 1), round(one.width, 1)) for one in axis.stretches] == [
        (False, 0.0, 33.3), (True, 33.3, 5.6), (False, 38.9, 22.2), (True, 61.1, 5.6), (False, 66.7, 33.3),
    ]  # fmt: skip
    assert axis.place(at(810)) == 36.11
    assert axis.place(at(2700)) == 66.67


def test_a_run_that_begins_or_ends_idle_keeps_its_ends() -> None:
    axis = Axis(at(-600), at(2000), [span(0, 60)])
    assert [one.idle for one in axis.stretches] == [True, False, True]
    assert (axis.place(at(-600)), axis.place(at(2000))) == (0, 100)


def test_what_lies_outside_is_put_at_the_ends() -> None:
    axis = Axis(at(0), at(60), [span(0, 60)])
    assert (axis.place(at(-5)), axis.place(at(75))) == (0, 100)


def test_a_run_that_has_no_length_is_drawn() -> None:
    assert Axis(at(0), at(0), []).place(at(0)) == 0


def test_hours_are_those_of_the_place_also_where_one_is_missing() -> None:
    begin = datetime(2027, 3, 14, 5, 30, tzinfo=UTC)  # half past eleven at night; at two the clocks go forward
    axis = Axis(begin, begin + timedelta(hours=4), [])
    assert [f"{there:%H:%M} {x}" for there, x in axis.hours(CHICAGO)] == [
        "00:00 12.5", "01:00 37.5", "03:00 62.5", "04:00 87.5",
    ]  # fmt: skip


def test_hours_of_an_idle_stretch_are_left_out() -> None:
    axis = Axis(at(0), at(1200), [span(0, 60), span(1140, 1200)])
    assert [f"{there:%H}" for there, _ in axis.hours("UTC")] == ["13", "14", "08", "09"]


spans = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 60)), max_size=40).map(
    lambda pairs: sorted((span(begin, begin + length) for begin, length in pairs), key=lambda one: one.begin)
)


@given(spans)
def test_no_two_steps_cover_each_other_in_a_lane(found: list[Span]) -> None:
    placed = list(zip(found, lanes(found, most=len(found) + 1), strict=True))
    for (one, lane), (other, beside) in combinations(placed, 2):
        assert lane != beside or one.end <= other.begin or other.end <= one.begin


@given(spans)
def test_there_are_never_more_lanes_than_fit(found: list[Span]) -> None:
    assert max(lanes(found), default=0) < MOST_LANES


def test_labels_stand_to_the_left_then_to_the_right_then_below() -> None:
    asked = [Label("first", 50, 10, 0), Label("second", 55, 10, 1), Label("third", 52, 10, 2)]
    found = labelled(asked, [], 1.0)
    assert found == {"first": Slot(0, 40, 50), "second": Slot(0, 55, 65), "third": Slot(1, 42, 52)}


@pytest.mark.parametrize(("x", "left"), [(4, 4), (98, 88)])
def test_no_label_runs_over_an_end(x: float, left: float) -> None:
    assert labelled([Label("one", x, 10, 0)], [], 1.0)["one"].left == left


def test_a_label_without_room_is_left_out() -> None:
    asked = [Label(name, 50, 60, rank) for rank, name in enumerate(("a", "b"))]
    assert labelled(asked, [Slot(0, 48, 52), Slot(1, 48, 52)], 1.0) == {}
