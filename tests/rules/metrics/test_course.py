"""How far a metric has come, on the four rows of return that the source gives."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.rules.metrics.course import Change, Course, Target, change, course, expected_on
from app.rules.metrics.readings import Mean, Reading

D = Decimal
LIVE = date(2027, 2, 8)
DAY = timedelta(days=1)
IN_90 = LIVE + 90 * DAY


def before(value: str) -> Mean:
    return Mean(D(value), 4, LIVE - 35 * DAY, LIVE - 8 * DAY)


def read(value: str, after: int) -> Reading:
    """A week that ends so many days after the go-live."""
    last = LIVE + after * DAY
    return Reading(last - 6 * DAY, last, D(value))


@pytest.mark.parametrize(
    ("value", "after", "expected"),
    [
        ("40", 45, Course.ON_COURSE),
        ("40.1", 45, Course.BEHIND),
        ("35", 45, Course.MET),
        ("36", 89, Course.BEHIND),
        ("35.5", 90, Course.MISSED),
        ("34", 120, Course.MET),
        ("44.3", 6, Course.ON_COURSE),
        ("44.3", 5, Course.UNKNOWN),
    ],
)
def test_days_in_receivables_from_45_to_35_in_90_days(value: str, after: int, expected: Course) -> None:
    found = course(
        before("45"), read(value, after), Target(D(35), IN_90), better="lower", live=LIVE, today=LIVE + 120 * DAY
    )
    assert found is expected


def test_what_should_rise_is_behind_below_the_line() -> None:
    target = Target(D(75), LIVE + 100 * DAY)
    for value, expected in (("68.5", Course.ON_COURSE), ("68.4", Course.BEHIND), ("75", Course.MET)):
        found = course(before("62"), read(value, 50), target, better="higher", live=LIVE, today=LIVE + 60 * DAY)
        assert found is expected


def test_a_target_without_a_day_is_never_late() -> None:
    undated = Target(D(75))
    found = course(before("62"), read("60", 300), undated, better="higher", live=LIVE, today=LIVE + 400 * DAY)
    assert found is Course.UNDATED
    assert expected_on(LIVE, D(62), undated, LIVE) is None


def test_what_is_not_known_is_said() -> None:
    target = Target(D(35), IN_90)
    given = {"better": "lower", "today": LIVE + 10 * DAY}
    assert course(before("45"), read("44", 7), None, live=LIVE, **given) is Course.NO_TARGET
    assert course(before("45"), read("44", 7), target, live=None, **given) is Course.EARLY
    assert course(before("45"), read("44", 7), target, live=LIVE + 20 * DAY, **given) is Course.EARLY
    assert course(before("45"), None, target, live=LIVE, **given) is Course.UNKNOWN
    assert course(None, read("44", 7), target, live=LIVE, **given) is Course.UNKNOWN


@pytest.mark.parametrize(
    ("baseline", "value", "better", "expected"),
    [
        ("45", "36", "lower", Change(D(-9), D(-20), True)),
        ("12", "15", "lower", Change(D(3), D(25), False)),
        ("62", "62", "higher", Change(D(0), D(0), None)),
        ("0", "3", "higher", Change(D(3), None, True)),
        ("-4", "-2", "higher", Change(D(2), D(50), True)),
        ("4", "5", None, Change(D(1), D(25), None)),
    ],
)
def test_a_change_has_a_size_a_share_and_a_way(baseline: str, value: str, better: str | None, expected: Change) -> None:
    assert change(D(baseline), D(value), better) == expected


def test_the_line_begins_at_the_baseline_and_ends_at_the_target() -> None:
    target = Target(D(35), IN_90)
    found = [expected_on(LIVE + days * DAY, D(45), target, LIVE) for days in (-5, 0, 9, 45, 90, 200)]
    assert found == [45, 45, 44, 40, 35, 35]
