"""Messages to people: queued in the transaction of the change that causes them, and sent again when asked."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.actions.events import record
from app.actions.loading import load
from app.actions.people.viewers import holds_everywhere
from app.errors import Forbidden, NotFound, Refused
from app.models import Delivery, Person
from app.rules.deliveries.mail import KINDS, wanted
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
    """Leave a message for the worker to send, in the transaction of the change.

    Nothing is queued for somebody deactivated, for a kind that the person does not want, or when this kind was queued
    for this person under the same `key` before. `subject` is what it is about (kind and id, as an event names it):
    whoever may no longer see that when the message is due gets nothing. `data` are facts that only this moment knows:
    `by` (the actor's name), `text`, `note`, `link`. Raises KeyError for a kind that is not in `rules.mail.KINDS`.
    """
    person = session.get(Person, person_id)
    if person is None or person.deactivated_at is not None or not wanted(kind, person.mail):
        return
    own_key = f"{kind}:{key}:{person_id}"
    if session.exec(select(Delivery.id).where(Delivery.key == own_key)).first() is not None:
        return
    subject_kind, subject_id = subject
    row = Delivery(
        key=own_key,
        kind=kind,
        person_id=person_id,
        address=person.email,
        rollout_id=rollout_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        data=data or {},
        message_id=secrets.token_hex(16),
        urgent=urgent or KINDS[kind].account,
        next_at=now,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return  # somebody else has queued it at the same moment


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
