"""Messages on the pages: what waits, was sent or failed, and whether a worker is there to send them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from app.errors import NotFound
from app.models import Delivery, Heartbeat, Person
from app.rules.deliveries.mail import KINDS

UNSENT: Final = ("waiting", "failed")
OUTSIDE: Final = tuple(name for name, kind in KINDS.items() if kind.outside)
"""Kinds whose reader may have no account."""


@dataclass(frozen=True)
class DeliveryLine:
    """One message in a list; `resendable`: somebody may ask for another try."""

    id: int
    kind: str
    person: int
    name: str
    address: str
    state: str
    tries: int
    error: str
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime | None

    @property
    def resendable(self) -> bool:
        return self.state == "waiting" or (self.state == "failed" and not KINDS[self.kind].secret)


@dataclass(frozen=True)
class Outbox:
    """The newest messages that were not sent, the newest that were or no longer need to be, and how many there are."""

    unsent: tuple[DeliveryLine, ...]
    settled: tuple[DeliveryLine, ...]
    counts: dict[str, int]


def outbox(session: Session, rollout_id: int | None = None, *, offset: int = 0, limit: int = 25) -> Outbox:
    """The messages of a rollout, or (None) of the whole installation, newest first: those not sent after `offset`
    others. Three queries.
    """
    of_rollout = [] if rollout_id is None else [Delivery.rollout_id == rollout_id]
    counts = session.exec(select(Delivery.state, func.count()).where(*of_rollout).group_by(Delivery.state)).all()
    unsent = _lines(session, limit, *of_rollout, col(Delivery.state).in_(UNSENT), offset=offset)
    settled = _lines(session, limit, *of_rollout, col(Delivery.state).in_(("sent", "dropped")))
    return Outbox(unsent, settled, dict(counts))


def _lines(session: Session, limit: int, *conditions: object, offset: int = 0) -> tuple[DeliveryLine, ...]:
    statement = _named().where(*conditions)  # type: ignore[arg-type]
    newest = statement.order_by(col(Delivery.id).desc()).offset(offset).limit(limit)
    return tuple(_line(row, name) for row, name in session.exec(newest))


def _named() -> Select[Delivery, str]:
    return select(Delivery, Person.name).join(Person, col(Person.id) == col(Delivery.person_id))


def _line(row: Delivery, name: str) -> DeliveryLine:
    return DeliveryLine(
        id=row.id or 0,
        kind=row.kind,
        person=row.person_id,
        name="Somebody of the staff" if row.kind in OUTSIDE else name,
        address=row.address,
        state=row.state,
        tries=row.attempts,
        error=row.error,
        created_at=row.created_at,
        sent_at=row.sent_at,
        next_at=row.next_at,
    )


def messages_after(session: Session, rollout_id: int | None, after: int, limit: int) -> tuple[DeliveryLine, ...]:
    """The messages of a rollout, or (None) of the whole installation, in the order of their keys from one on."""
    of_rollout = [] if rollout_id is None else [Delivery.rollout_id == rollout_id]
    found = _named().where(*of_rollout, col(Delivery.id) > after).order_by(col(Delivery.id)).limit(limit)
    return tuple(_line(row, name) for row, name in session.exec(found))


def message(session: Session, delivery_id: int, rollout_id: int | None) -> DeliveryLine:
    """One message, of that rollout where one is named. Raises NotFound."""
    found = session.exec(_named().where(Delivery.id == delivery_id)).one_or_none()
    if found is None or rollout_id not in (None, found[0].rollout_id):
        raise NotFound("message")
    return _line(*found)


def sent_to(session: Session, person_id: int, limit: int = 20) -> tuple[DeliveryLine, ...]:
    """The newest messages to one person, whatever became of them."""
    return _lines(session, limit, Delivery.person_id == person_id, col(Delivery.kind).not_in(OUTSIDE))


def invitations_to(session: Session, people: Collection[int]) -> dict[int, DeliveryLine]:
    """The newest mailed invitation of each person who has one. One query."""
    newest = select(func.max(Delivery.id)).where(Delivery.kind == "invitation", col(Delivery.person_id).in_(people))
    lines = _lines(session, len(people) or 1, col(Delivery.id).in_(newest.group_by(col(Delivery.person_id))))
    return {line.person: line for line in lines}


def heartbeats(session: Session) -> tuple[datetime | None, datetime | None]:
    """When a worker last looked at what is due, and when one last came to the end of a look at the clocks of issues;
    None: never. Two rows by their keys.
    """
    found = dict(session.exec(select(Heartbeat.id, Heartbeat.at)).all())
    return found.get(1), found.get(2)


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Since when the message that waits longest could have been sent; None when nothing is due."""
    return session.exec(select(func.min(Delivery.next_at)).where(col(Delivery.next_at) <= now)).one()
