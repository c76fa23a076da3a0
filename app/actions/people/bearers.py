"""Whom a token acts for, at each request; and those who only guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select, update

from app.actions import texts
from app.actions.people.secrets import token_hash
from app.actions.people.viewers import viewer_of
from app.errors import NotFound, Throttled
from app.models import LoginFailure, Token
from app.rules.people.access import Viewer

NOTED_EVERY = timedelta(minutes=1)
FAILURES, FAILURES_WINDOW = 20, timedelta(hours=1)


@dataclass(frozen=True)
class Bearer:
    """Who a token acts for. `note` says that its last use is to be written again; it never proves who is there."""

    viewer: Viewer
    reads_only: bool
    expires_at: datetime
    note: bool


def recognise_token(session: Session, text: str, *, now: datetime) -> Bearer | None:
    """Who a token acts for, with the rights of this moment; None when it is unknown, ended or too old. Only reads."""
    row = session.exec(
        select(Token).where(Token.token_hash == token_hash(text), col(Token.ended_at).is_(None), Token.expires_at > now)
    ).first()
    if row is None:
        return None
    try:
        viewer = viewer_of(session, row.person_id, now=now)
    except NotFound:
        return None
    note = row.last_used_at is None or now - row.last_used_at >= NOTED_EVERY
    return Bearer(viewer, row.reads_only, row.expires_at, note)


def note_token(session: Session, text: str, *, now: datetime) -> None:
    """Write down that the token was used just now."""
    session.exec(update(Token).where(col(Token.token_hash) == token_hash(text)).values(last_used_at=now))


def note_failure(session: Session, address: str, *, now: datetime) -> None:
    """Count a token that is none. Raises Throttled when there were too many from this address.

    They are counted apart from passwords: a program that was forgotten must not keep the people beside it out. Nor
    does the count ever stop a token that is one.
    """
    place = f"token {texts.printable(address)}"[:100]
    recent = select(func.count(), func.min(LoginFailure.at)).where(
        LoginFailure.address == place, LoginFailure.at > now - FAILURES_WINDOW
    )
    count, oldest = session.exec(recent).one()
    if count >= FAILURES:
        raise Throttled(oldest + FAILURES_WINDOW, now)
    session.add(LoginFailure(email="", address=place, at=now))
