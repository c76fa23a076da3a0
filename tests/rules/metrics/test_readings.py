"""Which readings count, and the means that they make, against plain Python over their days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.metrics.readings import Mean, Reading, baseline_of, mean_of, season_before, sort_out

D = Decimal
MONDAY = date(2027, 1, 4)
WEEK = timedelta(weeks=1)


def week(number: int, value: str, size: str = "", definition: int = 1) -> Reading:
    """The reading of a week: 0 begins on the Monday."""
    first = MONDAY + number * WEEK
    return Reading(first, first + timedelta(days=6), D(value), D(size) if size else None, definition)


def test_what_shares_a_day_with_the_dip_is_left_out_whole_and_said() -> None:
    given = [week(2, "11"), week(0, "9"), week(1, "30"), week(3, "8", definition=2)]
    dip = (MONDAY + 2 * WEEK - timedelta(days=1), MONDAY + 2 * WEEK - timedelta(days=1))
    found = sort_out(given, definition=1, without=[dip])
    assert (found.counted, found.left_out, found.otherwise) == (
        (week(0, "9"), week(2, "11")), (week(1, "30"),), (week(3, "8", definition=2),),
    )  # fmt: skip
    assert found.latest == week(2, "11")
    assert sort_out([], definition=1).latest is None


def test_a_mean_is_weighed_where_every_reading_says_of_how_many() -> None:
    assert mean_of([week(0, "10", "100"), week(1, "4", "300")]) == Mean(
        D("5.5"), 2, MONDAY, MONDAY + timedelta(days=13), D(400)
    )
    plain = mean_of([week(0, "10", "100"), week(1, "4")])
    assert plain is not None and (plain.value, plain.size) == (D(7), None)
    assert mean_of([]) is None
    nothing = mean_of([week(0, "10", "0"), week(1, "4", "0")])
    assert nothing is not None and (nothing.value, nothing.size) == (D(7), None)


def test_a_baseline_takes_what_lies_whole_before_its_day_and_within_its_length() -> None:
    given = [week(number, str(number)) for number in range(6)]
    until = MONDAY + 4 * WEEK + timedelta(days=5)  # a Saturday: the fifth week is not over
    assert baseline_of(given, until=until) == Mean(D("1.5"), 4, MONDAY, MONDAY + 4 * WEEK - timedelta(days=1))
    sunday = MONDAY + 4 * WEEK - timedelta(days=1)
    within = baseline_of(given, until=sunday, since=sunday - timedelta(days=13))
    assert within is not None and (within.value, within.readings) == (D("2.5"), 2)
    assert baseline_of(given, until=MONDAY) is None


def test_the_same_season_is_fifty_two_weeks_before_and_whole_or_not_at_all() -> None:
    given = [week(number, str(number)) for number in range(60)]
    period = (MONDAY + 53 * WEEK, MONDAY + 55 * WEEK - timedelta(days=1))
    found = season_before(given, period)
    assert found is not None and (found.value, found.readings) == (D("1.5"), 2)
    assert season_before(given[2:], period) is None
    assert season_before(given, (MONDAY, MONDAY + WEEK)) is None


def test_the_season_of_a_month_is_the_same_month() -> None:
    def month(year: int, number: int, value: str) -> Reading:
        after = date(year + number // 12, number % 12 + 1, 1)
        return Reading(date(year, number, 1), after - timedelta(days=1), D(value))

    given = [month(2026, 3, "10"), month(2026, 4, "30"), month(2027, 3, "50")]
    found = season_before(given, (date(2027, 3, 1), date(2027, 3, 31)))
    assert found is not None and (found.value, found.readings) == (D(10), 1)
    assert season_before(given, (date(2027, 2, 1), date(2027, 2, 28))) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 80), st.integers(0, 20), st.integers(-500, 500), st.none() | st.integers(0, 50)),
        max_size=25,
    ),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 15)), max_size=3),
)
def test_what_counts_is_what_shares_no_day_with_a_stretch(
    rows: list[tuple[int, int, int, int | None]], gaps: list[tuple[int, int]]
) -> None:
    day = timedelta(days=1)
    readings = [
        Reading(MONDAY + a * day, MONDAY + (a + n) * day, D(v), None if s is None else D(s)) for a, n, v, s in rows
    ]
    stretches = [(MONDAY + a * day, MONDAY + (a + n) * day) for a, n in gaps]
    gone = {a + k for a, n in gaps for k in range(n + 1)}
    kept = [(v, s) for a, n, v, s in rows if not gone & {a + k for k in range(n + 1)}]
    found = sort_out(readings, definition=1, without=stretches)
    assert sorted(one.value for one in found.counted) == sorted(v for v, _ in kept)
    mean = mean_of(found.counted)
    if not kept:
        assert mean is None
        return
    assert mean is not None
    sizes = [s for _, s in kept if s is not None]
    if len(sizes) == len(kept) and sum(sizes) > 0:
        expected = sum(Fraction(v) * (s or 0) for v, s in kept) / sum(sizes)
    else:
        expected = Fraction(sum(v for v, _ in kept), len(kept))
    assert float(mean.value) == pytest.approx(float(expected))
