"""The sentence of all gates says what closed again, what is voted on, and what comes next."""

from __future__ import annotations

from datetime import date

import pytest

from app.rules.gates.list_sentence import Ahead, gates_sentence

TODAY = date(2026, 11, 18)
GO = Ahead("Go or no-go", "Alder", date(2026, 11, 21), TODAY)
REVIEW = Ahead("Readiness review", "Birch", date(2026, 11, 21), TODAY)
PAST = Ahead("Two weeks live", "Cedar", date(2026, 11, 2), TODAY)


@pytest.mark.parametrize(
    ("open_", "closed", "ahead", "said", "status"),
    [
        (0, 0, (), "No vote is open.", ""),
        (0, 0, (GO,), "No vote is open. The next gate is Go or no-go, Alder, in 3 days.", ""),
        (0, 0, (PAST,), "Two weeks live, Cedar, is not decided: it was due 16 days ago.", "late"),
        (
            1, 0, (PAST, GO), "Two weeks live, Cedar, is not decided: it was due 16 days ago; one vote is open. The"
            " next gate is Go or no-go, Alder, in 3 days.", "late",
        ),
        (0, 0, (PAST, PAST), "Two gates are not decided: the first of them was due 16 days ago.", "late"),
        (1, 0, (GO, REVIEW), "One vote is open. The next two gates are held in 3 days.", "running"),
        (2, 0, (), "Two votes are open.", "running"),
        (0, 1, (GO,), "One gate is closed again.", "notready"),
        (3, 2, (GO,), "Two gates are closed again; three votes are open.", "notready"),
    ],
)  # fmt: skip
def test_what_the_list_says(open_: int, closed: int, ahead: tuple[Ahead, ...], said: str, status: str) -> None:
    parts = gates_sentence(open_, closed, ahead)
    assert "".join(part.text for part in parts) == said
    assert next((part.status for part in parts if part.status), "") == status
