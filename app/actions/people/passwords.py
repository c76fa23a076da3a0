"""A person changes the own password, or chooses a new one by a link that works once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from app.actions import texts
from app.actions.deliveries.queue import queue_delivery
from app.actions.events import record
from app.actions.jobs import finish_job
from app.actions.loading import key_of, load
from app.actions.people.links import end_links, new_link, open_link
from app.actions.people.secrets import password_fits, password_hash
from app.actions.people.sign_ins import end_sign_ins
from app.actions.people.throttle import count_try
from app.actions.people.tokens import end_tokens
from app.actions.people.viewers import holds_everywhere
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Invitation, Job, LoginFailure, Person
from app.rules.people.access import Permission, Viewer

RESET = "reset"
RESET_LASTS = timedelta(hours=1)
ASKED_AGAIN_AFTER = timedelta(minutes=5)
SEND_RESET = "send_reset"


def change_password(session: Session, *, current: str, new: str, by: Viewer, now: datetime) -> None:
    """Put a new password in place of the old one and end every sign-in, this one too, and every token.

    Raises Invalid.
    """
    person = load(session, Person, by.person, "person")
    if not password_fits(current, person.password_hash):
        raise Invalid({"current": "This is not your present password."})
    try:
        person.password_hash = password_hash(new, email=person.email)
    except Invalid as fault:
        raise Invalid({"new": fault.fields["password"]}) from fault
    session.add(person)
    end_sign_ins(session, by.person, now=now)
    end_tokens(session, by.person, now=now)
    end_links(session, by.person, now=now)
    record(session, "person.password_changed", ("person", by.person), by=by, now=now)
    _tell(session, by.person, now)


def _tell(session: Session, person_id: int, now: datetime) -> None:
    """Whoever did not do it must learn of it."""
    subject, key = ("person", person_id), now.isoformat()
    queue_delivery(session, kind="password_changed", person_id=person_id, key=key, subject=subject, now=now)


def ask_reset(session: Session, *, email: str, address: str, now: datetime) -> None:
    """Leave it to the worker to send a link, if there is such an account: the answer to the caller is the same, and
    takes the same time, whether there is one or not. Raises Throttled.
    """
    email = texts.mailbox(email)[: texts.EMAIL_LIMIT]
    place = f"{RESET} {texts.printable(address)[:100]}"
    count_try(session, f"{RESET} {email}", place, now=now)
    session.add(Job(kind=SEND_RESET, payload={"email": email}, next_at=now, created_at=now))


def send_reset(session: Session, job: Job, *, now: datetime) -> Iterator[None]:
    """Mail a link to the account that somebody has forgotten the password of; not again within five minutes."""
    statement = select(Person).where(
        Person.email == job.payload.get("email"),
        col(Person.deactivated_at).is_(None),
        col(Person.password_hash).is_not(None),
    )
    person = session.exec(statement).first()
    if person is not None and not _asked_lately(session, key_of(person), now):
        link, token = new_link(session, RESET, key_of(person), by=None, lasts=RESET_LASTS, now=now)
        subject = ("invitation", link)
        queue_delivery(
            session, kind="password_reset", person_id=key_of(person), key=str(link), subject=subject, now=now,
            data={"token": token},
        )  # fmt: skip
        record(session, "person.reset_asked", ("person", key_of(person)), by=None, now=now)
    job.payload = {}
    finish_job(job, now=now)
    session.add(job)
    yield


def _asked_lately(session: Session, person_id: int, now: datetime) -> bool:
    statement = select(Invitation.id).where(
        Invitation.person_id == person_id,
        Invitation.kind == RESET,
        col(Invitation.created_at) > now - ASKED_AGAIN_AFTER,
    )
    return session.exec(statement.limit(1)).first() is not None


def make_reset(session: Session, person_id: int, *, by: Viewer, now: datetime) -> tuple[Person, str]:
    """A token for a link to hand over, where somebody who joined cannot get one by mail.

    Raises NotFound, Forbidden, and Refused for an account that is out of use or not joined yet.
    """
    if not holds_everywhere(by, Permission.MANAGE_PEOPLE):
        raise Forbidden
    person = load(session, Person, person_id, "person")
    if person.deactivated_at is not None or person.password_hash is None:
        raise Refused(f"{person.name} has no password to choose anew: the account is out of use or not joined yet.")
    _, token = new_link(session, RESET, person_id, by=by, lasts=RESET_LASTS, now=now)
    record(session, "person.reset_link_made", ("person", person_id), by=by, now=now)
    return person, token


def resetting(session: Session, token: str, *, now: datetime) -> Person | None:
    """Whom a link for a new password is for; None when it is unknown, used, too old, or its maker is out of charge."""
    found = open_link(session, RESET, token, now=now)
    return found[1] if found else None


def reset_password(session: Session, token: str, *, password: str, now: datetime) -> Person:
    """Choose a new password by the link, which works once; every sign-in and every token ends.

    Raises NotFound and Invalid.
    """
    found = open_link(session, RESET, token, now=now)
    if found is None:
        raise NotFound("link")
    row, person = found
    person.password_hash = password_hash(password, email=person.email)
    row.used_at = now
    session.add_all([person, row])
    end_sign_ins(session, key_of(person), now=now)
    end_tokens(session, key_of(person), now=now)
    end_links(session, key_of(person), now=now)
    session.exec(delete(LoginFailure).where(col(LoginFailure.email) == person.email))
    by = Viewer(key_of(person), person.name)
    record(session, "person.password_reset", ("person", key_of(person)), by=by, now=now)
    _tell(session, key_of(person), now)
    return person
