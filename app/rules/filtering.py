"""The plan's filters: which tasks a page of the plan shows. Pure; unknown words simply match nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.rules.progress import TROUBLE, State

SHARED: Final = "shared"
NONE: Final = "none"
TROUBLED: Final = "trouble"
OPEN: Final = "open"
ALL: Final = "all"


@dataclass(frozen=True)
class PlanFilter:
    """Empty words filter nothing. `week` is a week of the rollout counted from 1, 0 for none."""

    location: str = ""
    workstream: str = ""
    state: str = ""
    week: int = 0
    words: str = ""


def in_state(state: State, wanted: str) -> bool:
    """Whether a task in this state belongs on the page."""
    if wanted == TROUBLED:
        return state in TROUBLE
    if wanted == OPEN:
        return state is not State.DONE
    return wanted in ("", ALL, state.value)
