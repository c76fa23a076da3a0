"""Which checks and signatures a completed task still waits for. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from app.plan.format.tasks import Task
from app.plan.format.who import Who

VERIFY: Final = "verify"
SIGN_OFF: Final = "sign_off"


@dataclass(frozen=True)
class Wanted:
    """Somebody of one of these roles is still to check (`verify`) or to sign (`sign_off`)."""

    kind: str
    roles: tuple[str, ...]


def wanted(task: Task, given: Collection[tuple[str, str]]) -> Wanted | None:
    """The next approval a completed task waits for; None when it has all. `given` are pairs of kind and role.

    It is checked before it is signed. Of `{of: …, at_least: n, must: …}` the `must` come first.
    """
    for kind, who in ((VERIFY, task.verify), (SIGN_OFF, task.sign_off)):
        roles = _open_roles(who, [role for each, role in given if each == kind]) if who else ()
        if roles:
            return Wanted(kind, roles)
    return None


def _open_roles(who: Who, given: Iterable[str]) -> tuple[str, ...]:
    have = set(given)
    must = tuple(role for role in who.must if role not in have)
    if must:
        return must
    if len(have) >= who.needed:
        return ()
    return tuple(role for role in who.roles if role not in have)
