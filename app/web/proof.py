"""Somebody who is signed in proves once more who they are, for what is theirs alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import Request

from app.actions.people.sign_ins import attempt_proof, note_proof, proves
from app.db import Database
from app.errors import Invalid, ProofWanted, Refused, Throttled
from app.rules.people.access import Viewer


def fault_of_proof(
    request: Request, base: Database, viewer: Viewer, token: str, password: str, now: datetime, *, undone: str
) -> str:
    """What is wrong with the password (and that it is `undone`); nothing when it proves who asks, or none is given.

    Transactions of its own, so that the slow hash between them holds none.
    """
    if not password:
        return ""
    address = request.client.host if request.client else ""
    try:
        with base.writing() as session:
            attempt = attempt_proof(session, by=viewer, address=address, now=now)
    except Throttled as refusal:
        return str(refusal)
    if not proves(attempt, password):
        return f"This is not your password. {undone}"
    with base.writing() as session:
        note_proof(session, token, attempt, now=now)
    return ""


def proven(change: Callable[..., object], fault: str) -> Callable[..., object]:
    """The change, as a form makes it that asks for the password: with a `fault` of it nothing is changed, and a proof
    that is wanted or wrong is a fault of the field `password`.
    """

    def act(*where: Any, **given: Any) -> object:
        if fault:
            raise Invalid({"password": fault})
        try:
            return change(*where, **given)
        except ProofWanted as wanted:
            raise Invalid({"password": str(wanted)}) from wanted

    return act


def told_of(refusal: Invalid | Refused | ProofWanted) -> dict[str, str]:
    """What a form says that asks for a proof too: faults by field, a refusal under no name."""
    if isinstance(refusal, Invalid):
        return refusal.fields
    return {"password" if isinstance(refusal, ProofWanted) else "": str(refusal)}
