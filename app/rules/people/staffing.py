"""Who is missing before a rollout starts, and who stands twice on a ladder. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.plan import Playbook
from app.plan.terms import Scope


@dataclass(frozen=True)
class Held:
    """Somebody holds a role; an empty location is the whole network."""

    role: str
    location: str
    person: int
    name: str


@dataclass(frozen=True)
class Slot:
    """A role that somebody must hold: at a location, or (empty) for the network."""

    role: str
    title: str
    location: str
    where: str


def slots(playbook: Playbook, locations: Mapping[str, str]) -> list[Slot]:
    """Every role that needs an account, once for the network or once a location (`locations`: slug to name)."""
    found = []
    for id_, role in playbook.people.items():
        if role.staff:
            continue
        if role.scope is Scope.NETWORK or not locations:
            found.append(Slot(id_, role.title, "", "the whole network"))
        else:
            found += [Slot(id_, role.title, slug, name) for slug, name in locations.items()]
    return found


def unfilled(wanted: Iterable[Slot], held: Iterable[Held]) -> list[Slot]:
    """Slots that nobody fills. Somebody who holds a location's role for the whole network fills all of them."""
    filled = {(one.role, one.location) for one in held}
    return [slot for slot in wanted if not {(slot.role, slot.location), (slot.role, "")} & filled]


@dataclass(frozen=True)
class Double:
    """One person holds two rungs of a ladder at a place, so that an issue would climb to whom it came from."""

    name: str
    first: str
    second: str
    where: str


def double_rungs(playbook: Playbook, held: Sequence[Held], locations: Mapping[str, str]) -> list[Double]:
    """Every person on two rungs of one ladder, at each location where it is so."""
    ladders = _ladders(playbook)
    found: dict[Double, None] = {}
    for slug, name in (locations or {"": "the whole network"}).items():
        here = [one for one in held if one.location in ("", slug)]
        for ladder in ladders:
            for double in _on_two(ladder, here):
                title = playbook.people[double[1]].title, playbook.people[double[2]].title
                found[Double(double[0], *title, name)] = None
    return list(found)


def _ladders(playbook: Playbook) -> list[list[str]]:
    """The roles of each ladder, in the order they are told."""
    issues = playbook.issues
    if issues is None:
        return []
    ladders = [issues.ladder, *(severity.ladder for severity in (issues.severities or {}).values())]
    return [[to.name for rung in ladder for to in rung.to if to.kind == "role"] for ladder in ladders if ladder]


def _on_two(ladder: Sequence[str], held: Sequence[Held]) -> Iterable[tuple[str, str, str]]:
    for index, first in enumerate(ladder):
        below = {one.person: one.name for one in held if one.role == first}
        for second in dict.fromkeys(role for role in ladder[index + 1 :] if role != first):
            for one in held:
                if one.role == second and one.person in below:
                    yield one.name, first, second
