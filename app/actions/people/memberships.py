"""Who is what, in an account and in a rollout. Nobody changes their own roles."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions.events import record
from app.actions.loading import load
from app.actions.people.viewers import holds_everywhere
from app.errors import Forbidden, Invalid, NotFound
from app.models import Location, Membership, Person, Rollout
from app.plan.terms import Access, Scope
from app.rules.people.access import ACCOUNT_ACCESS, Permission, Viewer
from app.rules.people.responsibility import steps_in
from app.stored import playbook_at


def add_membership(
    session: Session,
    person_id: int,
    *,
    role: str,
    rollout_id: int | None = None,
    location_id: int | None = None,
    by: Viewer,
    now: datetime,
) -> Membership:
    """Give a role: of a rollout's playbook, for the network or for one of its locations; or an account's right.

    Twice is quiet. Raises NotFound, Forbidden (also for one's own roles), Invalid for a role that is not there.
    """
    load(session, Person, person_id, "person")
    _may_change(by, person_id, rollout_id)
    access, takes_over = _terms(session, role, rollout_id, location_id)
    found = _found(session, person_id, role, rollout_id, location_id)
    if found is not None:
        return found
    row = Membership(
        person_id=person_id,
        rollout_id=rollout_id,
        location_id=location_id,
        role=role,
        access=access,
        steps_in=takes_over,
        created_by=by.person,
        created_at=now,
    )
    session.add(row)
    _record(session, "person.role_given", row, by, now)
    return row


def remove_membership(
    session: Session, membership_id: int, *, within: int | None = None, by: Viewer, now: datetime
) -> None:
    """Take a role away; it ends with the next request. Raises Forbidden (also for one's own roles) and NotFound.

    `within` is the rollout that it must be a role of, where it is taken away on the page of one.
    """
    row = load(session, Membership, membership_id, "role")
    if within is not None and row.rollout_id != within:
        raise NotFound("role")
    _may_change(by, row.person_id, row.rollout_id)
    session.delete(row)
    _record(session, "person.role_taken", row, by, now)


def _may_change(by: Viewer, person_id: int, rollout_id: int | None) -> None:
    may = holds_everywhere(by, Permission.MANAGE_PEOPLE)
    if rollout_id is not None and not may:
        if not by.can(Permission.SEE_PLAN, rollout=rollout_id):
            raise NotFound("rollout")
        may = by.can(Permission.MANAGE_PEOPLE, rollout=rollout_id)
    if not may:
        raise Forbidden
    if person_id == by.person:
        raise Forbidden("Nobody changes their own roles; ask another director or administrator.")


def _terms(session: Session, role: str, rollout_id: int | None, location_id: int | None) -> tuple[str, str]:
    """The access of a role and the roles that it takes over, as they are frozen on the membership."""
    if rollout_id is None:
        if role not in ACCOUNT_ACCESS or location_id is not None:
            raise Invalid({"role": f"An account's right is one of {', '.join(ACCOUNT_ACCESS)}."})
        return role, ""
    rollout = load(session, Rollout, rollout_id, "rollout")
    if location_id is not None and load(session, Location, location_id, "location").rollout_id != rollout_id:
        raise NotFound("location")
    return role_terms(session, rollout, role, at_location=location_id is not None)


def role_terms(session: Session, rollout: Rollout, role: str, *, at_location: bool) -> tuple[str, str]:
    """The access of a role of the rollout's playbook, and the roles that it takes over (`Membership.steps_in`).

    Raises Invalid for a role that the playbook does not have, or not at a location.
    """
    playbook = playbook_at(session, rollout)
    found = playbook.people.get(role)
    if found is None:
        raise Invalid({"role": f"The playbook has no role {role}."})
    if at_location and found.scope == Scope.NETWORK:
        raise Invalid({"role": f"{found.title} is a role of the whole network."})
    return Access(found.access).value, steps_in(playbook, role)


def _found(
    session: Session, person_id: int, role: str, rollout_id: int | None, location_id: int | None
) -> Membership | None:
    statement = select(Membership).where(
        Membership.person_id == person_id,
        Membership.role == role,
        col(Membership.rollout_id).is_not_distinct_from(rollout_id),
        col(Membership.location_id).is_not_distinct_from(location_id),
    )
    return session.exec(statement).first()


def _record(session: Session, verb: str, row: Membership, by: Viewer, now: datetime) -> None:
    session.flush()
    role = {"role": row.role, "access": row.access}
    given = verb == "person.role_given"
    record(
        session,
        verb,
        ("person", row.person_id),
        by=by,
        now=now,
        rollout_id=row.rollout_id,
        location_id=row.location_id,
        before=None if given else role,
        after=role if given else None,
    )
