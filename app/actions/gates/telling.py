"""Who hears of what happens at a gate: whoever is to vote, whoever voted, whoever decides, whoever answers for a
condition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session

from app.actions.deliveries.telling import Telling, tell
from app.actions.gates.opening import OpenGate
from app.actions.loading import key_of
from app.actions.people.viewers import staff_of
from app.models import GateCondition, GateVote
from app.rules.people.access import Viewer


def tell_roles(
    session: Session,
    opened: OpenGate,
    kind: str,
    *,
    key: str,
    by: Viewer | None,
    now: datetime,
    roles: Collection[str] = (),
    without: Iterable[GateVote] = (),
) -> None:
    """Everybody who holds one of these roles there (none named: those who vote), but not whoever made the change."""
    asked = roles or (opened.gate.votes.roles if opened.gate.votes else ())
    heard = {vote.by_id for vote in without}
    people = [one for one in _holders(session, opened, asked, now) if one not in heard]
    _tell(session, opened, kind, people, key=key, by=by, now=now)


def tell_voters(
    session: Session, opened: OpenGate, votes: Iterable[GateVote], *, by: Viewer | None, now: datetime
) -> None:
    """Everybody whose vote has fallen, also whoever changed what it was cast on."""
    for vote in votes:
        _tell(session, opened, "gate_void", [vote.by_id], key=f"{key_of(vote)}", by=None, now=now)


def tell_owner(
    session: Session, opened: OpenGate, condition: GateCondition, *, by: Viewer | None, now: datetime
) -> None:
    """Whoever answers for a condition that was accepted."""
    _tell(
        session, opened, "gate_condition", [condition.owner_id], key=f"{key_of(condition)}", by=by, now=now,
        text=condition.what,
    )  # fmt: skip


def tell_outcome(session: Session, opened: OpenGate, kind: str, *, key: str, by: Viewer | None, now: datetime) -> None:
    """Everybody who voted, decides or prepares."""
    gate = opened.gate
    roles = (*(gate.votes.roles if gate.votes else ()), gate.decide, *(gate.owner.roles if gate.owner else ()))
    tell_roles(session, opened, kind, key=key, by=by, now=now, roles=roles)


def _holders(session: Session, opened: OpenGate, roles: Collection[str], now: datetime) -> list[int]:
    staff = staff_of(session, opened.dated.rollout_id, now=now)
    found = (one.person for role in roles for one in staff.of(opened.dated.rollout_id, role, opened.dated.location_id))
    return list(dict.fromkeys(found))


def _tell(
    session: Session,
    opened: OpenGate,
    kind: str,
    people: Iterable[int],
    *,
    key: str,
    by: Viewer | None,
    now: datetime,
    text: str = "",
) -> None:
    """`key` is that of the pack, vote, condition or decision that it is about."""
    wave = opened.playbook.waves.get(opened.dated.wave) if opened.location is None else None
    said = wave.title if wave else ""
    data = {"by": by.name if by else "Muster", "text": text, "about": key}
    tellings = [
        Telling(f"{opened.id}-{key}", kind, person, ("gate", opened.id), opened.dated.rollout_id, said, data=data)
        for person in people
        if by is None or person != by.person
    ]
    tell(session, tellings, now=now)
