"""Who may do what at a gate. Pure.

Being named does it: the roles that prepare it, vote, decide or answer a criterion. Whoever directs the rollout may do
each, and says so by the access that is recorded; whoever may move work prepares.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from app.plan.format.gates import Gate
from app.plan.format.who import Who
from app.rules.gates.needed import tests_of
from app.rules.people.access import Permission, Viewer


def may_prepare(by: Viewer, gate: Gate, place: dict[str, Any]) -> bool:
    """Open and close the vote, ask for conditions."""
    return by.can(Permission.MOVE, **place) or _named(by, place, (*_roles(gate.owner), gate.decide))


def may_answer(by: Viewer, gate: Gate, owner: Who | None, place: dict[str, Any]) -> bool:
    """Answer a criterion that names these owners."""
    return may_prepare(by, gate, place) or _named(by, place, _roles(owner))


def may_ask(by: Viewer, gate: Gate, place: dict[str, Any]) -> bool:
    """Ask for a condition or a waiver."""
    return may_prepare(by, gate, place) or may_vote(by, gate, place)


def may_vote(by: Viewer, gate: Gate, place: dict[str, Any]) -> bool:
    return _named(by, place, _roles(gate.votes))


def may_decide(by: Viewer, gate: Gate, place: dict[str, Any]) -> bool:
    """Decide, and accept or refuse conditions and waivers."""
    return _named(by, place, (gate.decide,))


def may_read(by: Viewer, gate: Gate | None, place: dict[str, Any]) -> bool:
    """Read what people wrote at it: whoever may at its place, and whoever has a part in it (None: it is in no playbook
    any more).
    """
    return by.can(Permission.SEE_DETAIL, **place, named=_taking_part(gate) if gate else ())


def _taking_part(gate: Gate) -> tuple[str, ...]:
    tests = (test for one in gate.criteria.values() for _, test in tests_of(one))
    answering = (role for test in tests for role in _roles(test.owner))
    return (*_roles(gate.owner), gate.decide, *_roles(gate.votes), *answering)


def _named(by: Viewer, place: dict[str, Any], roles: Collection[str]) -> bool:
    return by.can(Permission.VOTE, **place, named=roles)


def _roles(who: Who | None) -> tuple[str, ...]:
    return who.roles if who else ()
