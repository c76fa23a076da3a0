"""The roles that a task names: who does it, and who acts on it at all. Pure."""

from __future__ import annotations

from app.plan.format.tasks import Task


def owner_roles(entry: Task) -> tuple[str, ...]:
    return entry.owner.roles if entry.owner else ()


def acting_roles(entry: Task) -> tuple[str, ...]:
    """Every role that the entry names for some act."""
    return tuple(role for who in (entry.owner, entry.verify, entry.sign_off) if who for role in who.roles)
