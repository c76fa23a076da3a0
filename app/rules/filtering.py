"""The plan's filters: which tasks a page of the plan shows. Pure; unknown words simply match nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
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


@dataclass(frozen=True)
class PlanLine:
    """What of a task the filters look at; `location` is the location's slug, or `shared`."""

    location: str
    workstream: str
    state: State
    due: date | None
    title: str


def matches(line: PlanLine, wanted: PlanFilter, start: date | None) -> bool:
    """Whether a task belongs on the filtered page."""
    return (
        wanted.location in ("", line.location)
        and wanted.workstream in ("", line.workstream or NONE)
        and _in_state(line.state, wanted.state)
        and _in_week(line.due, wanted.week, start)
        and wanted.words.casefold() in line.title.casefold()
    )


def _in_state(state: State, wanted: str) -> bool:
    if wanted == TROUBLED:
        return state in TROUBLE
    if wanted == OPEN:
        return state is not State.DONE
    return wanted in ("", ALL, state.value)


def _in_week(due: date | None, week: int, start: date | None) -> bool:
    if not week:
        return True
    if due is None or start is None:
        return False
    begins = start + timedelta(weeks=week - 1)
    return begins <= due < begins + timedelta(weeks=1)
