"""Personal tokens: how a program acts for somebody. Shown once; of a token only its SHA-256 is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select, update

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.loading import key_of, load
from app.actions.people.secrets import new_token
from app.errors import Invalid, NotFound, ProofWanted, Refused
from app.models import Token
from app.rules.people.access import Viewer
from app.rules.signoffs import is_fresh

LONGEST_DAYS = 365
NAME_LIMIT = 60
MOST = 20
MARK = "muster_"
"""By what a token is known for one, also to tools that look for secrets where none should be."""


def make_token(
    session: Session,
    *,
    name: str,
    days: int,
    reads_only: bool = False,
    until: datetime | None = None,
    intent: str = "",
    by: Viewer,
    now: datetime,
) -> tuple[Token, str | None]:
    """A new token of the person's own for so many days, and its text. No text where the same form (`intent`) came
    before: it is shown once.

    `until`: the token that makes this one ends then, and this one no later. Raises Invalid, Refused for too many, and
    ProofWanted where no token makes it and the person has not just proven who they are.
    """
    name = texts.one_line("name", name, NAME_LIMIT)
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid({"days": f"A token lasts from 1 to {LONGEST_DAYS} days."})
    if until is None and not is_fresh(by.proven_at, now):
        raise ProofWanted("a token")
    text, hashed = new_token(MARK)
    expires = now + timedelta(days=days)

    def make() -> Token:
        _demand_room(session, by, now)
        row = Token(
            person_id=by.person,
            name=name,
            token_hash=hashed,
            reads_only=reads_only,
            created_at=now,
            expires_at=min(expires, until) if until else expires,
        )
        session.add(row)
        session.flush()
        facts = {"token": key_of(row), "name": name, "reads_only": reads_only, "expires": row.expires_at.isoformat()}
        record(session, "person.token_made", ("person", by.person), by=by, now=now, after=facts)
        return row

    asked = {"name": name, "days": days, "reads_only": reads_only}
    row = once(session, intent, Token, make, asked=asked, by=by, now=now)
    return row, text if row.token_hash == hashed else None


def _demand_room(session: Session, by: Viewer, now: datetime) -> None:
    alive = select(func.count()).where(
        Token.person_id == by.person, col(Token.ended_at).is_(None), Token.expires_at > now
    )
    if session.exec(alive).one() >= MOST:
        raise Refused(f"You have {MOST} tokens already. End one first.")


def end_token(session: Session, token_id: int, *, by: Viewer, now: datetime) -> Token:
    """Let one's own token act no more. Ended already is quiet. Raises NotFound."""
    row = load(session, Token, token_id, "token")
    if row.person_id != by.person:
        raise NotFound("token")
    if row.ended_at is None:
        row.ended_at = now
        session.add(row)
        facts = {"token": token_id, "name": row.name}
        record(session, "person.token_ended", ("person", by.person), by=by, now=now, before=facts)
    return row


def end_tokens(session: Session, person_id: int, *, now: datetime) -> None:
    """Let no token of somebody act any more."""
    session.exec(
        update(Token).where(col(Token.person_id) == person_id, col(Token.ended_at).is_(None)).values(ended_at=now)
    )
