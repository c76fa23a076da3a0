"""A rehearsal behind a criterion of a gate: which of several counts, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.plan.language.compare import parse_comparison
from app.rules.rollouts.criteria import Found, of_rehearsal
from app.rules.runbooks.rehearsed import Rehearsed

END = datetime(2027, 1, 12, 15, tzinfo=UTC)


def rehearsal(number: int = 1, **keys: Any) -> Rehearsed:
    """The one that ended so many days after the first."""
    ended = END + timedelta(days=number - 1)
    late = timedelta(minutes=keys.pop("late", 0))
    return Rehearsed(number, ended, ended.date(), over=late, **keys)


@pytest.mark.parametrize(
    ("found", "asked", "wanted"),
    [
        ([], "", Found(False, "not rehearsed yet")),
        ([rehearsal()], "", Found(True, "rehearsal 1 on 12 January, none blocked")),
        (
            [rehearsal(blocked=1)],
            "",
            Found(False, "rehearsal 1 on 12 January, 1 blocked, is 0 asked for", troubled=True),
        ),
        ([rehearsal(blocked=1)], "at most 1", Found(True, "rehearsal 1 on 12 January, 1 blocked")),
        (
            [rehearsal(late=14)],
            "at most 1",
            Found(False, "rehearsal 1 on 12 January, 14\u00a0min after its window, none blocked, at most 1 asked for",
                  troubled=True),
        ),
        ([rehearsal(1, blocked=2), rehearsal(2)], "", Found(True, "rehearsal 2 on 13 January, none blocked")),
        (
            [rehearsal(1), rehearsal(2, late=1)],
            "",
            Found(True, "rehearsal 1 on 12 January, none blocked", troubled=True),
        ),
        ([rehearsal(1), rehearsal(2)], "", Found(True, "rehearsal 2 on 13 January, none blocked")),
        (
            [rehearsal(1, late=9), rehearsal(2, blocked=3), rehearsal(3, blocked=2)],
            "",
            Found(False, "rehearsal 3 on 14 January, 2 blocked, is 0 asked for", troubled=True),
        ),
        (
            [rehearsal(outdated=True)],
            "",
            Found(True, "rehearsal 1 on 12 January, none blocked, before its steps changed"),
        ),
    ],
)  # fmt: skip
def test_the_best_rehearsal_counts(found: list[Rehearsed], asked: str, wanted: Found) -> None:
    assert of_rehearsal(found, parse_comparison(asked) if asked else None) == wanted
