"""Who hears of a selection: whoever is to sign, whoever signed, and whoever proposed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session

from app.actions.deliveries.telling import Telling, tell
from app.actions.loading import key_of
from app.actions.people.viewers import staff_of
from app.actions.selection.opening import SUBJECT, OpenSelection
from app.models import SelectionChoice, SelectionSignature
from app.rules.people.access import Viewer


def tell_signers(
    session: Session, opened: OpenSelection, choice: SelectionChoice, roles: Collection[str], *, by: Viewer,
    now: datetime,
) -> None:  # fmt: skip
    """Everybody who holds one of the roles that are to sign, but not whoever made the change."""
    staff = staff_of(session, opened.rollout_id, now=now)
    found = [one.person for role in roles for one in staff.of(opened.rollout_id, role, None)]
    _tell(session, opened, "selection_sign", dict.fromkeys(found), key=f"{key_of(choice)}", by=by, now=now)


def tell_fallen(
    session: Session,
    opened: OpenSelection,
    signatures: Iterable[SelectionSignature],
    *,
    by: Viewer | None,
    now: datetime,
) -> None:
    """Everybody whose signature has fallen, also whoever changed what it was given for."""
    for one in signatures:
        _tell(session, opened, "selection_void", [one.by_id], key=f"{key_of(one)}", by=None, now=now)


def tell_proposer(
    session: Session, opened: OpenSelection, choice: SelectionChoice, *, by: Viewer, now: datetime
) -> None:
    """Whoever proposed the set: it is signed."""
    _tell(session, opened, "selection_signed", [choice.proposed_by], key=f"{key_of(choice)}", by=by, now=now)


def _tell(
    session: Session,
    opened: OpenSelection,
    kind: str,
    people: Iterable[int],
    *,
    key: str,
    by: Viewer | None,
    now: datetime,
) -> None:
    data = {"by": by.name if by else "Muster"}
    tellings = [
        Telling(f"{opened.id}-{key}", kind, person, (SUBJECT, opened.id), opened.rollout_id, data=data)
        for person in people
        if by is None or person != by.person
    ]
    tell(session, tellings, now=now)
