"""Who can be put on duty for a cover: the holders of its owner roles, and who steps in for them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.rules.people.responsibility import Away, Member, backups


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who can be asked, by which role; `backup`: only in place of its holders."""

    person: int
    name: str
    role: str
    backup: bool = False


class Crew:
    """The members of one rollout (with the rights that hold everywhere), and the leaves that concern them."""

    def __init__(self, rollout: int, members: Iterable[Member], leaves: Iterable[Away]) -> None:
        self._members = [one for one in members if one.rollout in (None, rollout)]
        self._away: dict[int, list[Away]] = {}
        for leave in leaves:
            self._away.setdefault(leave.person, []).append(leave)

    def hands(self, roles: Sequence[str], location: int | None) -> list[Hand]:
        """Each person once: the holders of each role at a place, else those of the network, in the order of the
        roles; then those whose role backs one of them up.
        """
        holders = [Hand(one.person, one.name, role) for role in roles for one in self._holding(role, location)]
        spare = [Hand(one.person, one.name, role, True) for role in roles for one in self._backing(role, location)]
        found: dict[int, Hand] = {}
        for hand in (*holders, *spare):
            found.setdefault(hand.person, hand)
        return list(found.values())

    def others(self, location: int | None, known: Collection[int]) -> list[Hand]:
        """Everybody else of the rollout who sees the place, by name: asked where nobody of the roles can."""
        seeing = [one for one in self._members if one.rollout is not None and one.sees(location)]
        found = {one.person: Hand(one.person, one.name, one.role, True) for one in seeing if one.person not in known}
        return sorted(found.values(), key=lambda one: one.name)

    def away(self, person: int, begins: datetime, ends: datetime) -> Away | None:
        """The first leave of somebody that lies in a stretch, if only in part."""
        return next((one for one in self._away.get(person, ()) if one.from_at < ends and begins < one.until_at), None)

    def leaves(self, person: int) -> Sequence[Away]:
        """All leaves of somebody, the first to begin first."""
        return self._away.get(person, ())

    def _holding(self, role: str, location: int | None) -> Sequence[Member]:
        here = [one for one in self._members if one.role == role and one.rollout is not None]
        return _nearest(here, location)

    def _backing(self, role: str, location: int | None) -> Iterator[Member]:
        for one in self._members:
            roles = {backup.role for backup in backups(one.steps_in)}
            if one.rollout is not None and role in roles and (location is None or one.location in (None, location)):
                yield one


def _nearest(members: Sequence[Member], location: int | None) -> Sequence[Member]:
    if location is None:
        return members
    return [one for one in members if one.location == location] or [one for one in members if one.location is None]
