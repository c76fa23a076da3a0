"""Whom a step of an issue's clock tells: the people behind its roles at that moment. Pure.

Whoever is on leave is replaced, as everywhere. A rung behind which nobody is present is vacant: then the next one is
told at once, and whoever directs the rollout. `on duty` means whoever the rota has there at that moment; where it has
nobody, those who hold the roles that take turns: an issue waits for no rota.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.plan.terms import Access
from app.rules.people.responsibility import Staff


@dataclass(frozen=True)
class Place:
    """Where an issue is, and whose it is: assigned to `holder`, else to who took it."""

    rollout: int
    location: int | None
    holder: int | None
    taken_by: int | None


def people_of(staff: Staff, place: Place, to: Sequence[Sequence[str]], first: Sequence[Sequence[str]]) -> list[int]:
    """Everybody a rung means, each once. `first` is whom the first rung means: they hold what nobody took."""
    found: dict[int, None] = {}
    for one in to:
        people = holders_of(staff, place, first) if one[0] == "holder" else _meant(staff, place, one)
        found |= dict.fromkeys(people)
    return list(found)


def holders_of(staff: Staff, place: Place, first: Sequence[Sequence[str]]) -> list[int]:
    """Whose the issue is now."""
    for person in (place.holder, place.taken_by):
        given = staff.assignee(person, place.location) if person is not None else None
        if given:
            return [given.person]
    return [person for one in first if one[0] != "holder" for person in _meant(staff, place, one)]


def _meant(staff: Staff, place: Place, to: Sequence[str]) -> list[int]:
    kind, name, *roles = to
    if kind == "duty" and (present := staff.on_duty(place.rollout, name, place.location)):
        return present
    return [one.person for role in roles for one in staff.of(place.rollout, role, place.location)]


def directors(staff: Staff, rollout: int) -> list[int]:
    """Whoever directs the rollout."""
    return staff.with_access(rollout, Access.DIRECTOR)
