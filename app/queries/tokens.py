"""The tokens of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Token


@dataclass(frozen=True)
class TokenLine:
    """A token as its owner sees it, which is never its text."""

    id: int
    name: str
    reads_only: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    ended_at: datetime | None


def live_tokens(session: Session, person_id: int, now: datetime) -> list[TokenLine]:
    """Those that act for the person now, the newest first."""
    found = session.exec(
        select(Token)
        .where(Token.person_id == person_id, col(Token.ended_at).is_(None), Token.expires_at > now)
        .order_by(col(Token.id).desc())
    )
    return [_line(row) for row in found]


def token_of(session: Session, token_id: int, person_id: int) -> TokenLine:
    """One's own token, ended or not. Raises NotFound."""
    row = session.get(Token, token_id)
    if row is None or row.person_id != person_id:
        raise NotFound("token")
    return _line(row)


def _line(row: Token) -> TokenLine:
    return TokenLine(
        row.id or 0, row.name, row.reads_only, row.created_at, row.expires_at, row.last_used_at, row.ended_at
    )
