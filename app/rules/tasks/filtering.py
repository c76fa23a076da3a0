"""The plan's filters: which tasks a page of the plan shows. Pure; unknown words simply match nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.rules.tasks.progress import TROUBLE, State

SHARED: Final = "shared"
NONE: Final = "none"
TROUBLED: Final = "trouble"
OPEN: Final = "open"
ALL: Final = "all"
ME: Final = "me"
UNOWNED: Final = "unowned"


@dataclass(frozen=True)
class PlanFilter:
    """Empty words filter nothing. `week` is a week of the rollout counted from 1, 0 for none; `role` one of the
    owner's roles; `person` is `me`, `unowned`, or a person's key; due days count from `since` to `until`, both
    included.
    """

    location: str = ""
    wave: str = ""
    workstream: str = ""
    phase: str = ""
    role: str = ""
    person: str = ""
    state: str = ""
    week: int = 0
    since: date | None = None
    until: date | None = None
    critical: bool = False
    words: str = ""

    @property
    def person_id(self) -> int | None:
        """The key in `person`, where it is one."""
        digits = self.person.isascii() and self.person.isdigit() and len(self.person) < 10
        return int(self.person) if digits else None


def in_state(state: State, wanted: str) -> bool:
    """Whether a task in this state belongs on the page."""
    return state in states_of(wanted)


def states_of(wanted: str) -> frozenset[State]:
    """The states that a filter lets through."""
    if wanted == TROUBLED:
        return TROUBLE
    if wanted == OPEN:
        return frozenset(State) - {State.DONE}
    if wanted in ("", ALL):
        return frozenset(State)
    return frozenset(state for state in State if state.value == wanted)
