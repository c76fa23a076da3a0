"""The frozen evidence of a vote: taken when it opens, and anew as soon as anything that it holds has changed.

Then every vote that was cast on it is void, and whoever voted is asked again.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, func, select

from app.actions.gates.opening import OpenGate, changed, pack_in_force
from app.actions.gates.telling import tell_roles, tell_voters
from app.actions.loading import key_of
from app.models import GateCondition, GatePack, GateRecord, GateVote
from app.rules.gates.packs import Pack, frozen_text
from app.rules.people.access import Viewer
from app.rules.signoffs import Change, fingerprint

LOOK_AGAIN: Final = timedelta(minutes=1)


def freeze(session: Session, row: GateRecord, pack: Pack, *, by: Viewer | None, now: datetime) -> GatePack:
    """Keep the evidence as it is now, in force for the vote."""
    last = session.exec(select(func.max(GatePack.number)).where(GatePack.record_id == key_of(row))).one()
    content = frozen_text(pack)
    frozen = GatePack(
        record_id=key_of(row), number=(last or 0) + 1, frozen_at=now, frozen_by=by.person if by else None,
        content=content, sha256=fingerprint(content),
    )  # fmt: skip
    session.add(frozen)
    session.flush()
    return frozen


def refreeze(
    session: Session, opened: OpenGate, row: GateRecord, pack: Pack, *, by: Viewer | None, now: datetime
) -> tuple[Change, ...]:
    """Compare the evidence with what was frozen: nothing where it is the same. Else what changed; the votes fall, the
    evidence is frozen anew, and everybody who votes is told.
    """
    frozen = pack_in_force(session, row)
    changes = pack.changed_since(frozen.content) if frozen else ()
    if frozen is None or not changes:
        return ()
    frozen.ended_at, frozen.changes = now, [asdict(change) for change in changes]
    session.add(frozen)
    session.flush()
    fallen = void_votes(session, row, now=now)
    anew = freeze(session, row, pack, by=None, now=now)
    after = {"pack": anew.number, "sha256": anew.sha256, "voided": [key_of(vote) for vote in fallen]}
    changed(session, opened, "evidence_changed", by=by, now=now, before={"pack": frozen.number}, after=after)
    tell_voters(session, opened, fallen, by=by, now=now)
    if fallen:
        tell_roles(session, opened, "gate_vote", by=by, now=now, key=f"{key_of(anew)}", without=fallen)
    return changes


def votes_standing(session: Session, row: GateRecord | None) -> list[GateVote]:
    """The votes that count, in the order in which they were cast."""
    if row is None:
        return []
    statement = select(GateVote).where(
        GateVote.record_id == key_of(row), col(GateVote.voided_at).is_(None), col(GateVote.withdrawn_at).is_(None)
    )
    return list(session.exec(statement.order_by(col(GateVote.id))))


def void_votes(session: Session, row: GateRecord, *, now: datetime) -> list[GateVote]:
    """Every vote that stands falls."""
    votes = votes_standing(session, row)
    for vote in votes:
        vote.voided_at = now
        session.add(vote)
    session.flush()
    return votes


def end_pack(session: Session, row: GateRecord, *, now: datetime) -> GatePack | None:
    """The evidence goes out of force: the vote is over."""
    frozen = pack_in_force(session, row)
    if frozen is not None:
        frozen.ended_at = now
        session.add(frozen)
        session.flush()
    return frozen


def set_next_look(session: Session, row: GateRecord, *, now: datetime) -> None:
    """When the worker looks at the gate again: soon while a vote is open, else when a condition ends, else never."""
    statement = select(func.min(GateCondition.expires_at)).where(
        GateCondition.record_id == key_of(row),
        col(GateCondition.accepted_at).is_not(None),
        col(GateCondition.met_at).is_(None),
        col(GateCondition.expired_at).is_(None),
    )
    end = session.exec(statement).one()
    soon = now + LOOK_AGAIN if row.opened_at is not None else None
    row.next_at = min((at for at in (end, soon) if at is not None), default=None)
    session.add(row)
