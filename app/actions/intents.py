"""The same form sent twice makes its thing once: a second click, a phone that sends again, a page gone back to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, select

from app.actions.loading import key_of
from app.errors import Invalid, Refused
from app.models import Intent
from app.rules.people.access import Viewer

Row = TypeVar("Row", bound=SQLModel)
LONGEST = 64


def once(
    session: Session,
    token: str,
    model: type[Row],
    make: Callable[[], Row],
    *,
    asked: Mapping[str, Any],
    by: Viewer,
    now: datetime,
) -> Row:
    """What the form with this token makes; sent again by the same person, what it made the first time.

    `asked` is everything that the form says, and of which thing: only the same again is the same form. A form without
    a token makes it each time. Of two that come at the same moment the second waits for the first. Raises what `make`
    raises (then the transaction must not be committed), Invalid for a token that is none of ours, and Refused where
    the token came with something else before.
    """
    if not token:
        return make()
    if len(token) > LONGEST or not token.isascii() or not token.isprintable():
        raise Invalid({"token": "Open the page again."})
    kind = str(model.__tablename__)
    digest = digest_of(kind, asked)
    noted = Intent(person_id=by.person, token=token, subject_kind=kind, subject_id=0, digest=digest, at=now)
    try:
        with session.begin_nested():
            session.add(noted)
    except IntegrityError:
        return _made_before(session, token, model, digest, by)
    made = make()
    noted.subject_id = key_of(made)
    session.add(noted)
    session.flush()
    return made


def digest_of(kind: str, asked: Mapping[str, Any]) -> str:
    """SHA-256 of what is asked for: nothing of it can be read from what is kept."""
    return sha256(json.dumps([kind, asked], sort_keys=True, default=str).encode()).hexdigest()


def _made_before(session: Session, token: str, model: type[Row], digest: str, by: Viewer) -> Row:
    found = session.exec(select(Intent).where(Intent.person_id == by.person, Intent.token == token)).one()
    row = session.get(model, found.subject_id) if found.digest == digest else None
    if row is None:
        raise Refused("This form was sent before, for something else. Open the page again.")
    return row
