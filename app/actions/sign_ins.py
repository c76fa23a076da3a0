"""Signing in and out. Three steps, so that the slow password hash holds no transaction:

attempt = attempt_sign_in(session, ...)      # in a transaction of its own: counted as a failure from the start
proven = proves(attempt, password)           # no database
token = sign_in(session, attempt, ...)       # if proven: takes the failure back
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select, update

from app.actions import texts
from app.actions.events import record
from app.actions.loading import key_of
from app.actions.secrets import new_token, password_fits, token_hash
from app.actions.viewers import viewer_of
from app.errors import NotFound, Throttled
from app.models import LoginFailure, Person, SignIn
from app.rules.access import Viewer

ACCOUNT_FAILURES, ACCOUNT_WINDOW = 10, timedelta(minutes=15)
ADDRESS_FAILURES, ADDRESS_WINDOW = 20, timedelta(hours=1)
ABSOLUTE, IDLE_OWN, IDLE_SHARED = timedelta(hours=12), timedelta(hours=12), timedelta(minutes=30)
FAMILIAR = timedelta(days=30)
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Attempt:
    """Somebody says who they are. An unknown account looks the same from outside, but is never proven."""

    person_id: int | None
    password_hash: str | None
    email: str
    address: str


@dataclass(frozen=True)
class Recognised:
    """The person behind a cookie; `note` says that the sign-in's last use is to be written again."""

    viewer: Viewer
    note: bool


def attempt_sign_in(session: Session, *, email: str, address: str, now: datetime) -> Attempt:
    """Count an attempt. Raises Throttled when there were too many failures.

    The account's count leaves out addresses from which its owner signed in lately (they have a count of their own),
    so that a stranger can slow a person down nowhere but at the stranger's own place.
    """
    email, address = texts.mailbox(email)[: texts.EMAIL_LIMIT], texts.printable(address)[:100]
    person = session.exec(select(Person).where(Person.email == email, col(Person.deactivated_at).is_(None))).first()
    familiar = person is not None and _familiar(session, key_of(person), address, now)
    _throttle(session, email, address, now, own_count=familiar)
    session.exec(delete(LoginFailure).where(col(LoginFailure.at) <= now - ADDRESS_WINDOW))
    session.add(LoginFailure(email=email, address=address, at=now))
    if person is None:
        return Attempt(None, None, email, address)
    return Attempt(person.id, person.password_hash, email, address)


def proves(attempt: Attempt, password: str) -> bool:
    """Whether the password is right. Takes the same time for an unknown account."""
    return password_fits(password, attempt.password_hash)


def sign_in(
    session: Session, attempt: Attempt, *, user_agent: str = "", own_device: bool = False, now: datetime
) -> str:
    """Open a session on the server for a proven attempt and give the token for its cookie."""
    if attempt.person_id is None:
        raise NotFound("person")
    viewer = viewer_of(session, attempt.person_id)
    session.exec(
        delete(LoginFailure).where(
            col(LoginFailure.email) == attempt.email, col(LoginFailure.address) == attempt.address
        )
    )
    token, hashed = new_token()
    row = SignIn(
        person_id=viewer.person,
        token_hash=hashed,
        own_device=own_device,
        address=attempt.address,
        user_agent=texts.printable(user_agent)[:200],
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE,
    )
    session.add(row)
    session.flush()
    record(session, "person.signed_in", ("person", viewer.person), by=viewer, now=now)
    return token


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
    if row is None or now >= row.expires_at:
        return None
    if now - row.last_seen_at >= (IDLE_OWN if row.own_device else IDLE_SHARED):
        return None
    try:
        viewer = viewer_of(session, row.person_id)
    except NotFound:
        return None
    return Recognised(viewer, note=now - row.last_seen_at >= NOTED_EVERY)


def note_sign_in(session: Session, token: str, *, now: datetime) -> None:
    """Write down that the cookie was used just now."""
    session.exec(update(SignIn).where(col(SignIn.token_hash) == token_hash(token)).values(last_seen_at=now))


def end_sign_ins(session: Session, person_id: int, *, now: datetime) -> None:
    """Sign a person out everywhere."""
    session.exec(
        update(SignIn).where(col(SignIn.person_id) == person_id, col(SignIn.ended_at).is_(None)).values(ended_at=now)
    )


def _open_row(session: Session, token: str) -> SignIn | None:
    statement = select(SignIn).where(SignIn.token_hash == token_hash(token), col(SignIn.ended_at).is_(None))
    return session.exec(statement).first()


def _familiar(session: Session, person_id: int, address: str, now: datetime) -> bool:
    statement = select(SignIn.id).where(
        SignIn.person_id == person_id, SignIn.address == address, col(SignIn.created_at) > now - FAMILIAR
    )
    return session.exec(statement.limit(1)).first() is not None


def _throttle(session: Session, email: str, address: str, now: datetime, *, own_count: bool) -> None:
    here = col(LoginFailure.address) == address
    by_account = [col(LoginFailure.email) == email, *([here] if own_count else [])]
    for conditions, limit, window in (
        (by_account, ACCOUNT_FAILURES, ACCOUNT_WINDOW),
        ([here], ADDRESS_FAILURES, ADDRESS_WINDOW),
    ):
        recent = select(func.count(), func.min(LoginFailure.at)).where(*conditions, col(LoginFailure.at) > now - window)
        count, oldest = session.exec(recent).one()
        if count >= limit:
            raise Throttled(oldest + window)
