"""Links by which a person sets a password: made, opened once, ended. Only the hash of a token is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from app.actions.loading import key_of
from app.actions.people.secrets import new_token, token_hash
from app.actions.people.viewers import in_charge_of, viewer_of
from app.errors import NotFound
from app.models import Invitation, Person
from app.rules.people.access import Viewer


def new_link(
    session: Session, kind: str, person_id: int, *, by: Viewer | None, lasts: timedelta, now: datetime
) -> tuple[int, str]:
    """The id of a fresh link and its token; older links of the kind end. `by` None: the person asked for it."""
    end_links(session, person_id, kind=kind, now=now)
    token, hashed = new_token()
    made_by = by.person if by else None
    row = Invitation(
        kind=kind, person_id=person_id, token_hash=hashed, created_by=made_by, created_at=now, expires_at=now + lasts
    )
    session.add(row)
    session.flush()
    return key_of(row), token


def end_links(session: Session, person_id: int, *, kind: str = "", now: datetime) -> None:
    """End a person's open links, those of one kind or all."""
    statement = update(Invitation).where(
        col(Invitation.person_id) == person_id, col(Invitation.used_at).is_(None), col(Invitation.expires_at) > now
    )
    session.exec((statement.where(col(Invitation.kind) == kind) if kind else statement).values(expires_at=now))


def open_link(session: Session, kind: str, token: str, *, now: datetime) -> tuple[Invitation, Person] | None:
    """The link of a token and whom it is for.

    None when it is unknown, used or too old, the account is out of use, or whoever made the link is not, or no longer,
    in charge of every role the person holds by now: whoever has the link becomes that person.
    """
    statement = select(Invitation).where(
        Invitation.token_hash == token_hash(token),
        Invitation.kind == kind,
        col(Invitation.used_at).is_(None),
        col(Invitation.expires_at) > now,
    )
    row = session.exec(statement.with_for_update()).first()
    if row is None or row.person_id is None:
        return None
    person = session.get_one(Person, row.person_id)
    if person.deactivated_at is not None or not _maker_in_charge(session, row, now):
        return None
    return row, person


def _maker_in_charge(session: Session, row: Invitation, now: datetime) -> bool:
    if row.created_by is None or row.person_id is None:
        return True
    try:
        maker = viewer_of(session, row.created_by, now=now)
    except NotFound:
        return False
    return in_charge_of(maker, viewer_of(session, row.person_id, now=now).grants)
