"""People are told: a line in the inbox, and a message by each way that they chose, in one go for many.

Both are written with the change that causes them. `key` tells a message from every other: what was written before is
not written again, so that whoever tries once more after a crash tells nobody twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions.bulk import insert_rows
from app.models import Channel, Delivery, Notice, Person
from app.rules.deliveries.addresses import shown
from app.rules.deliveries.mail import KINDS, TOLD, wanted


@dataclass(frozen=True)
class Telling:
    """One thing that one person is to know, about a subject (kind and id, as an event names it).

    `said` is a word that only this moment knows, such as the name of a rung; `out_at` is when it leaves the house, at
    once or after the quiet hours; `data` are facts for the message: `by` (the actor's name), `text`, `note`, `token`,
    `step`.
    """

    key: str
    kind: str
    person: int
    subject: tuple[str, int]
    rollout: int | None = None
    said: str = ""
    urgent: bool = False
    out_at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def own_key(self) -> str:
        return f"{self.kind}:{self.key}:{self.person}"


@dataclass(frozen=True)
class _Reader:
    email: str
    mail: str
    unmailed: Collection[str]
    channels: Sequence[Channel] = ()


def tell(session: Session, tellings: Sequence[Telling], *, now: datetime) -> None:
    """Write everything down; nothing for somebody out of use. Four statements, however many are told.

    Raises KeyError for a kind that is not in `rules.deliveries.mail.KINDS`.
    """
    session.flush()
    readers = _readers(session, {one.person for one in tellings})
    known = [one for one in tellings if one.person in readers]
    insert_rows(session, Notice, [_notice(one, now) for one in known if one.kind in TOLD], unless="key")
    rows = [row for one in known for row in _deliveries(one, readers[one.person], now)]
    insert_rows(session, Delivery, rows, unless="key")


def tell_by_channel(session: Session, telling: Telling, channel: Channel, *, now: datetime) -> None:
    """The same by one channel only, whatever was chosen for it."""
    insert_rows(session, Delivery, [_by_channel(telling, channel, now)], unless="key")


def _readers(session: Session, people: Collection[int]) -> dict[int, _Reader]:
    found = session.exec(
        select(Person.id, Person.email, Person.mail, Person.unmailed).where(
            col(Person.id).in_(people), col(Person.deactivated_at).is_(None)
        )
    ).all()
    channels: dict[int, list[Channel]] = {}
    for row in session.exec(select(Channel).where(col(Channel.person_id).in_(people), col(Channel.ended_at).is_(None))):
        channels.setdefault(row.person_id, []).append(row)
    return {id_ or 0: _Reader(email, mail, not_so, channels.get(id_ or 0, ())) for id_, email, mail, not_so in found}


def _notice(one: Telling, now: datetime) -> dict[str, Any]:
    kind, subject = one.subject
    return {
        "key": one.own_key,
        "person_id": one.person,
        "kind": one.kind,
        "rollout_id": one.rollout,
        "subject_kind": kind,
        "subject_id": subject,
        "said": one.said,
        "by_name": one.data.get("by", ""),
        "at": now,
    }


def _deliveries(one: Telling, reader: _Reader, now: datetime) -> Iterable[dict[str, Any]]:
    if wanted(one.kind, reader.mail, reader.unmailed):
        yield _delivery(one, now) | {"key": one.own_key, "channel": "mail", "channel_id": None, "address": reader.email}
    for channel in reader.channels:
        if one.kind in channel.kinds:
            yield _by_channel(one, channel, now)


def _by_channel(one: Telling, channel: Channel, now: datetime) -> dict[str, Any]:
    # The address itself is a secret, and stands in one place only.
    way = {"channel": "app", "channel_id": channel.id, "address": f"{channel.name}: {shown(channel.url)}"}
    return _delivery(one, now) | way | {"key": f"{one.own_key}:{channel.id}"}


def _delivery(one: Telling, now: datetime) -> dict[str, Any]:
    kind, subject = one.subject
    return {
        "kind": one.kind,
        "person_id": one.person,
        "rollout_id": one.rollout,
        "subject_kind": kind,
        "subject_id": subject,
        "data": {**one.data, **({"said": one.said} if one.said else {})},
        "message_id": secrets.token_hex(16),
        "state": "waiting",
        "urgent": one.urgent or KINDS[one.kind].account,
        "attempts": 0,
        "claim": "",
        "error": "",
        "next_at": one.out_at or now,
        "created_at": now,
    }
