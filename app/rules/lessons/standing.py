"""Where a lesson is, and who may read it, judge it and carry it into the playbook. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.rules.issues.standing import may_read
from app.rules.people.access import Permission, Viewer


class State(StrEnum):
    """Where a lesson is: what became of it, and of the proposal that carries it."""

    WAITING = "waiting"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOTED = "noted"
    DISMISSED = "dismissed"


class Outcome(StrEnum):
    """How a lesson is judged."""

    NOTED = "noted"
    DISMISSED = "dismissed"
    PROPOSED = "proposed"


ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
SUBJECTS: Final = ("task", "issue", "reconciliation", "meeting", "location", "run")
"""What a lesson may be about, besides a location or the whole network."""
SHAREABLE: Final = frozenset({State.NOTED, State.ACCEPTED})
"""What may be passed on to whoever has not gone live."""


def state_of(outcome: str, proposal: str = "") -> State:
    """The state of a lesson with that outcome (empty: not judged), whose proposal was decided so (empty: not yet)."""
    if outcome == Outcome.PROPOSED:
        return State(proposal) if proposal else State.PROPOSED
    return State(outcome) if outcome else State.WAITING


def works_in(viewer: Viewer, rollout: int) -> bool:
    """Whether somebody works in a rollout, at one location at least, and does not only read how it stands."""
    extent = viewer.locations(rollout, Permission.RAISE_ISSUE)
    return not viewer.reads_only and (extent.everywhere or bool(extent.ids))


def may_capture(viewer: Viewer, rollout: int, location: int | None) -> bool:
    """Whoever works at a place says what was learnt there; of what is for the whole network, everybody who works."""
    if location is None:
        return works_in(viewer, rollout)
    return viewer.can(Permission.RAISE_ISSUE, rollout=rollout, location=location)


def sees(viewer: Viewer, rollout: int, location: int | None, told: bool) -> bool:
    """Whether somebody may know of a lesson: at a place that they see, or passed on to everybody."""
    return viewer.can(Permission.SEE_PLAN, rollout=rollout, location=None if told else location)


def reads(viewer: Viewer, rollout: int, location: int | None, told: bool = False) -> bool:
    """Whether somebody may read what was learnt: as whatever people write at its place; passed on, whoever works."""
    if location is not None and may_read(viewer, rollout, location):
        return True
    extent = viewer.locations(rollout, Permission.RAISE_ISSUE)
    return (location is None or told) and (extent.everywhere or bool(extent.ids))


def may_judge(viewer: Viewer, rollout: int) -> bool:
    """Directors and managers of the whole network."""
    return viewer.can(Permission.ASSIGN, rollout=rollout)


def may_propose(viewer: Viewer, rollout: int) -> bool:
    return viewer.can(Permission.CHANGE_PLAYBOOK, rollout=rollout)
