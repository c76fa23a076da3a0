"""Accounts: invited, joined, deactivated."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from app.actions import texts
from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.secrets import new_token, password_hash, token_hash
from app.actions.sign_ins import end_sign_ins
from app.actions.viewers import holds_everywhere, viewer_of
from app.errors import Forbidden, NotFound, Refused
from app.models import Invitation, Person
from app.rules.access import Permission, Viewer

INVITATION_DAYS = 14


def invite(session: Session, *, name: str, email: str, by: Viewer, now: datetime) -> tuple[Person, str | None]:
    """Make an account and a token for the link by which the person joins.

    Inviting the same address again gives a fresh link and ends the older ones. No token (None) when the person has
    joined, or holds roles of which `by` is not in charge: whoever has the link may become that person.
    Raises Forbidden, Invalid, and Refused for a deactivated account.
    """
    if not by.can(Permission.MANAGE_PEOPLE):
        raise Forbidden
    name, email = texts.one_line("name", name), texts.email("email", email)
    person = _at(session, email) or _new(session, name, email, now)
    if person.deactivated_at is not None:
        raise Refused(f"The account of {person.name} is deactivated.")
    if person.password_hash is not None or not _in_charge(session, key_of(person), by):
        return person, None
    token = _invitation(session, key_of(person), by, now)
    record(session, "person.invited", ("person", key_of(person)), by=by, now=now, after={"email": email})
    return person, token


def _at(session: Session, email: str) -> Person | None:
    """The account of an address, locked so that two invitations at once leave one link open."""
    statement = select(Person).where(Person.email == email).with_for_update()
    return session.exec(statement, execution_options={"populate_existing": True}).first()


def _new(session: Session, name: str, email: str, now: datetime) -> Person:
    """A new account, or the one that somebody else has made for the address at the same moment."""
    person = Person(name=name, email=email, created_at=now)
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        won = _at(session, email)
        if won is None:
            raise
        return won
    return person


def _in_charge(session: Session, person_id: int, by: Viewer) -> bool:
    """Whether every role the person holds is one that `by` may give."""
    if holds_everywhere(by, Permission.MANAGE_PEOPLE):
        return True
    grants = viewer_of(session, person_id).grants
    return all(
        grant.rollout is not None and by.can(Permission.MANAGE_PEOPLE, rollout=grant.rollout) for grant in grants
    )


def _invitation(session: Session, person_id: int, by: Viewer, now: datetime) -> str:
    session.exec(
        update(Invitation)
        .where(
            col(Invitation.person_id) == person_id, col(Invitation.used_at).is_(None), col(Invitation.expires_at) > now
        )
        .values(expires_at=now)
    )
    token, hashed = new_token()
    expires = now + timedelta(days=INVITATION_DAYS)
    session.add(
        Invitation(person_id=person_id, token_hash=hashed, created_by=by.person, created_at=now, expires_at=expires)
    )
    return token


def invited(session: Session, token: str, *, now: datetime) -> Person | None:
    """The person an invitation is for; None when the link is unknown, used or too old."""
    row = _open_invitation(session, token, now)
    return None if row is None or row.person_id is None else session.get(Person, row.person_id)


def accept_invitation(session: Session, token: str, *, password: str, now: datetime) -> Person:
    """Join with a password. The link works once. Raises NotFound and Invalid."""
    person = invited(session, token, now=now)
    row = _open_invitation(session, token, now)
    if person is None or row is None or person.deactivated_at is not None:
        raise NotFound("invitation")
    person.password_hash = password_hash(password, email=person.email)
    row.used_at = now
    session.add_all([person, row])
    by = Viewer(key_of(person), person.name)
    record(session, "person.joined", ("person", key_of(person)), by=by, now=now)
    return person


def _open_invitation(session: Session, token: str, now: datetime) -> Invitation | None:
    statement = select(Invitation).where(
        Invitation.token_hash == token_hash(token),
        col(Invitation.person_id).is_not(None),
        col(Invitation.used_at).is_(None),
        col(Invitation.expires_at) > now,
    )
    return session.exec(statement.with_for_update()).first()


def deactivate(session: Session, person_id: int, *, by: Viewer, now: datetime) -> Person:
    """Take an account out of use and sign it out everywhere. Twice is quiet; nobody deactivates themselves."""
    person = _managed(session, person_id, by)
    if person.deactivated_at is not None:
        return person
    person.deactivated_at = now
    session.add(person)
    end_sign_ins(session, person_id, now=now)
    record(session, "person.deactivated", ("person", person_id), by=by, now=now)
    return person


def reactivate(session: Session, person_id: int, *, by: Viewer, now: datetime) -> Person:
    """Put an account back into use, with the roles it had. Twice is quiet."""
    person = _managed(session, person_id, by)
    if person.deactivated_at is None:
        return person
    person.deactivated_at = None
    session.add(person)
    record(session, "person.reactivated", ("person", person_id), by=by, now=now)
    return person


def _managed(session: Session, person_id: int, by: Viewer) -> Person:
    # Accounts belong to the installation, so the right must too: a rollout's director manages its roles only.
    if not holds_everywhere(by, Permission.MANAGE_PEOPLE):
        raise Forbidden
    if person_id == by.person:
        raise Refused("Nobody takes their own account out of use; ask another administrator.")
    return load(session, Person, person_id, "person")
