"""Hours that count and hours that do not, positions, and what makes two sets of indices comparable."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.rules.productivity.hours import COUNTED, KIND_WORDS, HourKind, HoursLine, available_hours, fte
from app.rules.productivity.indices import Basis, Indices, differences, indices, work_of
from app.rules.productivity.relative_values import RelativeValues

D = Decimal
YEAR = HoursLine(HourKind.NORMAL_DAY, D(46), D(40))


@pytest.mark.parametrize("kind", HourKind)
def test_each_kind_counts_or_does_not_as_the_source_says(kind: HourKind) -> None:
    assert KIND_WORDS[kind]
    assert available_hours([YEAR, HoursLine(kind, D(10), D(8))]) == (1_920 if kind in COUNTED else 1_840)


@pytest.mark.parametrize("kind", [one for one in HourKind if one not in COUNTED])
def test_what_does_not_count_is_taken_off_where_it_lies_within_what_does(kind: HourKind) -> None:
    assert available_hours([YEAR, HoursLine(kind, D(10), D(8), within=True)]) == 1_760


def test_more_than_was_counted_cannot_be_taken_off() -> None:
    with pytest.raises(ValueError, match="taken off"):
        available_hours([HoursLine(HourKind.LUNCH, D(1), D(1), within=True)])
    with pytest.raises(ValueError, match="nobody"):
        available_hours([replace(YEAR, shared_by=D(0))])


@pytest.mark.parametrize(
    ("weekly", "full_time", "worked", "expected"),
    [("12", "36", "1", "0.33"), ("36", "36", "0.75", "0.75"), ("50", "36", "1", "1.00"), ("50", "36", "0.5", "0.50")],
)
def test_a_position_is_a_share_of_the_hours_and_of_the_year_and_never_more_than_one(
    weekly: str, full_time: str, worked: str, expected: str
) -> None:
    assert fte(D(weekly), D(full_time), D(worked)).quantize(D("0.01")) == D(expected)


@pytest.mark.parametrize(("weekly", "full_time", "worked"), [("-1", "36", "1"), ("36", "0", "1"), ("36", "36", "1.1")])
def test_what_is_no_share_is_refused(weekly: str, full_time: str, worked: str) -> None:
    with pytest.raises(ValueError, match="share"):
        fte(D(weekly), D(full_time), D(worked))


def test_a_code_without_a_value_is_named_and_brings_no_rvu() -> None:
    values = RelativeValues(2026, {"71046": D("0.18")})
    found = work_of({"71046": 10, "00000": 3}, values)
    assert (found.procedures, found.rvu, found.unvalued) == (13, D("1.80"), {"00000": 3})


def test_nothing_is_divided_by_nothing() -> None:
    assert indices(rvu=D(0), procedures=0, hours=D(0), positions=D(0)) == Indices(None, None, None)


def test_availability_of_half_a_year_is_held_against_half_a_business_year() -> None:
    whole = indices(rvu=D(10), procedures=5, hours=D(1_800), positions=D(1))
    half = indices(rvu=D(10), procedures=5, hours=D(900), positions=D(1), year=D("0.5"))
    assert whole.availability == half.availability


def test_what_was_measured_on_another_basis_does_not_compare() -> None:
    one = Basis(2026, D(1), frozenset({"normal-day", "call-on-site"}))
    assert differences(one, one) == ()
    assert differences(one, Basis(2025, D("0.25"), frozenset({"normal-day"}))) == (
        "relative values of 2026 and of 2025", "periods of different length", "hours that only one of them counts:"
        " call-on-site",
    )  # fmt: skip
