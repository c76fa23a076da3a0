"""What figures are worth, and when they have paid: the worked examples, and the edges beside them."""

from __future__ import annotations

import doctest
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType

import pytest

from app.rules.metrics import money, wins
from app.rules.metrics.money import Cost, Saving, alike, by_month, currency_of, payback
from app.rules.metrics.readings import Reading, mean_of
from app.rules.metrics.wins import is_win

D = Decimal
MAY = date(2027, 5, 31)


@pytest.mark.parametrize("module", [money, wins])
def test_the_worked_examples_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_only_a_currency_is_one() -> None:
    assert [currency_of(one) for one in ("USD", "EUR a year", "FTE", "RVU an hour", "%", None)] == [
        "USD", "EUR", "", "", "", "",
    ]  # fmt: skip


def test_nothing_saved_names_no_day() -> None:
    worse = [Saving(date(2027, month, 1), date(2027, month, 28), D(-100)) for month in (3, 4, 5)]
    found = payback([Cost(date(2027, 2, 1), D(900))], worse, MAY)
    assert (found.saved, found.on, found.earliest, found.latest, found.since) == (D(-300), None, None, None, None)
    assert payback([], worse, MAY).on is None
    assert payback([Cost(date(2027, 6, 1), D(900))], worse, MAY).spent == 0  # not spent yet


def test_paid_back_is_the_day_after_which_it_was_never_open_again() -> None:
    saved = [Saving(date(2027, month, 1), date(2027, month, 28), D(500)) for month in (3, 4, 5)]
    costs = [Cost(date(2027, 2, 1), D(400)), Cost(date(2027, 4, 1), D(500))]
    assert payback(costs, saved, MAY).since == date(2027, 4, 23)  # 22 of 28 days bring 393, 23 bring 411
    assert payback(costs[:1], saved, MAY).since == date(2027, 3, 23)
    assert payback([Cost(date(2027, 5, 30), D(1500))], saved, MAY).since == date(2027, 3, 1)  # never below
    third = [Saving(date(2027, 3, 1), date(2027, 3, 3), D(1))]
    assert payback([Cost(date(2027, 2, 1), D(1))], third, MAY).since == date(2027, 3, 3)  # to the last third


def test_a_saving_is_spread_over_its_days() -> None:
    quarter = Saving(date(2027, 1, 1), date(2027, 3, 31), D(9000))
    assert by_month([quarter]) == {date(2027, 1, 1): 3100, date(2027, 2, 1): 2800, date(2027, 3, 1): 3100}
    apart = [Saving(date(2026, 11, 2), date(2026, 11, 8), D(7)), Saving(date(2027, 2, 1), date(2027, 2, 7), D(7))]
    assert list(by_month(apart).items()) == [
        (date(2026, 11, 1), D(7)), (date(2026, 12, 1), D(0)), (date(2027, 1, 1), D(0)), (date(2027, 2, 1), D(7)),
    ]  # fmt: skip
    assert by_month([]) == {}


def daily(first: date, last: date, amount: int = 10) -> list[Saving]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [Saving(day, day, D(amount)) for day in days]


@pytest.mark.parametrize(
    "saved",
    [
        daily(date(2027, 1, 1), date(2027, 6, 2)),
        [Saving(date(2027, 1, 1), date(2027, 6, 2), D(1530))],
        [
            Saving(date(2027, 1, 1) + timedelta(weeks=n), date(2027, 1, 7) + timedelta(weeks=n), D(70))
            for n in range(22)
        ],
    ],
    ids=["by day", "once", "by week"],
)
def test_the_pace_is_the_same_however_it_was_read(saved: list[Saving]) -> None:
    """$10 a day: in March 310, in April 300, in May 310. The first two days of June say nothing of a pace."""
    found = payback([Cost(date(2026, 12, 1), D(10_000))], saved, date(2027, 6, 3))
    assert (round(found.pace or 0, 9), found.months) == (round(D(920) / 3, 9), 3)
    assert found.on is not None and found.earliest is not None and found.latest is not None
    assert date(2027, 6, 3) < found.earliest < found.on < found.latest


def test_months_without_a_saving_slow_the_pace() -> None:
    """Read to February and never again: of the last three whole months one saved."""
    saved = daily(date(2027, 1, 1), date(2027, 2, 28))
    found = payback([Cost(date(2026, 12, 1), D(1000))], saved, date(2027, 5, 20))
    assert (found.months, round(found.pace or 0, 2), found.latest) == (3, D("93.33"), None)
    assert found.on is not None and found.on > date(2027, 5, 20)
    assert payback([Cost(date(2026, 12, 1), D(1000))], saved, date(2027, 6, 1)).on is None


def test_no_month_counts_that_began_before_the_savings_or_is_not_over() -> None:
    cost, saved = [Cost(date(2027, 2, 1), D(9000))], daily(date(2027, 3, 8), date(2027, 5, 2))
    assert payback(cost, saved, date(2027, 5, 3)).months == 1
    assert payback(cost, saved, date(2027, 5, 3)).pace == 300
    early = payback(cost, saved, date(2027, 4, 20))
    assert (early.saved, early.pace, early.months, early.on) == (D(440), None, 0, None)


def test_the_projection_begins_today() -> None:
    """Nothing was read for weeks: what is open is not paid back in the past."""
    saved = [Saving(date(2027, 3, 1), date(2027, 3, 31), D(890))]
    found = payback([Cost(date(2027, 2, 1), D(900))], saved, date(2027, 5, 31))
    assert found.on == date(2027, 6, 1)


def test_a_plain_figure_saves_where_it_is_as_long_as_those_of_the_baseline() -> None:
    november, december, february, march = (
        Reading(date(year, month, 1), date(year, month, last), D(9))
        for year, month, last in ((2026, 11, 30), (2026, 12, 31), (2027, 2, 28), (2027, 3, 31))
    )
    week = Reading(date(2027, 3, 1), date(2027, 3, 7), D(2))
    quarter = Reading(date(2027, 1, 1), date(2027, 3, 31), D(27))
    counted = [november, december, february, march, week, quarter]
    assert alike(counted, mean_of([november, december])) == (november, december, february, march)
    assert alike(counted, mean_of([february])) == (november, december, february, march)
    assert alike(counted, mean_of([week])) == (week,)
    assert alike(counted, None) == ()
    mixed = Reading(date(2026, 12, 1), date(2026, 12, 7), D(2))
    assert alike([november, mixed, march], mean_of([november, mixed])) == ()  # as long as one of them, not as the other


def test_a_win_is_of_two_in_a_row_and_not_old() -> None:
    assert [is_win(run, last, MAY) for run, last in ((1, MAY), (2, MAY), (2, date(2027, 5, 16)), (2, None))] == [
        False, True, False, False,
    ]  # fmt: skip
