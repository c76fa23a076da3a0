"""What a criterion asks for, in a few words."""

from __future__ import annotations

import pytest

from app.plan.format import gates as format_
from app.plan.language.compare import parse_comparison
from app.plan.language.durations import Duration
from app.rules.gates.needed import needed_words


def asked(counts: str = "open", passes: str = "", days: int = 0) -> format_.Test:
    return format_.Test(
        issues=("normal",), counts=counts, passes=parse_comparison(passes) if passes else None,
        over=Duration(days, "d") if days else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (asked(), "none open"),
        (asked(passes="at most 3"), "at most 3 open"),
        (asked("unowned"), "none without an owner"),
        (asked("unowned", "at most 1"), "at most 1 without an owner"),
        (asked("opened a day", "at most 2", 5), "at most 2 opened a day for 5 days"),
    ],
)
def test_what_is_asked_of_issues(test: format_.Test, words: str) -> None:
    criterion = format_.Criterion(
        title="Issues", issues=test.issues, counts=test.counts, passes=test.passes, over=test.over
    )
    assert needed_words(criterion) == words
    assert needed_words(format_.Criterion(title="Issues", any=(test,))) == words
