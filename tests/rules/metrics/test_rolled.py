"""One figure for many places, also of what is computed."""

from __future__ import annotations

from decimal import Decimal

from app.rules.metrics.roll_up import RolledUp
from app.rules.metrics.rolled import behind, following, rolled
from tests.rules.metrics.test_standing import FIGURES

D = Decimal


def test_a_computed_metric_is_computed_from_sums_over_the_places_that_have_all_parts() -> None:
    values = {"spend": {"a": D(1000), "b": D(500), "c": D(9000)}, "exams": {"a": D(100), "b": D(20)}}
    found = rolled(FIGURES, "cost", values, ("a", "b", "c"))
    assert found == RolledUp(D("12.5"), 2, ("c",))
    assert rolled(FIGURES, "twice", values).value == D(25)
    assert rolled(FIGURES, "spend", values, ("a", "d")) == RolledUp(D(10500), 3, ("d",))


def test_without_figures_or_without_a_rule_there_is_none() -> None:
    assert rolled(FIGURES, "cost", {"spend": {"a": D(1)}}, ("a",)) == RolledUp(None, 0, ("a",))
    assert rolled(FIGURES, "ar-days", {"ar-days": {"a": D(45)}}, ("a",)) == RolledUp(None, 0, ("a",))


def test_what_follows_from_what() -> None:
    assert behind(FIGURES, "twice") == {"twice", "cost", "spend", "exams"}
    assert following(FIGURES, "exams") == {"exams", "cost", "twice"}
    assert following(FIGURES, "ar-days") == {"ar-days"}
