"""What figures are worth, and when they have paid: the worked examples, and the edges beside them."""

from __future__ import annotations

import doctest
from datetime import date
from decimal import Decimal
from types import ModuleType

import pytest

from app.rules.metrics import money, wins
from app.rules.metrics.money import Cost, Saving, currency_of, payback
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
    assert payback(costs, saved, MAY).since == date(2027, 4, 28)


def test_a_win_is_of_two_in_a_row_and_not_old() -> None:
    assert [is_win(run, last, MAY) for run, last in ((1, MAY), (2, MAY), (2, date(2027, 5, 16)), (2, None))] == [
        False, True, False, False,
    ]  # fmt: skip
