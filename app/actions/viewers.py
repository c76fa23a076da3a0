"""A person as what they may do."""

from __future__ import annotations

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Membership, Person
from app.rules.access import Grant, Permission, Viewer, allowed


def viewer_of(session: Session, person_id: int) -> Viewer:
    """The person with all memberships. Raises NotFound for nobody and for somebody deactivated."""
    person = session.get(Person, person_id)
    if person is None or person.deactivated_at is not None:
        raise NotFound("person")
    rows = session.exec(select(Membership).where(Membership.person_id == person_id).order_by(col(Membership.id)))
    return Viewer(
        person_id, person.name, tuple(Grant(row.role, row.access, row.rollout_id, row.location_id) for row in rows)
    )


def holds_everywhere(viewer: Viewer, permission: Permission) -> bool:
    """Whether an account's own right gives the permission: one grant that does both, not one for each."""
    return any(grant.rollout is None and allowed(permission, grant.holder) for grant in viewer.grants)
