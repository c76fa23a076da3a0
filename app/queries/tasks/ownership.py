"""Whose work a task is, as the database asks it: of the person it is assigned to, where there is one who can do it,
else of everybody who answers for a role of its owner. A test holds this and `app.rules.people.responsibility` together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, not_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.models import Assignment, Leave, Membership, Person, Task
from app.plan import Playbook
from app.plan.terms import Access
from app.queries.people import Holders
from app.queries.rollouts.facts import RolloutFacts
from app.rules.people.access import Viewer
from app.rules.tasks.named import owner_roles

Roles = frozenset[str]
NO_ROLE: Final = ""


def with_assignment(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join whom each task is assigned to: at most one."""
    return statement.outerjoin(Assignment, col(Assignment.task_id) == col(Task.id))


def stands(now: datetime) -> ColumnElement[bool]:
    """The assignment names somebody who can do the task, or whose cover can; never NULL. Else it is nobody's own."""
    person = col(Assignment.person_id)
    can = able(person, col(Task.rollout_id), col(Task.location_id))
    return case((col(Assignment.id).is_(None), False), else_=and_(can, _present(person, now)))


def able(person: Any, rollout: Any, location: Any) -> ColumnElement[bool]:
    """Somebody whose account is in use, and who sees what is at that place of a rollout; never NULL."""
    in_use = exists().where(col(Person.id) == person, col(Person.deactivated_at).is_(None))
    there = or_(col(Membership.location_id).is_(None), location.is_(None), col(Membership.location_id) == location)
    seeing = exists().where(
        col(Membership.person_id) == person,
        col(Membership.access).in_([access.value for access in Access]),
        or_(col(Membership.rollout_id).is_(None), and_(col(Membership.rollout_id) == rollout, there)),
    )
    return and_(in_use, seeing)


def _present(person: Any, now: datetime) -> ColumnElement[bool]:
    """Not on leave, or with a cover who is not."""
    covers, cover = aliased(Leave), aliased(Person)
    covered = exists().where(
        col(covers.person_id) == person,
        *_running(covers, now),
        col(cover.id) == col(covers.cover_id),
        col(cover.deactivated_at).is_(None),
        not_(_away(col(covers.cover_id), now)),
    )
    return or_(not_(_away(person, now)), covered)


def _away(person: Any, now: datetime) -> ColumnElement[bool]:
    leave = aliased(Leave)
    return exists().where(col(leave.person_id) == person, *_running(leave, now))


def _running(leave: type[Leave], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(leave.ended_at).is_(None), col(leave.from_at) <= now, col(leave.until_at) > now


def mine(rollout: RolloutFacts, viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """What is the reader's to do: assigned to them or to whom they cover, or by a role, unless it is somebody's own."""
    held = _at_places(rollout, lambda place: viewer.roles(rollout.id, place))
    own = col(Assignment.person_id).in_({viewer.person, *viewer.covers})
    return or_(own, and_(by_role(rollout, held), not_(stands(now))))


def owned_by(rollout: RolloutFacts, people: Holders, person: int, now: datetime) -> ColumnElement[bool]:
    """What is a person's to do, as everybody is told."""

    def held(place: int | None) -> Roles:
        roles = rollout.playbook.people
        return frozenset(role for role in roles if any(one.person == person for one in people.of(role, place)))

    given = {*people.staff.covered_by(person), *(() if people.staff.away(person) else (person,))}
    own = and_(col(Assignment.person_id).in_(given), stands(now))
    return or_(own, and_(by_role(rollout, _at_places(rollout, held)), not_(stands(now))))


def by_role(rollout: RolloutFacts, held: Mapping[int | None, Roles]) -> ColumnElement[bool]:
    """One of the owner's roles is among those `held` at the task's place."""
    found = [and_(_at(places), roles_own(rollout.playbook, roles)) for roles, places in _alike(held).items() if roles]
    return or_(false(), *found)


def roles_own(playbook: Playbook, roles: Roles) -> ColumnElement[bool]:
    """One of the roles is the owner's: the first stands in the row, a second one only in the playbook."""
    first = col(Task.owner_role).in_(sorted(roles))
    seconds = [task.id for task in playbook.work if roles.intersection(owner_roles(task)[1:])]
    return or_(first, col(Task.entry).in_(seconds)) if seconds else first


def unheld(rollout: RolloutFacts, people: Holders) -> dict[int | None, Roles]:
    """The roles for which nobody at all answers, at each place where there are some."""
    roles = rollout.playbook.people
    found = _at_places(rollout, lambda place: frozenset(role for role in roles if not people.held((role,), place)))
    return {place: missing for place, missing in found.items() if missing}


def unowned(rollout: RolloutFacts, missing: Mapping[int | None, Roles], now: datetime) -> ColumnElement[bool]:
    """Nobody at all can do the task: `missing` are the roles that nobody answers for, by place."""
    return and_(nobodys(rollout, missing), not_(stands(now)))


def nobodys(rollout: RolloutFacts, missing: Mapping[int | None, Roles]) -> ColumnElement[bool]:
    """Nobody answers for any of the owner's roles at the task's place."""
    places = _at_places(rollout, lambda place: missing.get(place, frozenset()) | {NO_ROLE})
    found = []
    for roles, where in _alike(places).items():
        nobody = and_(_at(where), col(Task.owner_role).in_(sorted(roles)))
        shared = [task.id for task in rollout.playbook.work if set(owner_roles(task)[1:]) - roles]
        found.append(and_(nobody, col(Task.entry).not_in(shared)) if shared else nobody)
    return or_(false(), *found)


def _at_places(rollout: RolloutFacts, held: Callable[[int | None], Roles]) -> dict[int | None, Roles]:
    return {None: held(None)} | {place.id: held(place.id) for place in rollout.locations}


def _alike(held: Mapping[int | None, Roles]) -> dict[Roles, list[int | None]]:
    found: dict[Roles, list[int | None]] = {}
    for place, roles in held.items():
        found.setdefault(roles, []).append(place)
    return found


def _at(places: list[int | None]) -> ColumnElement[bool]:
    located = col(Task.location_id).in_([place for place in places if place is not None])
    return or_(located, col(Task.location_id).is_(None)) if None in places else located
