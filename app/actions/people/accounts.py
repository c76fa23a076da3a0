"""Accounts: invited, joined, deactivated."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.actions import texts
from app.actions.deliveries.queue import queue_delivery
from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.people.links import end_links, new_link, open_link
from app.actions.people.secrets import password_hash
from app.actions.people.sign_ins import end_sign_ins
from app.actions.people.tokens import end_tokens
from app.actions.people.viewers import holds_everywhere, in_charge_of, viewer_of
from app.errors import Forbidden, NotFound, Refused
from app.models import Person
from app.rules.people.access import Permission, Viewer

JOIN = "join"
INVITATION_LASTS = timedelta(days=14)


def invite(
    session: Session,
    *,
    name: str,
    email: str,
    by: Viewer,
    now: datetime,
    by_mail: bool = False,
    rollout_id: int | None = None,
) -> tuple[Person, str | None]:
    """Make an account and a token for the link by which the person joins; `by_mail` sends the link, too.

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
    if person.password_hash is not None or not in_charge_of(by, viewer_of(session, key_of(person), now=now).grants):
        return person, None
    link, token = new_link(session, JOIN, key_of(person), by=by, lasts=INVITATION_LASTS, now=now)
    if by_mail:
        _mail_link(session, key_of(person), link, token, by, rollout_id, now)
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


def _mail_link(
    session: Session, person_id: int, link: int, token: str, by: Viewer, rollout_id: int | None, now: datetime
) -> None:
    queue_delivery(
        session, kind="invitation", person_id=person_id, key=str(link), subject=("invitation", link),
        rollout_id=rollout_id, now=now, data={"by": by.name, "token": token},
    )  # fmt: skip


def invited(session: Session, token: str, *, now: datetime) -> Person | None:
    """The person an invitation is for; None when the link no longer opens anything (`links.open_link`)."""
    found = open_link(session, JOIN, token, now=now)
    return found[1] if found else None


def accept_invitation(session: Session, token: str, *, password: str, now: datetime) -> Person:
    """Join with a password. The link works once. Raises NotFound and Invalid."""
    found = open_link(session, JOIN, token, now=now)
    if found is None:
        raise NotFound("invitation")
    row, person = found
    person.password_hash = password_hash(password, email=person.email)
    row.used_at = now
    session.add_all([person, row])
    by = Viewer(key_of(person), person.name)
    record(session, "person.joined", ("person", key_of(person)), by=by, now=now)
    return person


def deactivate(session: Session, person_id: int, *, by: Viewer, now: datetime) -> Person:
    """Take an account out of use, sign it out everywhere and end its tokens. Twice is quiet; nobody does so to
    themselves.
    """
    person = _managed(session, person_id, by)
    if person.deactivated_at is not None:
        return person
    person.deactivated_at = now
    session.add(person)
    end_sign_ins(session, person_id, now=now)
    end_links(session, person_id, now=now)
    end_tokens(session, person_id, now=now)
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
