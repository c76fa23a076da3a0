"""Over which days a metric is read."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from app.plan.language.recurrence import parse_every
from app.rules.metrics.periods import (
    Cadence,
    cadence_of,
    is_period,
    last_complete,
    latest_periods,
    period_at,
    period_words,
)

TUESDAY = date(2027, 1, 5)


@pytest.mark.parametrize(
    ("every", "first", "last", "words"),
    [
        ("day", date(2027, 1, 4), date(2027, 1, 4), "4 January 2027"),
        ("week", date(2026, 12, 28), date(2027, 1, 3), "week of 28 December 2026"),
        ("fri", date(2026, 12, 28), date(2027, 1, 3), "week of 28 December 2026"),
        ("month", date(2026, 12, 1), date(2026, 12, 31), "December 2026"),
        ("last fri of the month", date(2026, 12, 1), date(2026, 12, 31), "December 2026"),
        ("3mo", date(2026, 10, 1), date(2026, 12, 31), "October to December 2026"),
        ("12mo", date(2026, 1, 1), date(2026, 12, 31), "January to December 2026"),
    ],
)
def test_the_latest_period_that_is_over(every: str, first: date, last: date, words: str) -> None:
    cadence = cadence_of(parse_every(every))
    assert cadence is not None
    assert last_complete(cadence, TUESDAY) == (first, last)
    assert is_period(cadence, (first, last))
    assert period_words((first, last)) == words


def test_periods_follow_each_other_without_a_hole() -> None:
    for cadence in (Cadence("day"), Cadence("day", 10), Cadence("week", 2), Cadence("month"), Cadence("month", 3)):
        found = latest_periods(cadence, TUESDAY, 9)
        assert all((later[0] - earlier[1]).days == 1 for later, earlier in pairwise(found))
        assert all(period_at(cadence, day) == days for days in found for day in days)


def test_other_days_are_named_by_both() -> None:
    assert period_words((date(2027, 1, 5), date(2027, 1, 8))) == "5 January to 8 January 2027"
    assert period_words((date(2026, 12, 30), date(2027, 1, 8))) == "30 December 2026 to 8 January 2027"
    assert cadence_of(None) is None
