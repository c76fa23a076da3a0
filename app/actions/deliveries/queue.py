"""Messages to people: told in the transaction of the change that causes them, and sent again when asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions.deliveries.telling import Telling, tell
from app.actions.events import record
from app.actions.loading import load
from app.actions.people.viewers import holds_everywhere
from app.errors import Forbidden, NotFound, Refused
from app.models import Delivery
from app.rules.deliveries.mail import KINDS
from app.rules.people.access import Permission, Viewer


def queue_delivery(
    session: Session,
    *,
    kind: str,
    person_id: int,
    key: str,
    subject: tuple[str, int],
    rollout_id: int | None = None,
    now: datetime,
    data: dict[str, Any] | None = None,
    urgent: bool = False,
) -> None:
    """Tell one person of something, in the transaction of the change: in the inbox, and by the ways they chose.

    Nothing is told to somebody deactivated, nor when this kind was told to this person under the same `key` before.
    `subject` is what it is about (kind and id, as an event names it): whoever may no longer see that when the message
    is due gets nothing. `data` are facts that only this moment knows: `by` (the actor's name), `text`, `note`, `link`.
    Raises KeyError for a kind that is not in `rules.mail.KINDS`.
    """
    one = Telling(key, kind, person_id, subject, rollout_id, urgent=urgent, data=data or {})
    tell(session, [one], now=now)


def send_again(session: Session, delivery_id: int, *, within: int | None = None, by: Viewer, now: datetime) -> None:
    """Try a failed or waiting message at once; one that was sent or dropped is left alone, quietly.

    `within` is the rollout it must belong to, where that is asked on the page of one. Raises NotFound, Forbidden, and
    Refused for a failed link, which is never kept: a new one is made instead.
    """
    row = load(session, Delivery, delivery_id, "message")
    if within is not None and row.rollout_id != within:
        raise NotFound("message")
    _demand_keeper(by, row)
    if row.state not in ("failed", "waiting"):
        return
    if row.state == "failed" and KINDS[row.kind].secret:
        raise Refused("The link in this message is not kept. Make a new one on the page of people.")
    if row.state == "failed":
        row.attempts, row.state = 0, "waiting"
    row.next_at = now
    session.add(row)
    record(session, "delivery.queued_again", ("delivery", delivery_id), by=by, now=now, rollout_id=row.rollout_id)


def _demand_keeper(by: Viewer, row: Delivery) -> None:
    everywhere = holds_everywhere(by, Permission.MANAGE_PEOPLE)
    if not everywhere and (row.rollout_id is None or not by.can(Permission.MANAGE_PEOPLE, rollout=row.rollout_id)):
        raise Forbidden
