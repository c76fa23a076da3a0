"""People are told of an issue: a line in the inbox, and a message by each way that they chose, in one go for many.

Both are written with the change that causes them. `key` tells a message from every other: what was written before is
not written again, so that whoever tries once more after a crash tells nobody twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from app.models import Channel, Delivery, Notice, Person
from app.rules.deliveries.mail import wanted


@dataclass(frozen=True)
class Telling:
    """One thing that one person is to know. `said` is a word that only this moment knows (a rung, a reason's kind);
    `out_at` is when it leaves the house, at once or after the quiet hours.
    """

    key: str
    kind: str
    person: int
    rollout: int
    issue: int
    said: str = ""
    loud: bool = False
    out_at: datetime | None = None
    data: Mapping[str, str] | None = None


@dataclass(frozen=True)
class _Reader:
    email: str
    mail: str
    channels: Sequence[Channel] = ()


def tell(session: Session, tellings: Sequence[Telling], *, now: datetime) -> None:
    """Write everything down. Four statements, however many are told."""
    readers = _readers(session, {one.person for one in tellings})
    known = [one for one in tellings if one.person in readers]
    _insert(session, Notice, [_notice(one, now) for one in known])
    _insert(session, Delivery, [row for one in known for row in _deliveries(one, readers[one.person], now)])


def _readers(session: Session, people: Collection[int]) -> dict[int, _Reader]:
    found = session.exec(
        select(Person.id, Person.email, Person.mail).where(
            col(Person.id).in_(people), col(Person.deactivated_at).is_(None)
        )
    ).all()
    channels: dict[int, list[Channel]] = {}
    for row in session.exec(select(Channel).where(col(Channel.person_id).in_(people), col(Channel.ended_at).is_(None))):
        channels.setdefault(row.person_id, []).append(row)
    return {id_ or 0: _Reader(email, mail, channels.get(id_ or 0, ())) for id_, email, mail in found}


def _notice(one: Telling, now: datetime) -> dict[str, Any]:
    return {
        "key": f"{one.kind}:{one.key}:{one.person}",
        "person_id": one.person,
        "kind": one.kind,
        "rollout_id": one.rollout,
        "subject_kind": "issue",
        "subject_id": one.issue,
        "said": one.said,
        "at": now,
    }


def _deliveries(one: Telling, reader: _Reader, now: datetime) -> Iterable[dict[str, Any]]:
    if wanted(one.kind, reader.mail):
        yield _delivery(one, "mail", reader.email, "", now)
    for channel in reader.channels:
        if one.kind in channel.kinds:
            yield _delivery(one, "app", channel.url, f":{channel.id}", now)


def _delivery(one: Telling, channel: str, address: str, suffix: str, now: datetime) -> dict[str, Any]:
    return {
        "key": f"{one.kind}:{one.key}:{one.person}{suffix}",
        "kind": one.kind,
        "channel": channel,
        "person_id": one.person,
        "address": address,
        "rollout_id": one.rollout,
        "subject_kind": "issue",
        "subject_id": one.issue,
        "data": {**(one.data or {}), "said": one.said},
        "message_id": secrets.token_hex(16),
        "state": "waiting",
        "urgent": one.loud,
        "attempts": 0,
        "claim": "",
        "error": "",
        "next_at": one.out_at or now,
        "created_at": now,
    }


def _insert(session: Session, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Rows whose key is not there yet. A row has to be written before the events of its transaction."""
    if not rows:
        return
    table = model.__table__  # type: ignore[attr-defined]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.connection().execute(insert(table).on_conflict_do_nothing(index_elements=["key"]), list(rows))
