"""The sentence of the plan says how much, where, and what is wrong."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from app.rules.tasks.bulk import Act, Standing, left_out
from app.rules.tasks.sentence import plan_sentence


class Counts(NamedTuple):
    total: int
    late: int = 0
    blocked: int = 0


@pytest.mark.parametrize(
    ("counts", "state", "where", "said"),
    [
        (Counts(41, 5, 2), "open", ("at Alder",), "41 open tasks at Alder. Five are late, two blocked."),
        (Counts(1, 0, 1), "open", (), "One open task. One is blocked."),
        (
            Counts(12),
            "all",
            ("of Technical", "in week 3"),
            "12 tasks of Technical in week 3. None of them is late or blocked.",
        ),
        (Counts(3, 3), "late", (), "Three late tasks."),
        (Counts(30), "done", ("of yours",), "30 tasks done of yours."),
        (Counts(0), "blocked", ("at Birch",), "No blocked tasks at Birch."),
        (Counts(2), "nonsense", (), "Two tasks. None of them is late or blocked."),
    ],
)
def test_what_the_plan_says(counts: Counts, state: str, where: tuple[str, ...], said: str) -> None:
    assert "".join(part.text for part in plan_sentence(counts, state, where)) == said


def test_the_gravest_is_the_one_coloured_phrase() -> None:
    assert [part.status for part in plan_sentence(Counts(9, 1, 1), "all")] == ["", "late", ""]
    assert [part.status for part in plan_sentence(Counts(9, 0, 1), "all")] == ["", "blocked", ""]


@pytest.mark.parametrize(
    ("act", "task", "reason"),
    [
        (Act.ASSIGN, Standing(may=True), ""),
        (Act.ASSIGN, Standing(may=False), "not yours to give to somebody"),
        (Act.ASSIGN, Standing(may=True, same=True), "so already"),
        (Act.ASSIGN, Standing(may=True, seen=False), "they hold no role that lets them see it"),
        (Act.COMPLETE, Standing(may=True), ""),
        (Act.COMPLETE, Standing(may=False), "somebody else's to do"),
        (Act.COMPLETE, Standing(may=True, finished=True), "finished already"),
        (Act.COMPLETE, Standing(may=True, blocked=True), "blocked"),
        (Act.COMPLETE, Standing(may=True, lacking=("Tick “A”.", "Tick “B”.")), "still wanted: Tick “A”. And 1 more."),
        (Act.SKIP, Standing(may=True, lacking=("Tick “A”.",), blocked=True), ""),
        (Act.SKIP, Standing(may=True, critical=True), "critical, so it cannot be set aside"),
    ],
)
def test_why_a_step_leaves_a_task_as_it_is(act: Act, task: Standing, reason: str) -> None:
    assert left_out(act, task) == reason
