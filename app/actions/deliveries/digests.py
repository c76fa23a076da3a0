"""Whose daily digest is due, and when the next one is."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, or_, select, update

from app.errors import Invalid, LostClaim
from app.models import Person
from app.rules.deliveries.mail import Wish
from app.rules.people.access import Viewer


def due_reader(session: Session, *, now: datetime) -> tuple[int, datetime | None] | None:
    """Somebody with an account in use whose digest is due or was never planned, and when it was due; None: nobody."""
    due = or_(col(Person.next_digest_at).is_(None), col(Person.next_digest_at) <= now)
    statement = select(Person.id, Person.next_digest_at).where(
        due,
        col(Person.deactivated_at).is_(None),
        col(Person.password_hash).is_not(None),
        col(Person.mail) != Wish.NONE,
    )
    found = session.exec(statement.order_by(col(Person.next_digest_at), col(Person.id)).limit(1)).first()
    return None if found is None or found[0] is None else (found[0], found[1])


def plan_digest(session: Session, person_id: int, *, seen: datetime | None, at: datetime) -> None:
    """The next digest is due then. Raises LostClaim when somebody else has planned it since it was `seen`."""
    statement = update(Person).where(col(Person.id) == person_id, col(Person.next_digest_at).is_not_distinct_from(seen))
    if session.exec(statement.values(next_digest_at=at)).rowcount == 0:
        raise LostClaim


def choose_mail(session: Session, *, wish: str, by: Viewer) -> None:
    """Say what one wants sent. The same again is quiet. Raises Invalid."""
    if wish not in list(Wish):
        raise Invalid({"mail": "Choose one of these."})
    session.exec(
        update(Person)
        .where(col(Person.id) == by.person, col(Person.mail) != wish)
        .values(mail=wish, next_digest_at=None)
    )
