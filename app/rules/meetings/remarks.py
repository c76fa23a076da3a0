"""Wins and concerns: what they may be about, how they stand, and who reads them. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.rules.issues.standing import may_read as may_read_there
from app.rules.people.access import Viewer


class Kind(StrEnum):
    """What somebody has to say."""

    WIN = "win"
    CONCERN = "concern"


class Subject(StrEnum):
    """What it is about, beside a place itself."""

    TASK = "task"
    ISSUE = "issue"
    RECONCILIATION = "reconciliation"
    MEETING = "meeting"


class Shown(StrEnum):
    """Which of them a list shows."""

    OPEN = "open"
    WINS = "wins"
    SETTLED = "settled"
    ALL = "all"


ABOUT: Final = {
    Subject.TASK: "a task",
    Subject.ISSUE: "an issue",
    Subject.RECONCILIATION: "a day to reconcile",
    Subject.MEETING: "a meeting",
}


def may_read(viewer: Viewer, rollout: int, location: int | None, by: int) -> bool:
    """Whether somebody reads what was said: whoever said it, those who work there, and who reads all."""
    return by == viewer.person or may_read_there(viewer, rollout, location)
