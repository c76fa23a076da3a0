"""How the clock of an issue stands at a moment, and in what order issues are looked at. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.rules.issues.ladder import Case
from app.rules.issues.law import Law
from app.rules.people.access import Permission, Viewer

SOON: Final = 0.75
"""The share of its time after which an issue is near its end."""


class Ticking(StrEnum):
    """How a clock stands. The value is the `data-state` of its component."""

    OK = "ok"
    SOON = "soon"
    BREACHED = "breached"
    PAUSED = "paused"
    SOLVED = "solved"


@dataclass(frozen=True)
class Standing:
    """`left` is in seconds: until the breach (below 0: since it), or, while the clock stands still, running time.
    `used` are seconds of running time, of the `whole` that there are.
    """

    ticking: Ticking
    left: float
    used: float
    whole: int
    breach_at: datetime | None

    @property
    def share(self) -> float:
        """Of its time, 0 to 1."""
        return min(1.0, self.used / self.whole) if self.whole else 1.0


def standing(case: Case, now: datetime) -> Standing:
    """How the clock of an issue stands now."""
    used, whole = case.used(now), case.law.resolve
    if case.resolved:
        return Standing(Ticking.SOLVED, whole - used, used, whole, None)
    at = case.breach_at()
    if at is None:
        return Standing(Ticking.PAUSED, whole - used, used, whole, None)
    left = (at - now).total_seconds()
    ticking = Ticking.BREACHED if left <= 0 else Ticking.SOON if used >= SOON * whole else Ticking.OK
    return Standing(ticking, left, used, whole, at)


def may_read(viewer: Viewer, rollout: int, location: int | None) -> bool:
    """Whether somebody may read what people wrote about issues there: those who may solve them, and who read all."""
    rights = (Permission.SEE_DETAIL, Permission.RAISE_ISSUE)
    return any(viewer.can(right, rollout=rollout, location=location) for right in rights)


def may_stop(law: Law, by: Viewer, rollout: int, location: int | None) -> bool:
    """Whether the person may stop the clock: as the playbook says, or whoever directs."""
    if not law.pausable:
        return False
    if by.can(Permission.DIRECT, rollout=rollout):
        return True
    if law.pause is None:
        return by.can(Permission.RAISE_ISSUE, rollout=rollout, location=location)
    return bool(set(law.pause) & by.roles(rollout, location))


def may_take(
    law: Law, by: Viewer, rollout: int, location: int | None, holder: int | None, told: Collection[int] = ()
) -> bool:
    """Whether the person may say that the issue is theirs, which stops its reminders: whoever manages, holds a role on
    its ladder, was given it, or was told by its ladder (such as who was on duty in place of another).
    """
    if by.person in told and by.can(Permission.RAISE_ISSUE, rollout=rollout, location=location):
        return True
    roles = {role for rung in law.rungs for _, _, *named in rung.to for role in named}
    return by.can(Permission.STOP_ESCALATION, rollout=rollout, location=location, named=roles, assigned=holder)
