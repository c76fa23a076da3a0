"""The same form sent twice makes its thing once: a second click, a phone that sends again, a page gone back to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, select

from app.actions.loading import key_of
from app.errors import Invalid, Refused
from app.models import Intent
from app.rules.people.access import Viewer

Row = TypeVar("Row", bound=SQLModel)
LONGEST = 64


def once(session: Session, token: str, model: type[Row], make: Callable[[], Row], *, by: Viewer, now: datetime) -> Row:
    """What the form with this token makes; sent again by the same person, what it made the first time.

    A form without a token makes it each time. Of two that come at the same moment the second waits for the first.
    Raises what `make` raises (then the transaction must not be committed), Invalid for a token that is none of ours,
    and Refused where the token made something else.
    """
    if not token:
        return make()
    if len(token) > LONGEST or not token.isascii() or not token.isprintable():
        raise Invalid({"token": "Open the page again."})
    kind = str(model.__tablename__)
    noted = Intent(person_id=by.person, token=token, subject_kind=kind, subject_id=0, at=now)
    try:
        with session.begin_nested():
            session.add(noted)
    except IntegrityError:
        return _made_before(session, token, model, by)
    made = make()
    noted.subject_id = key_of(made)
    session.add(noted)
    session.flush()
    return made


def _made_before(session: Session, token: str, model: type[Row], by: Viewer) -> Row:
    found = session.exec(select(Intent).where(Intent.person_id == by.person, Intent.token == token)).one()
    row = session.get(model, found.subject_id) if found.subject_kind == model.__tablename__ else None
    if row is None:
        raise Refused("This form was sent before, for something else. Open the page again.")
    return row
