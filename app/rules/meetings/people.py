"""Whom a meeting asks for, and who may read what is noted there. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from app.plan import Playbook
from app.plan.format.rhythm import Meeting, Round
from app.plan.terms import Access
from app.rules.people.responsibility import Member, Staff

NOBODY: Final[tuple[str, ...]] = ()


def leading_roles(meeting: Meeting | None) -> tuple[str, ...]:
    """The roles that lead it; none where the playbook knows the meeting no more."""
    return meeting.owner.roles if meeting and meeting.owner else NOBODY


def asked_roles(meeting: Meeting | None, playbook: Playbook) -> tuple[str, ...]:
    """Those who lead it first, then those who come; `everyone` is every role."""
    who = meeting.who if meeting else None
    coming = tuple(playbook.people) if who and who.everyone else who.roles if who else NOBODY
    return tuple(dict.fromkeys((*leading_roles(meeting), *coming)))


def reading_roles(meeting: Meeting | None, playbook: Playbook) -> tuple[str, ...]:
    """The roles that read its notes for being named: where everyone comes, those executives who lead it."""
    if meeting is None or meeting.who is None or not meeting.who.everyone:
        return asked_roles(meeting, playbook)
    working = [id_ for id_, role in playbook.people.items() if role.access != Access.EXECUTIVE]
    return tuple(dict.fromkeys((*leading_roles(meeting), *working)))


def invited(
    staff: Staff, members: Iterable[Member], rollout: int, meeting: Meeting | None, places: Collection[int | None]
) -> dict[int, str]:
    """The people who are asked to come, by key, as names: those who lead it first.

    `places` are the location of the meeting, the locations of its wave, or (None) the whole network. Whoever is on
    leave is replaced by whoever stands in.
    """
    found = dict(_holding(staff, rollout, leading_roles(meeting), places))
    if meeting is not None and meeting.who is not None and meeting.who.everyone:
        return {**found, **{person: name for person, name in _all(members, places) if not staff.away(person)}}
    roles = meeting.who.roles if meeting and meeting.who else NOBODY
    return {**found, **dict(_holding(staff, rollout, roles, places))}


def _holding(
    staff: Staff, rollout: int, roles: Iterable[str], places: Collection[int | None]
) -> Iterable[tuple[int, str]]:
    return ((one.person, one.name) for role in roles for place in places for one in staff.of(rollout, role, place))


def _all(members: Iterable[Member], places: Collection[int | None]) -> Iterable[tuple[int, str]]:
    """Everybody with a role in the rollout who works there, or in the whole network."""
    for one in members:
        if one.rollout is not None and (None in places or one.location is None or one.location in places):
            yield one.person, one.name


def round_of(meeting: Meeting, at: datetime | None) -> Round:
    """The rhythm to which one time belongs (`at` in the zone of the place), as far as hour and weekday tell: of
    rhythms that agree in both the first.
    """
    return next((one for one in meeting.rhythms if _fits(one, at)), meeting.rhythms[0])


def _fits(one: Round, at: datetime | None) -> bool:
    every = one.every
    if every is None or at is None:
        return False
    return every.at == at.time().replace(tzinfo=None) and (not every.days or at.weekday() in every.days)


def takes_of(meeting: Meeting | None, at: datetime | None) -> timedelta | None:
    """How long it takes; None where the playbook does not say it in hours and minutes."""
    found = (round_of(meeting, at).takes or meeting.takes) if meeting else None
    return timedelta(seconds=found.amount) if found and found.elapsed else None


def where_of(meeting: Meeting | None, at: datetime | None) -> str:
    """In which room or on which line they meet; empty where it is not said."""
    return (round_of(meeting, at).place or meeting.place) if meeting else ""
