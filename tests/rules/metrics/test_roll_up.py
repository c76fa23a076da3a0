"""One figure for many places, against plain fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.metrics.roll_up import RolledUp, roll_up, weight_metric

D = Decimal
PLACES = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(st.none() | st.integers(-99, 99), st.none() | st.integers(0, 40)), max_size=8
)


def test_a_rate_is_weighed_by_its_volume() -> None:
    rates = {"large": D(4), "small": D(10), "silent": None, "unweighed": D(50)}
    found = roll_up("mean by exams", rates, {"large": D(900), "small": D(100), "unweighed": None, "silent": D(5)})
    assert found == RolledUp(D("4.6"), 2, ("silent", "unweighed"))
    assert roll_up("mean by exams", rates) == RolledUp(None, 0, tuple(rates))
    assert (weight_metric("mean by exams"), weight_metric("mean")) == ("exams", "")


def test_nothing_rolls_up_to_nothing() -> None:
    assert roll_up("sum", {"a": None}) == RolledUp(None, 0, ("a",))


def test_another_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="no way"):
        roll_up("mode", {"a": D(1)})


@given(PLACES, st.sampled_from(["sum", "mean", "median", "mean by exams"]))
def test_every_rule_is_what_fractions_say(places: dict[str, tuple[int | None, int | None]], rule: str) -> None:
    values = {name: None if value is None else D(value) for name, (value, _) in places.items()}
    weights = {name: None if weight is None else D(weight) for name, (_, weight) in places.items()}
    found = roll_up(rule, values, weights)
    rows = [(Fraction(v), w) for v, w in places.values() if v is not None and (rule != "mean by exams" or w)]
    assert found.places == len(rows) and len(found.without) == len(places) - len(rows)
    if not rows:
        assert found.value is None
        return
    figures = [v for v, _ in rows]
    expected = {
        "sum": lambda: sum(figures),
        "mean": lambda: sum(figures) / len(figures),
        "median": lambda: median(figures),
        "mean by exams": lambda: sum(v * w for v, w in rows if w) / sum(w for _, w in rows if w),
    }[rule]()
    assert found.value is not None and float(found.value) == pytest.approx(float(expected))
