"""Who answers for which role of a rollout at a moment. Pure.

Whoever is on leave is replaced: by the cover that the leave names, who then holds all roles of the absent one; else,
where all holders of a role at a place are absent or there is none, by those who hold the role's backup there. The
backup's own backup does not step in: then nobody holds the role, and whoever directs is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from app.plan import Playbook
from app.plan.terms import Access, Scope
from app.rules.people.access import Grant, Permission, allowed


@dataclass(frozen=True, slots=True)
class Backup:
    """A role that another one takes over, as the playbook says it; `everywhere`: it is a role of the network."""

    role: str
    access: str
    everywhere: bool


def steps_in(playbook: Playbook, role: str) -> str:
    """The roles whose backup a role is, to be frozen on a membership: `role:access:scope`, blanks between."""
    scopes = {
        id_: Scope.NETWORK if one.scope is Scope.NETWORK else Scope.LOCATION for id_, one in playbook.people.items()
    }
    return " ".join(
        f"{id_}:{Access(one.access).value}:{scopes[id_].value}"
        for id_, one in playbook.people.items()
        if one.backup == role
    )


@lru_cache(maxsize=256)
def backups(frozen: str) -> tuple[Backup, ...]:
    """What `steps_in` has frozen."""
    parts = (one.split(":") for one in frozen.split())
    return tuple(Backup(role, access, scope == Scope.NETWORK) for role, access, scope in parts)


@dataclass(frozen=True, slots=True)
class Member:
    """One membership of somebody whose account is in use; without a rollout an account's right everywhere."""

    person: int
    name: str
    role: str
    access: str
    rollout: int | None
    location: int | None
    steps_in: str = ""

    def sees(self, location: int | None) -> bool:
        """Whether it lets the person see the plan of a location, or (none) of the network."""
        held = Grant(self.role, self.access, self.rollout, self.location)
        return allowed(Permission.SEE_PLAN, held.holder) and (location is None or self.location in (None, location))


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody on leave from the day `first` until the end of the day `last`; `cover` stands in, where one is named
    whose account is in use.
    """

    leave: int
    person: int
    name: str
    first: date
    last: date
    from_at: datetime
    until_at: datetime
    cover: int | None = None
    cover_name: str = ""

    def at(self, moment: datetime) -> bool:
        return self.from_at <= moment < self.until_at


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who answers for a role; `location` None is the whole network. `instead_of` None: by a role of one's
    own; else for those absent, none of them where nobody holds the role.
    """

    person: int
    name: str
    role: str
    location: int | None
    instead_of: tuple[Away, ...] | None = None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody is on duty now for a cover of the playbook; without a location for what the network shares."""

    person: int
    rollout: int
    cover: str
    location: int | None


Role = tuple[int, str]
ByPlace = dict[int | None, list[Member]]


class Staff:
    """Everybody who counts, at one moment."""

    def __init__(
        self, members: Iterable[Member], leaves: Iterable[Away], at: datetime, duties: Iterable[OnDuty] = ()
    ) -> None:
        self._duties = tuple(duties)
        self._of_person: dict[int, list[Member]] = {}
        self._by_role: dict[Role, ByPlace] = {}
        self._backups: dict[Role, ByPlace] = {}
        self._away = {leave.person: leave for leave in leaves if leave.at(at)}
        for member in members:
            self._of_person.setdefault(member.person, []).append(member)
            if member.rollout is not None:
                _put(self._by_role, (member.rollout, member.role), member)
                for backup in backups(member.steps_in):
                    if member.location is None or not backup.everywhere:
                        _put(self._backups, (member.rollout, backup.role), member)

    def away(self, person: int) -> Away | None:
        """The leave that somebody is on."""
        return self._away.get(person)

    def covered_by(self, person: int) -> frozenset[int]:
        """Those on leave for whom somebody stands in as their cover; nobody does who is absent too."""
        if person in self._away:
            return frozenset()
        return frozenset(leave.person for leave in self._away.values() if leave.cover == person)

    def _standing(self, member: Member) -> Holder | None:
        """Whoever does what a member does: the member, else the cover, else nobody."""
        away = self._away.get(member.person)
        if away is None:
            return Holder(member.person, member.name, member.role, member.location)
        if away.cover is None or away.cover in self._away:
            return None
        return Holder(away.cover, away.cover_name, member.role, member.location, (away,))

    def _present(self, members: Iterable[Member]) -> tuple[Holder, ...]:
        """Each person once, by a role of their own before one that they stand in for."""
        found: dict[int, Holder] = {}
        for holder in filter(None, map(self._standing, members)):
            if holder.person not in found or holder.instead_of is None:
                found[holder.person] = holder
        return tuple(found.values())

    def of(self, rollout: int, role: str, location: int | None) -> tuple[Holder, ...]:
        """Who answers for a role at a location, else for the network; without a location everybody who does anywhere.
        Empty where nobody at all can.
        """
        for tier in _tiers(self._by_role.get((rollout, role), {}), location):
            if found := self._present(tier):
                return found
        absent = self.absent(rollout, role, location)
        for tier in _tiers(self._backups.get((rollout, role), {}), location):
            if found := self._present(tier):
                return tuple(replace(one, role=role, location=location, instead_of=absent) for one in found)
        return ()

    def absent(self, rollout: int, role: str, location: int | None) -> tuple[Away, ...]:
        """Those who hold a role at a place (no location: anywhere) and are on leave."""
        tiers = _tiers(self._by_role.get((rollout, role), {}), location)
        here = (one.person for tier in tiers for one in tier)
        return tuple(self._away[person] for person in dict.fromkeys(here) if person in self._away)

    def on_duty(self, rollout: int, cover: str, location: int | None) -> list[int]:
        """Who is on duty for a cover at a location or for the network; without a location everybody who is anywhere.
        Whoever is on leave is replaced by their cover, else nobody is there for them.
        """
        here = [one for one in self._duties if (one.rollout, one.cover) == (rollout, cover)]
        asked = [one.person for one in here if location is None or one.location in (None, location)]
        return list(dict.fromkeys(there for one in asked if (there := self._in_place_of(one)) is not None))

    def _in_place_of(self, person: int) -> int | None:
        """The person, else their cover; nobody where both are away."""
        away = self._away.get(person)
        if away is None:
            return person
        return None if away.cover in self._away else away.cover

    def assignee(self, person: int, location: int | None) -> Holder | None:
        """Who does what is assigned to somebody: they themselves, else their cover; nobody who no longer sees it."""
        seeing = next((one for one in self._of_person.get(person, ()) if one.sees(location)), None)
        return self._standing(seeing) if seeing else None

    def with_access(self, rollout: int, access: str) -> list[int]:
        """Those present with an access to a whole rollout, each once; without one, those with an account's own."""
        held = [one for members in self._of_person.values() for one in members if one.access == access]
        for tier in (rollout, None):
            here = [one for one in held if one.rollout == tier and one.location is None]
            if found := [one.person for one in self._present(here)]:
                return found
        return []

    def seeing(self, rollout: int, location: int | None) -> list[int]:
        """Everybody with a role in a rollout who sees a place by it, each once."""
        return [
            person
            for person, members in self._of_person.items()
            if any(one.rollout == rollout and one.sees(location) for one in members)
        ]

    def sees(self, person: int, location: int | None) -> bool:
        """Whether somebody sees a place by a role of their own."""
        return any(one.sees(location) for one in self._of_person.get(person, ()))

    def owners(
        self, rollout: int, roles: Iterable[str], location: int | None, assigned: int | None = None
    ) -> tuple[Holder, ...]:
        """Whose work it is: the assignee's where there is one who can, else of all who answer for the owners' roles."""
        given = self.assignee(assigned, location) if assigned is not None else None
        if given:
            return (given,)
        found = (one for role in roles for one in self.of(rollout, role, location))
        return tuple({one.person: one for one in reversed(list(found))}.values())[::-1]

    def stand_ins(self, person: int, locations: Mapping[int, Collection[int]]) -> tuple[Grant, ...]:
        """What somebody may do only by standing in. `locations` are those of each rollout."""
        if person in self._away:
            return ()
        covered = [one for absent in sorted(self.covered_by(person)) for one in self._of_person.get(absent, ())]
        found = [
            Grant(one.role, one.access, one.rollout, one.location, (self._away[one.person].name,)) for one in covered
        ]
        for member in (*self._of_person.get(person, ()), *covered):
            found += self._stepping_in(member, locations)
        return tuple(dict.fromkeys(found))

    def _stepping_in(self, member: Member, locations: Mapping[int, Collection[int]]) -> Iterator[Grant]:
        """The roles that a member's role takes over, at each place where nobody else answers for them."""
        if member.rollout is None:
            return
        for backup in backups(member.steps_in):
            for place in _places(member, backup, locations.get(member.rollout, ())):
                if not self._answered(member.rollout, backup.role, place):
                    names = tuple(away.name for away in self.absent(member.rollout, backup.role, place))
                    yield Grant(backup.role, backup.access, member.rollout, place, names)

    def _answered(self, rollout: int, role: str, location: int | None) -> bool:
        """Whether a holder of the role itself, or the cover of one, is there. For the network: of the network."""
        here = self._by_role.get((rollout, role), {})
        places = (None,) if location is None else (location, None)
        return any(self._present(here.get(place, ())) for place in places)


def _put(found: dict[Role, ByPlace], role: Role, member: Member) -> None:
    found.setdefault(role, {}).setdefault(member.location, []).append(member)


def _tiers(members: ByPlace, location: int | None) -> Iterator[Sequence[Member]]:
    """The nearest first: those of the location, then those of the network; without a location all together."""
    if location is None:
        yield [one for here in members.values() for one in here]
        return
    yield members.get(location, ())
    yield members.get(None, ())


def _places(member: Member, backup: Backup, locations: Collection[int]) -> Collection[int | None]:
    """Where a member may be asked to step in."""
    if backup.everywhere:
        return (None,) if member.location is None else ()
    return locations if member.location is None else (member.location,)
