"""Who says who is on duty. Pure."""

from __future__ import annotations

from collections.abc import Collection

from app.rules.people.access import Permission, Viewer


def may_assign(by: Viewer, rollout: int, location: int | None, roles: Collection[str]) -> bool:
    """Whether somebody puts people on duty for a cover of these owners: at a location whoever assigns work there, for
    what the network shares whoever manages the rollout or holds a role that takes turns.
    """
    if by.can(Permission.ASSIGN, rollout=rollout, location=location):
        return True
    return location is None and not by.reads_only and bool(by.roles(rollout) & set(roles))
