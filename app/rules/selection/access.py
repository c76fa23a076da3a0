"""Who may do what in a selection. Pure.

Being named does it: whoever owns it answers and proposes, whoever signs it waives and signs. Whoever directs the
rollout may do each, and says so by the access that is recorded; whoever may move work in the whole network answers.
"""

from __future__ import annotations

from collections.abc import Collection

from app.plan.format.frame import Selection
from app.plan.format.who import Who
from app.rules.people.access import Permission, Viewer


def may_answer(by: Viewer, selection: Selection, rollout: int) -> bool:
    return by.can(Permission.MOVE, rollout=rollout) or may_propose(by, selection, rollout)


def may_propose(by: Viewer, selection: Selection, rollout: int) -> bool:
    return by.can(Permission.VOTE, rollout=rollout, named=roles_of(selection.owner))


def may_waive(by: Viewer, selection: Selection, rollout: int) -> bool:
    """Lift an exclusion by a waiver, and take the waiver back."""
    return by.can(Permission.SIGN_OFF, rollout=rollout, named=roles_of(selection.sign_off))


def may_sign(by: Viewer, rollout: int, roles: Collection[str]) -> bool:
    """Sign for one of these roles, which are still wanted."""
    return by.can(Permission.SIGN_OFF, rollout=rollout, named=roles)


def may_read(by: Viewer, selection: Selection, rollout: int, location: int | None) -> bool:
    """What people wrote about a location, or (none) about the set."""
    named = (*roles_of(selection.owner), *roles_of(selection.sign_off))
    return by.can(Permission.SEE_DETAIL, rollout=rollout, location=location, named=named)


def roles_of(who: Who | None) -> tuple[str, ...]:
    return who.roles if who else ()
