"""A link to take an issue says what was signed, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.issues.links import Link, opened, signed

KEY = "0123456789abcdef" * 4
LINK = Link(person=7, issue=41, step=123, until=datetime(2027, 1, 8, 15, tzinfo=UTC))


def test_a_link_says_what_was_signed() -> None:
    assert opened(KEY, signed(KEY, LINK)) == LINK
    assert opened(KEY, signed(KEY, replace(LINK, step=0))) == replace(LINK, step=0)


@pytest.mark.parametrize("change", ["person", "issue", "step"])
def test_a_link_for_something_else_does_not_hold(change: str) -> None:
    good, other = signed(KEY, LINK), signed(KEY, replace(LINK, **{change: 9}))
    forged = "-".join([*other.split("-")[:4], good.split("-")[4]])
    assert opened(KEY, forged) is None


def test_a_longer_time_does_not_hold() -> None:
    parts = signed(KEY, LINK).split("-")
    parts[3] = str(int(parts[3]) + 1)
    assert opened(KEY, "-".join(parts)) is None


def test_another_key_opens_nothing_and_no_key_opens_nothing() -> None:
    assert opened("f" * 64, signed(KEY, LINK)) is None
    assert opened("", signed("", LINK)) is None


@given(st.text(max_size=150))
def test_whatever_is_typed_opens_nothing(text: str) -> None:
    assert opened(KEY, text) is None
