"""The outbox as the worker takes it: a message is leased, sent, marked.

A lease is one conditional update, and so is every mark: a worker that was stopped for longer than its lease marks
nothing. What was sent and not marked is sent again under the same id: twice is a nuisance, never is a defect.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select, update

from app.errors import LostClaim
from app.models import Delivery
from app.rules.deliveries.mail import KINDS, gives_up, wait_before_retry

LEASE = timedelta(minutes=2)
LONGEST_REASON = 300


def claim_delivery(session: Session, *, channel: str = "mail", now: datetime) -> Delivery | None:
    """Take the message that is due by that channel: urgent ones first, then the one that has waited longest.

    None when nothing is due, or somebody else was quicker.
    """
    free = or_(col(Delivery.claimed_until).is_(None), col(Delivery.claimed_until) <= now)
    due = select(Delivery.id).where(col(Delivery.next_at) <= now, Delivery.channel == channel, free)
    first = due.order_by(col(Delivery.urgent).desc(), col(Delivery.next_at), col(Delivery.id)).limit(1)
    delivery_id = session.exec(first).first()
    if delivery_id is None:
        return None
    values = {"claim": secrets.token_hex(8), "claimed_until": now + LEASE, "attempts": col(Delivery.attempts) + 1}
    statement = update(Delivery).where(col(Delivery.id) == delivery_id, col(Delivery.next_at) <= now, free)
    if session.exec(statement.values(**values)).rowcount == 0:
        return None
    return session.get(Delivery, delivery_id, populate_existing=True)


def mark_sent(session: Session, row: Delivery, *, now: datetime) -> None:
    """The server has taken the message; what it needed is forgotten. Raises LostClaim."""
    _mark(session, row, state="sent", next_at=None, sent_at=now, error="", data={})


def mark_dropped(session: Session, row: Delivery, reason: str) -> None:
    """Nobody is to get the message any more. Raises LostClaim."""
    _mark(session, row, state="dropped", next_at=None, error=reason, data={})


def mark_refused(session: Session, row: Delivery, reason: str) -> None:
    """The message was refused for good; whoever directs sees why. Raises LostClaim."""
    kept = {} if KINDS[row.kind].secret else row.data
    _mark(session, row, state="failed", next_at=None, error=reason[:LONGEST_REASON], data=kept)


def put_off(
    session: Session, row: Delivery, reason: str, *, jitter: float, server_away: bool = False, now: datetime
) -> None:
    """The message was not sent now: wait, and after days of trying give up. Raises LostClaim."""
    if gives_up(row.attempts, row.created_at, now):
        mark_refused(session, row, f"Given up after {row.attempts} tries. {reason}")
        return
    wait = wait_before_retry(row.attempts, jitter, server_away=server_away)
    _mark(session, row, next_at=now + wait, error=reason[:LONGEST_REASON])


def _mark(session: Session, row: Delivery, **values: Any) -> None:
    held = update(Delivery).where(
        col(Delivery.id) == row.id, col(Delivery.claim) == row.claim, col(Delivery.state) == "waiting"
    )
    if session.exec(held.values(claim="", claimed_until=None, **values)).rowcount == 0:
        raise LostClaim
