"""The stored pairs of newcomers and buddies: those that stand, those of some days, and one more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.actions.events import record
from app.actions.training.member_opening import OpenMember
from app.actions.training.opening import Place
from app.models import Pairing, StaffMember
from app.rules.people.access import Viewer
from app.rules.training.pairs import Pair


def keep_pair(
    session: Session, opened: OpenMember, entry: str, buddy: int, first: date, last: date, by: Viewer, now: datetime
) -> Pairing:
    """Store a pair in the place of the one before. The same again is quiet."""
    before = next((one for one in standing_pairs(session, opened.place, entry) if one.staff_id == opened.id), None)
    if before is not None and (before.buddy_id, before.first, before.last) == (buddy, first, last):
        return before
    if before is not None:
        before.ended_at = now
        session.add(before)
        session.flush()
    row = Pairing(staff_id=opened.id, entry=entry, buddy_id=buddy, first=first, last=last, by_id=by.person, at=now)
    session.add(row)
    session.flush()
    tell_pair(session, opened, "paired", entry, by, now, buddy)
    return row


def standing_pairs(session: Session, place: Place, entry: str) -> Sequence[Pairing]:
    """The pairs at a place for a training."""
    return session.exec(
        select(Pairing)
        .join(StaffMember, col(StaffMember.id) == col(Pairing.staff_id))
        .where(StaffMember.location_id == place.id, Pairing.entry == entry, col(Pairing.ended_at).is_(None))
    ).all()


def taken_pairs(session: Session, place: Place, first: date, last: date) -> list[Pair]:
    """Pairs of the whole rollout in these days."""
    rows = session.exec(
        select(Pairing)
        .join(StaffMember, col(StaffMember.id) == col(Pairing.staff_id))
        .where(
            StaffMember.rollout_id == place.location.rollout_id,
            col(Pairing.ended_at).is_(None),
            Pairing.first <= last,
            Pairing.last >= first,
        )
    )
    return [Pair(row.staff_id, row.buddy_id, row.first, row.last) for row in rows]


def tell_pair(
    session: Session, opened: OpenMember, verb: str, entry: str, by: Viewer, now: datetime, buddy: int | None = None
) -> None:
    """Record that somebody has a buddy, or none any more."""
    after = {"entry": entry, **({"buddy": buddy} if buddy is not None else {})}
    record(session, f"training.{verb}", ("staff", opened.id), by=by, now=now, **opened.place.ids, after=after)
