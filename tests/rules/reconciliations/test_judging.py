"""Two counts are compared exactly, and the wider of two tolerances holds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.plan.format.answers import Answer
from app.plan.format.rhythm import ReconciliationLine
from app.plan.language.compare import parse_comparison, parse_tolerance
from app.rules.reconciliations.judging import answer_of, count_of, typed_in_words, variance, within
from app.rules.reconciliations.words import answer_words, figure, percent_words, signed, tolerance_words
from app.rules.tasks.answers import AnswerError


def line(tolerance: str = "0", **given: object) -> ReconciliationLine:
    known: dict[str, object] = {"title": "Claims", "compare": ("A", "B"), "tolerance": parse_tolerance(tolerance)}
    return ReconciliationLine(id="claims", path=("claims",), **(known | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tolerance", "left", "right", "is_within"),
    [
        ("0", "412", "412", True),
        ("0", "412", "413", False),
        ("0", "0", "0", True),
        ("0", "40.00", "40", True),
        ("0", "0.1", "0.10000000000000001", False),
        ("2", "412", "414", True),
        ("2", "412", "409", False),
        ("1 %", "100", "101", True),
        ("1 %", "100", "101.01", False),
        ("1 %", "100", "99", True),
        ("1 %", "0", "1", False),
        ("1 %", "0", "0", True),
        ("2 or 1 %", "100", "102", True),
        ("2 or 1 %", "1000", "1010", True),
        ("2 or 1 %", "1000", "1011", False),
        ("2 or 1 %", "0", "2", True),
        ("0.1 %", "1000", "1001", True),
        ("1 %", "-200", "-198", True),
        ("1 %", "-200", "-197", False),
    ],
)
def test_the_wider_of_the_two_holds(tolerance: str, left: str, right: str, is_within: bool) -> None:
    found = variance(parse_tolerance(tolerance), Decimal(left), Decimal(right))
    assert found.within is is_within
    assert within(line(tolerance), Decimal(left), Decimal(right), None) is is_within


def test_a_share_is_of_the_first_source() -> None:
    assert variance(parse_tolerance("10 %"), Decimal(100), Decimal(111)).allowed == Decimal(10)
    assert not variance(parse_tolerance("10 %"), Decimal(100), Decimal(111)).within
    assert variance(parse_tolerance("10 %"), Decimal(111), Decimal(100)).within


def test_a_variance_is_the_second_less_the_first() -> None:
    found = variance(parse_tolerance("0"), Decimal(412), Decimal(409))
    assert (found.amount, percent_words(found.percent or Decimal(0))) == (Decimal(-3), "\u22120.73%")
    assert variance(parse_tolerance("0"), Decimal(0), Decimal(3)).percent is None
    assert variance(parse_tolerance("0"), Decimal(0), Decimal(0)).percent == 0


def test_nothing_is_rounded() -> None:
    left, right = Decimal("999999999999999.000000000000001"), Decimal("-0.000000000000001")
    assert variance(parse_tolerance("0"), left, right).amount == Decimal("-999999999999999.000000000000002")


@pytest.mark.parametrize(
    ("text", "count"),
    [("412", "412"), (" 1204.50 ", "1204.50"), ("1204,5", "1204.5"), ("-3", "-3"), ("007", "7")],
)
def test_counts_are_read_exactly(text: str, count: str) -> None:
    assert count_of(text) == Decimal(count)


@pytest.mark.parametrize("text", ["", "1,204.50", "1 204", "1e3", "NaN", "Infinity", "+3", "twelve", ".5", "1" * 16])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(AnswerError):
        count_of(text)


def test_an_answer_is_judged_as_that_of_a_task() -> None:
    link = line(compare=None, answer=Answer(type="result"))
    assert [within(link, None, None, answer_of(link, text)) for text in ("pass", "fail", "not tested")] == [
        True, False, False,
    ]  # fmt: skip
    least = line(compare=None, answer=Answer(type="number", passes=parse_comparison("at least 99.5"), unit="%"))
    assert [within(least, None, None, answer_of(least, text)) for text in ("99.5", "99.4")] == [True, False]
    assert not within(link, None, None, None)
    with pytest.raises(AnswerError):
        answer_of(line(), "pass")


def test_a_line_of_which_nothing_can_be_said_is_not_within() -> None:
    assert not within(line(), Decimal(1), None, None)
    unclear = line(
        compare=None, answer=Answer(type="number", passes=parse_comparison("at most 110 % of baseline"))
    )  # fmt: skip
    assert not within(unclear, None, None, 5)


def test_text_of_ones_own_may_have_to_be_taken_away() -> None:
    typed = {
        kind: typed_in_words(line(compare=None, answer=Answer(type=kind))) for kind in ("text", "person", "result")
    }
    assert typed == {"text": True, "person": True, "result": False}
    assert not typed_in_words(line())


def test_figures_in_words() -> None:
    assert [figure(Decimal(one)) for one in ("1204.50", "-3", "412")] == ["1,204.50", "\u22123", "412"]
    assert [signed(Decimal(one)) for one in ("3", "-3", "0.00")] == ["+3", "\u22123", "0"]
    assert [percent_words(Decimal(one)) for one in ("0", "100", "0.004", "-0.005", "1e30")] == [
        "0%", "+100%", "under 0.01%", "\u22120.01%", "more than 1,000,000%",
    ]  # fmt: skip
    assert [tolerance_words(line(text)) for text in ("0", "2 or 1 %", "1 %")] == ["none", "2 or 1%", "1%"]
    assert tolerance_words(line("5", unit="USD")) == "5 USD"
    assert [answer_words(line(), one) for one in (True, ["a", "b"], 3, None)] == ["yes", "a, b", "3", ""]
