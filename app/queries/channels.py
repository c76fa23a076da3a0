"""The channels of one person, as their owner sees them: never the whole address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from app.models import Channel, Delivery
from app.rules.deliveries.addresses import service, shown


@dataclass(frozen=True)
class ChannelLine:
    """One channel: what it is, what comes by it, and what became of the last message (None: there was none)."""

    id: int
    name: str
    service: str
    shown: str
    kinds: tuple[str, ...]
    made_at: datetime
    state: str | None = None
    error: str = ""


def channels_of(session: Session, person_id: int) -> list[ChannelLine]:
    """Those in use, in the order in which they were added. Two queries."""
    rows = session.exec(
        select(Channel).where(Channel.person_id == person_id, col(Channel.ended_at).is_(None)).order_by(col(Channel.id))
    ).all()
    newest = select(func.max(Delivery.id)).where(
        Delivery.person_id == person_id, col(Delivery.channel_id).in_([row.id for row in rows])
    )
    last = session.exec(select(Delivery).where(col(Delivery.id).in_(newest.group_by(col(Delivery.channel_id))))).all()
    found = {one.channel_id: one for one in last}
    return [_line(row, found.get(row.id)) for row in rows]


def _line(row: Channel, last: Delivery | None) -> ChannelLine:
    return ChannelLine(
        id=row.id or 0,
        name=row.name,
        service=service(row.url),
        shown=shown(row.url),
        kinds=tuple(row.kinds),
        made_at=row.made_at,
        state=last.state if last else None,
        error=last.error if last else "",
    )
