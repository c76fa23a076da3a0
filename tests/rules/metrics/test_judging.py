"""What can be a reading: figures as people write them, days that are over, and what the playbook accepts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.plan import load
from app.rules.metrics.judging import (
    fault_of_days,
    fault_of_sign,
    fault_of_size,
    fault_of_value,
    figure_of,
    shared,
    sign_of,
)
from tests.cast import PLAYBOOK

D = Decimal
TODAY = date(2027, 2, 1)
RATES = """\
metrics:
  rate: {title: Rate, unit: "%", owner: champion, baseline: week 1, accept: 0 .. 100}
  visits: {title: Visits, owner: champion, baseline: week 1, accept: at most 110 % of baseline}
"""
FIGURES = load((PLAYBOOK + RATES).encode()).figures


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,753.5", "1753.5"), (" 62 % ", "62"), ("$12", "12"), ("−3", "-3"), ("1 250", "1250"), ("0.25", "0.25")],
)
def test_figures_are_taken_as_people_write_them(text: str, value: str) -> None:
    assert figure_of(text) == D(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12,5",
        "0,847",
        "12345,678",
        "1,75,3",
        "1_000",
        "1e5",
        "\u0663",
        "1e999999999",
        "about 4",
        "nan",
        "1" * 13,
        "0.1234567",
    ],
)
def test_what_could_be_read_two_ways_is_no_figure(text: str) -> None:
    with pytest.raises(ValueError, match=r"figure|decimals"):
        figure_of(text)


def test_a_share_or_money_is_taken_where_the_metric_is_one() -> None:
    assert [sign_of(text) for text in ("62 %", "$12", "12")] == ["%", "$", ""]
    assert fault_of_sign("%", "%") == fault_of_sign("%", "% a year") == fault_of_sign("$", "USD") == ""
    assert "read in FTE" in fault_of_sign("%", "FTE")
    assert "plain numbers" in fault_of_sign("$", None)


def test_days_are_the_right_way_round_over_and_not_for_ever() -> None:
    assert fault_of_days(date(2027, 1, 25), date(2027, 1, 31), TODAY) == ""
    assert "comes after" in fault_of_days(TODAY, date(2027, 1, 31), TODAY)
    assert "still to come" in fault_of_days(TODAY, date(2027, 2, 7), TODAY)
    assert "at most" in fault_of_days(date(2025, 1, 1), TODAY, TODAY)
    assert "A year" in fault_of_days(date(1999, 12, 27), date(2000, 1, 2), TODAY)


def test_what_the_playbook_does_not_accept_cannot_be() -> None:
    assert fault_of_value(FIGURES["rate"], D(62)) == ""
    assert "0 .. 100" in fault_of_value(FIGURES["rate"], D(128))
    assert fault_of_value(FIGURES["visits"], D(500)) == ""
    assert "baseline" in fault_of_value(FIGURES["visits"], D(500), D(400))
    assert fault_of_size(D(0)) != ""
    assert fault_of_size(None) == fault_of_size(D(4)) == ""


def test_the_same_days_are_one_reading_and_some_of_them_are_not() -> None:
    week = (date(2027, 1, 4), date(2027, 1, 10))
    assert not shared(week, week)
    assert shared(week, (date(2027, 1, 10), date(2027, 1, 16)))
    assert not shared(week, (date(2027, 1, 11), date(2027, 1, 17)))
