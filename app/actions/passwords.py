"""A person changes the own password."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.events import record
from app.actions.loading import load
from app.actions.secrets import password_fits, password_hash
from app.actions.sign_ins import end_sign_ins
from app.errors import Invalid
from app.models import Person
from app.rules.access import Viewer


def change_password(session: Session, *, current: str, new: str, by: Viewer, now: datetime) -> None:
    """Put a new password in place of the old one and end every sign-in, this one too. Raises Invalid."""
    person = load(session, Person, by.person, "person")
    if not password_fits(current, person.password_hash):
        raise Invalid({"current": "This is not your present password."})
    try:
        person.password_hash = password_hash(new, email=person.email)
    except Invalid as fault:
        raise Invalid({"new": fault.fields["password"]}) from fault
    session.add(person)
    end_sign_ins(session, by.person, now=now)
    record(session, "person.password_changed", ("person", by.person), by=by, now=now)
