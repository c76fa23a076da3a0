"""Signing in and out. Three steps, so that the slow password hash holds no transaction:

attempt = attempt_sign_in(session, ...)      # in a transaction of its own: counted as a failure from the start
proven = proves(attempt, password)           # no database
token = sign_in(session, attempt, ...)       # if proven: takes the failure back
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from app.actions import texts
from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.people.inbox import unseen
from app.actions.people.secrets import new_token, password_fits, token_hash
from app.actions.people.throttle import count_try
from app.actions.people.tokens import end_tokens
from app.actions.people.viewers import holds_everywhere, viewer_of
from app.errors import Forbidden, NotFound
from app.models import LoginFailure, Person, SignIn
from app.rules.people.access import Permission, Viewer
from app.rules.people.sessions import ABSOLUTE, is_over

FAMILIAR = timedelta(days=30)
NOTED_EVERY = timedelta(minutes=1)
FAMILIAR_PLACE = "familiar "


@dataclass(frozen=True)
class Attempt:
    """Somebody says who they are. An unknown account looks the same from outside, but is never proven.

    `place` is what the failures of this attempt are counted under.
    """

    person_id: int | None
    password_hash: str | None
    email: str
    address: str
    place: str


@dataclass(frozen=True)
class Recognised:
    """The person behind a cookie; `note` says that the sign-in's last use is to be written again."""

    viewer: Viewer
    note: bool


def attempt_sign_in(session: Session, *, email: str, address: str, now: datetime) -> Attempt:
    """Count an attempt. Raises Throttled when there were too many failures.

    An account at an address from which its owner signed in lately has a count of its own there: neither a stranger
    elsewhere nor everybody else behind the same address, as in a clinic, can slow the owner down.
    """
    email, address = texts.mailbox(email)[: texts.EMAIL_LIMIT], texts.printable(address)[:100]
    person = session.exec(select(Person).where(Person.email == email, col(Person.deactivated_at).is_(None))).first()
    familiar = person is not None and _familiar(session, key_of(person), address, now)
    place = f"{FAMILIAR_PLACE}{address}" if familiar else address
    count_try(session, email, place, own_count=familiar, now=now)
    if person is None:
        return Attempt(None, None, email, address, place)
    return Attempt(person.id, person.password_hash, email, address, place)


def proves(attempt: Attempt, password: str) -> bool:
    """Whether the password is right. Takes the same time for an unknown account."""
    return password_fits(password, attempt.password_hash)


def sign_in(
    session: Session, attempt: Attempt, *, user_agent: str = "", own_device: bool = False, now: datetime
) -> str:
    """Open a session on the server for a proven attempt and give the token for its cookie."""
    if attempt.person_id is None:
        raise NotFound("person")
    viewer = viewer_of(session, attempt.person_id, now=now)
    _forgive(session, attempt)
    token, hashed = new_token()
    row = SignIn(
        person_id=viewer.person,
        token_hash=hashed,
        own_device=own_device,
        address=attempt.address,
        user_agent=texts.printable(user_agent)[:200],
        created_at=now,
        last_seen_at=now,
        proven_at=now,
        expires_at=now + ABSOLUTE,
    )
    session.add(row)
    session.flush()
    record(session, "person.signed_in", ("person", viewer.person), by=viewer, now=now)
    return token


def attempt_proof(session: Session, *, by: Viewer, address: str, now: datetime) -> Attempt:
    """Somebody who is signed in is to prove who they are once more. Counted and throttled like signing in."""
    person = load(session, Person, by.person, "person")
    return attempt_sign_in(session, email=person.email, address=address, now=now)


def note_proof(session: Session, token: str, attempt: Attempt, *, now: datetime) -> None:
    """Write down that whoever uses this sign-in has just proven who they are; takes the failure back."""
    _forgive(session, attempt)
    session.exec(update(SignIn).where(col(SignIn.token_hash) == token_hash(token)).values(proven_at=now))


def _forgive(session: Session, attempt: Attempt) -> None:
    session.exec(
        delete(LoginFailure).where(col(LoginFailure.email) == attempt.email, col(LoginFailure.address) == attempt.place)
    )


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End the session of a cookie. Quiet when there is none."""
    row = _open_row(session, token)
    if row is None:
        return
    row.ended_at = now
    session.add(row)
    person = session.get(Person, row.person_id)
    by = Viewer(row.person_id, person.name if person else "")
    record(session, "person.signed_out", ("person", row.person_id), by=by, now=now)


def recognise(session: Session, token: str, *, now: datetime) -> Recognised | None:
    """Who a cookie belongs to; None when it is unknown, ended, too old or idle too long. Only reads."""
    row = _open_row(session, token)
    if row is None or is_over(own_device=row.own_device, last_seen=row.last_seen_at, expires=row.expires_at, now=now):
        return None
    try:
        viewer = viewer_of(session, row.person_id, now=now)
    except NotFound:
        return None
    known = replace(viewer, proven_at=row.proven_at, unseen=unseen(session, viewer.person))
    return Recognised(known, note=now - row.last_seen_at >= NOTED_EVERY)


def note_sign_in(session: Session, token: str, *, now: datetime) -> None:
    """Write down that the cookie was used just now."""
    session.exec(update(SignIn).where(col(SignIn.token_hash) == token_hash(token)).values(last_seen_at=now))


def end_sign_ins(session: Session, person_id: int, *, but: str | None = None, now: datetime) -> None:
    """Sign a person out everywhere; with `but`, everywhere but where this cookie's token is used."""
    statement = update(SignIn).where(col(SignIn.person_id) == person_id, col(SignIn.ended_at).is_(None))
    if but is not None:
        statement = statement.where(col(SignIn.token_hash) != token_hash(but))
    session.exec(statement.values(ended_at=now))


def end_sign_in(session: Session, sign_in_id: int, *, person_id: int, by: Viewer, now: datetime) -> None:
    """End one of a person's sign-ins: one's own, or as whoever keeps the accounts. Ended already is quiet.

    Raises NotFound (also for a sign-in of somebody else than `person_id`) and Forbidden.
    """
    if person_id != by.person and not holds_everywhere(by, Permission.MANAGE_PEOPLE):
        raise Forbidden
    row = load(session, SignIn, sign_in_id, "sign-in")
    if row.person_id != person_id:
        raise NotFound("sign-in")
    if row.ended_at is None:
        row.ended_at = now
        session.add(row)
        record(session, "person.sign_in_ended", ("person", person_id), by=by, now=now)


def sign_out_everywhere(session: Session, person_id: int, *, by: Viewer, now: datetime) -> None:
    """End every sign-in and every token of a person: one's own, or as whoever keeps the accounts.

    Raises NotFound and Forbidden.
    """
    if person_id != by.person and not holds_everywhere(by, Permission.MANAGE_PEOPLE):
        raise Forbidden
    load(session, Person, person_id, "person")
    end_sign_ins(session, person_id, now=now)
    end_tokens(session, person_id, now=now)
    record(session, "person.sign_ins_ended", ("person", person_id), by=by, now=now)


def _open_row(session: Session, token: str) -> SignIn | None:
    statement = select(SignIn).where(SignIn.token_hash == token_hash(token), col(SignIn.ended_at).is_(None))
    return session.exec(statement).first()


def _familiar(session: Session, person_id: int, address: str, now: datetime) -> bool:
    statement = select(SignIn.id).where(
        SignIn.person_id == person_id, SignIn.address == address, col(SignIn.created_at) > now - FAMILIAR
    )
    return session.exec(statement.limit(1)).first() is not None
