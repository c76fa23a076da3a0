"""Who may do what in a run. Pure.

A step is for those who hold one of its roles, for whoever it was handed to, and for those who check off work at its
place; a run is led by its owners and by whoever may move work. Going back is for the role that the runbook names.
"""

from __future__ import annotations

from typing import Any

from app.plan.format.runbooks import Runbook, Step
from app.rules.people.access import Permission, Viewer


def may_lead(by: Viewer, runbook: Runbook, place: dict[str, Any]) -> bool:
    """Make and end a run, hand steps over, go out of order, correct what others entered, send broadcasts."""
    owners = runbook.owner.roles if runbook.owner else ()
    return by.can(Permission.MOVE, **place) or by.can(Permission.VOTE, **place, named=owners)


def may_do(by: Viewer, runbook: Runbook, step: Step, holder: int | None, place: dict[str, Any]) -> bool:
    """Start, finish, skip and block a step."""
    owners = step.owner.roles if step.owner else ()
    own = by.can(Permission.CHECK_OFF, **place, named=owners, assigned=holder)
    return own or may_lead(by, runbook, place)


def may_check(by: Viewer, step: Step, place: dict[str, Any]) -> bool:
    """Say that somebody else's step is right, where the step asks for that."""
    return step.checked_by is not None and by.can(Permission.SIGN_OFF, **place, named=step.checked_by.roles)


def may_return(by: Viewer, runbook: Runbook, place: dict[str, Any]) -> bool:
    """Decide that the run goes back."""
    back = runbook.back_out
    return back is not None and by.can(Permission.VOTE, **place, named=(back.decide,))
