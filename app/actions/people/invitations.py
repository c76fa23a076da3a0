"""Links to join, mailed to everybody of a rollout who never got one."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions.people.accounts import invite
from app.errors import Forbidden, NotFound
from app.models import Delivery, Membership, Person
from app.rules.people.access import Permission, Viewer


def invite_waiting(session: Session, rollout_id: int, *, by: Viewer, now: datetime) -> list[Person]:
    """Mail a link to everybody with a role in a rollout who has not joined, and whom no invitation was mailed to.

    Whoever holds roles of which `by` is not in charge is left out. Raises NotFound, and Forbidden for whoever does not
    keep the people of the rollout.
    """
    if not by.can(Permission.MANAGE_PEOPLE, rollout=rollout_id):
        raise Forbidden if rollout_id in by.rollouts() else NotFound("rollout")
    held = select(Membership.person_id).where(Membership.rollout_id == rollout_id)
    mailed = select(Delivery.person_id).where(Delivery.kind == "invitation")
    waiting = select(Person).where(
        col(Person.id).in_(held),
        col(Person.id).not_in(mailed),
        col(Person.deactivated_at).is_(None),
        col(Person.password_hash).is_(None),
    )
    return [
        person
        for person in session.exec(waiting.order_by(col(Person.id))).all()
        if invite(session, name=person.name, email=person.email, by=by, now=now, by_mail=True, rollout_id=rollout_id)[1]
    ]
