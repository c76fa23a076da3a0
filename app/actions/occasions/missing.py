"""What recurs and had nothing recorded by its hour: found by its next look, and claimed once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from app.models import Occasion

LOOK: int = 200


def due_occasions(session: Session, *, now: datetime) -> Sequence[int]:
    """The occasions whose hour has come, the first ones first; at most `LOOK` of them. One indexed query."""
    statement = select(Occasion.id).where(col(Occasion.next_at) <= now).order_by(col(Occasion.next_at))
    return [found for found in session.exec(statement.limit(LOOK)) if found is not None]


def claim_occasion(session: Session, occasion_id: int, *, now: datetime) -> Occasion | None:
    """The occasion, if its hour has come and nobody else has taken it; it is not looked at again."""
    changed = session.execute(
        update(Occasion).where(col(Occasion.id) == occasion_id, col(Occasion.next_at) <= now).values(next_at=None)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return None
    return session.get_one(Occasion, occasion_id, populate_existing=True)


def put_off_occasion(session: Session, occasion_id: int, *, until: datetime) -> None:
    """Look at it again then: what fails is not tried in a tight loop."""
    session.execute(update(Occasion).where(col(Occasion.id) == occasion_id).values(next_at=until))
