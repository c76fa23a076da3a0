"""Which readings of a place save: a plain figure only over as many days as before, positions over any."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.actions.metrics.saving import savings_at
from app.plan import load
from app.rules.metrics.readings import Reading
from app.rules.metrics.standing import Days, series_at, standing
from tests.cast import PLAYBOOK

METRICS = """\
metrics:
  premium: {title: Premium, unit: USD, better: lower, owner: champion, baseline: week 2 thu}
  staff: {title: Staff, unit: FTE, better: lower, owner: champion, baseline: week 2 thu}
"""
FIGURES = load((PLAYBOOK + METRICS).encode()).figures
LIVE = date(2027, 2, 8)
DAYS = Days(due=LIVE - timedelta(days=1), windows=((date.min, LIVE - timedelta(days=1)),), live=LIVE)


def saved(*readings: Reading) -> list[tuple[str, date, Decimal]]:
    series = series_at(FIGURES, {"premium": readings, "staff": readings}, dict.fromkeys(FIGURES, DAYS))
    found = {id_: standing(one, Decimal(10)) for id_, one in series.items()}
    return [(metric, last, one.amount) for (metric, _, last), one in savings_at(FIGURES, series, found).items()]


def test_a_week_beside_a_month_says_nothing_of_money_and_all_of_positions() -> None:
    january = Reading(date(2027, 1, 1), date(2027, 1, 31), Decimal(10))
    april = Reading(date(2027, 4, 1), date(2027, 4, 30), Decimal(8))
    week = Reading(date(2027, 5, 3), date(2027, 5, 9), Decimal(2))
    assert saved(january, april, week) == [
        ("premium", april.last, Decimal(2)), ("staff", april.last, Decimal(2)), ("staff", week.last, Decimal(8)),
    ]  # fmt: skip
    assert saved(april) == [
        ("staff", april.last, Decimal(2))
    ]  # signed without readings: nobody knows over how many days
