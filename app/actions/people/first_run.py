"""The first person of a new installation, by the link that the console showed."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select, update

from app.actions import texts
from app.actions.events import record
from app.actions.loading import key_of
from app.actions.people.secrets import password_hash, token_hash
from app.errors import NotFound
from app.models import Installation, Invitation, Membership, Person
from app.plan.terms import Access
from app.rules.people.access import ADMINISTRATOR, Grant, Viewer


def first_run_open(session: Session, token: str, *, now: datetime) -> bool:
    """Whether the link still opens the first-run page."""
    return _invitation(session, token, now) is not None


def first_run(session: Session, token: str, *, name: str, email: str, password: str, now: datetime) -> Person:
    """Make the first person, director and administrator of the installation.

    Raises NotFound when the link is wrong, used or too old, and Invalid.
    """
    name, email = texts.one_line("name", name), texts.email("email", email)
    hashed = password_hash(password, email=email)
    invitation = _invitation(session, token, now)
    if invitation is None:
        raise NotFound
    person = Person(name=name, email=email, password_hash=hashed, created_at=now)
    session.add(person)
    session.flush()
    _take(session, key_of(person), now)
    invitation.used_at = now
    _grant_all(session, key_of(person), now)
    grants = tuple(Grant(access, access) for access in (Access.DIRECTOR, ADMINISTRATOR))
    by = Viewer(key_of(person), name, grants)
    record(session, "installation.set_up", ("installation", 1), by=by, now=now)
    return person


def _invitation(session: Session, token: str, now: datetime) -> Invitation | None:
    statement = select(Invitation).where(
        Invitation.token_hash == token_hash(token),
        col(Invitation.person_id).is_(None),
        col(Invitation.used_at).is_(None),
        col(Invitation.expires_at) > now,
    )
    installation = session.get(Installation, 1)
    return None if installation is None or installation.set_up_at is not None else session.exec(statement).first()


def _take(session: Session, person_id: int, now: datetime) -> None:
    """Only one can be the first; whoever comes second finds the link gone."""
    statement = (
        update(Installation)
        .where(col(Installation.id) == 1, col(Installation.set_up_at).is_(None))
        .values(set_up_at=now, set_up_by=person_id)
    )
    if session.exec(statement).rowcount == 0:
        raise NotFound


def _grant_all(session: Session, person_id: int, now: datetime) -> None:
    for access in (Access.DIRECTOR, ADMINISTRATOR):
        session.add(Membership(person_id=person_id, role=access, access=access, created_by=person_id, created_at=now))
