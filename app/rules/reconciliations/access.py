"""Who counts a day and who checks it: two people, whatever the playbook says. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from app.plan.format.rhythm import Reconciliation
from app.rules.people.access import Permission, Viewer

Place = dict[str, Any]
"""`rollout` and `location`, as permissions ask for them."""


def may_count(by: Viewer, asked: Reconciliation, place: Place) -> bool:
    """Whoever the entry names, whoever works at the place, and whoever manages."""
    return by.can(Permission.RECONCILE, **place, named=asked.owner.roles if asked.owner else ())


def may_check(by: Viewer, asked: Reconciliation, place: Place) -> bool:
    """Whom the entry names to check, and whoever directs; where it names nobody, whoever may count."""
    if asked.verify is None:
        return may_count(by, asked, place)
    return by.can(Permission.SIGN_OFF, **place, named=asked.verify.roles)


def may_close(by: Viewer, asked: Reconciliation, place: Place, counters: Collection[int]) -> bool:
    """Somebody who may check, and did not count any of it: nobody checks own work."""
    return by.person not in counters and may_check(by, asked, place)


def may_reopen(by: Viewer, place: Place) -> bool:
    """Whoever directs or manages there."""
    return by.can(Permission.STOP_ESCALATION, **place)


def may_read(by: Viewer, asked: Reconciliation, place: Place) -> bool:
    """Whether somebody may read what people wrote about the counts, and the files beside them."""
    named = {role for who in (asked.owner, asked.verify) if who for role in who.roles}
    return by.can(Permission.SEE_DETAIL, **place, named=named)
