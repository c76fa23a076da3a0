"""What people type becomes a value, or is told what would be one; a value passes, fails or is unclear."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plan.format.answers import Answer
from app.plan.format.tasks import Task
from app.rules.tasks.answers import AnswerError, judge, parse
from tests.rules.planning import book


def asked(answer: str) -> Answer:
    entry = book(f"tasks:\n  fees: {{title: Fees, owner: lead, due: start, answer: {answer}}}\n").entries["fees"]
    assert isinstance(entry, Task)
    return entry.answer


@pytest.mark.parametrize(
    ("answer", "typed", "value"),
    [
        ("text", " by mail ", "by mail"),
        ("person", "Ann Lee", "Ann Lee"),
        ("number Mbps", "104", 104),
        ("number Mbps", "99.5", 99.5),
        ("number Mbps", "99,5", 99.5),
        ("number Mbps", "-3", -3),
        ("number Mbps", "1.0", 1.0),
        ("yes-no", "Yes", True),
        ("yes-no", "no", False),
        ("tick", "true", True),
        ("result", "not tested", "not tested"),
        ("[single, federated]", "federated", "federated"),
        ("{type: choices, options: [ct, mri]}", "mri\nct\n", ["mri", "ct"]),
        ("date", "2027-02-05", "2027-02-05"),
        ("time", "07:30", "07:30"),
        ("duration", "2h30m", "2h30m"),
        ("duration", "150m", "2h30m"),
        ("duration", "3d", "3d"),
    ],
)
def test_what_was_typed_becomes_a_value_that_json_keeps(answer: str, typed: str, value: Any) -> None:
    found = parse(asked(answer), typed)
    assert (found, type(found)) == (value, type(value))
    assert json.loads(json.dumps(found)) == value


@pytest.mark.parametrize(
    ("answer", "typed"),
    [
        ("number", "fast"),
        ("number", "1e3"),
        ("number", "nan"),
        ("number", "inf"),
        ("number", "1.000,5"),
        ("number", "１２"),
        ("number", "1" * 16),
        ("number", "1_000"),
        ("number", "0x10"),
        ("yes-no", "perhaps"),
        ("yes-no", "1"),
        ("result", "Pass"),
        ("[single, federated]", "both"),
        ("{type: choices, options: [ct, mri]}", "ct\nx-ray"),
        ("date", "2027-02-30"),
        ("date", "tomorrow"),
        ("time", "7:30"),
        ("time", "24:00"),
        ("duration", "0h"),
        ("duration", "soon"),
        ("text", "x" * 4_001),
        ("person", "x" * 201),
        ("text", ""),
        ("text", "   "),
        ("text", "a\x00b"),
        ("text", "a\x1b[31mb"),
        ("text", "a\ud800b"),
        ("{type: table, columns: {who: person}}", "Ann"),
    ],
)
def test_what_is_no_answer_is_told_what_would_be(answer: str, typed: str) -> None:
    with pytest.raises(AnswerError, match=r"\.$"):
        parse(asked(answer), typed)


@given(st.text(max_size=300), st.sampled_from(["text", "number", "yes-no", "result", "date", "time", "duration"]))
def test_anything_typed_is_a_value_or_a_refusal(typed: str, kind: str) -> None:
    answer = KINDS[kind]
    try:
        value = parse(answer, typed)
    except AnswerError:
        return
    json.dumps(value).encode()
    assert judge(answer, value) in ("pass", "fail")


KINDS = {kind: asked(kind) for kind in ("text", "number", "yes-no", "result", "date", "time", "duration")}


@pytest.mark.parametrize(
    ("answer", "value", "verdict"),
    [
        ("{type: number, pass: at least 100}", 100, "pass"),
        ("{type: number, pass: at least 100}", 99.9, "fail"),
        ("{type: number, pass: at most 70}", 70.1, "fail"),
        ("{type: number, pass: over 0}", 0, "fail"),
        ("{type: number, pass: under 5}", 4.9, "pass"),
        ("{type: number, pass: 40 .. 50}", 50, "pass"),
        ("{type: number, pass: 40 .. 50}", 39, "fail"),
        ("{type: number, pass: is 20}", 20.0, "pass"),
        ("{type: number, pass: is not 0}", 0, "fail"),
        ("number", -5, "pass"),
        ("yes-no", True, "pass"),
        ("yes-no", False, "fail"),
        ("{type: yes-no, pass: false}", False, "pass"),
        ("{type: yes-no, pass: false}", True, "fail"),
        ("result", "pass", "pass"),
        ("result", "not tested", "fail"),
        ("{type: choice, options: [good, bad], pass: is not bad}", "bad", "fail"),
        ("{type: choice, options: [good, bad], pass: good}", "good", "pass"),
        ("[good, bad]", "bad", "pass"),
        ("text", "anything", "pass"),
        ("text", None, "unclear"),
    ],
)
def test_a_value_is_judged_by_what_is_good_enough(answer: str, value: Any, verdict: str) -> None:
    assert judge(asked(answer), value) == verdict


def test_against_a_baseline_it_is_unclear_until_the_baseline_is_known() -> None:
    answer = asked("{type: number, pass: at most 110 % of baseline}")
    assert judge(answer, 109) == "unclear"
    assert judge(answer, 110, baseline=100.0) == "pass"
    assert judge(answer, 111, baseline=100.0) == "fail"
