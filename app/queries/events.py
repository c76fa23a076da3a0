"""The history of one thing, as its page tells it, and what is new since an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from app.models import Event, Heartbeat, Person, Rollout
from app.rules.people.access import Permission, Viewer


@dataclass(frozen=True)
class HistoryLine:
    """One event: who did what (a past participle) when; `who` None is the worker."""

    id: int
    at: datetime
    who: str | None
    verb: str
    data: dict[str, Any]


def history(session: Session, kind: str, subject: int, limit: int = 100) -> list[HistoryLine]:
    """The newest `limit` events of one subject, newest first. One query."""
    found = session.exec(
        select(Event, Person.name)
        .outerjoin(Person, col(Person.id) == col(Event.actor_id))
        .where(Event.subject_kind == kind, Event.subject_id == subject)
        .order_by(col(Event.id).desc())
        .limit(limit)
    )
    return [HistoryLine(row.id or 0, row.at, name, row.verb, row.data) for row, name in found]


class News(NamedTuple):
    """One event as everybody who may know of it is told: what happened to which thing where, and no text of anybody.

    `rollout` is the address of `rollout_id`; a `kind` and an `id` name the thing.
    """

    id: int
    verb: str
    rollout_id: int | None
    rollout: str | None
    location_id: int | None
    kind: str
    subject: int

    def for_person(self, viewer: Viewer) -> bool:
        """Whether somebody may know that it happened: what they may see, and all about their own account."""
        if self.kind == "person":
            own = self.subject == viewer.person
            return own or viewer.can(Permission.SEE_ACCOUNT_EVENTS, rollout=self.rollout_id)
        if self.rollout_id is not None:
            return viewer.can(Permission.SEE_PLAN, rollout=self.rollout_id, location=self.location_id)
        return viewer.can(Permission.CHANGE_PLAYBOOK) or viewer.can(Permission.RUN_MACHINE)


def newest_event(session: Session) -> int:
    """The id of the last event; 0 before the first."""
    return session.exec(select(func.max(Event.id))).one() or 0


_LATEST: Final = sa_select(
    sa_select(func.coalesce(func.max(Event.id), 0)).scalar_subquery(),
    *(sa_select(col(Heartbeat.at)).where(col(Heartbeat.id) == which).scalar_subquery() for which in (1, 2)),
)


def latest(session: Session | Connection) -> tuple[int, datetime | None, datetime | None]:
    """The id of the last event, and what `heartbeats` says. One query, of rows by their keys."""
    event, seen, swept = session.execute(_LATEST).one()
    return event, seen, swept


def news(session: Session, after: int, until: int | None = None, limit: int = 500) -> list[News]:
    """Events with an id above `after` (and at most `until`), oldest first, at most `limit`. One query.

    Nothing is missed by asking on from the last id: appends are taken one after the other until their commit.
    """
    statement = (
        sa_select(
            col(Event.id),
            col(Event.verb),
            col(Event.rollout_id),
            col(Rollout.slug),
            col(Event.location_id),
            col(Event.subject_kind),
            col(Event.subject_id),
        )
        .outerjoin(Rollout, col(Rollout.id) == col(Event.rollout_id))
        .where(col(Event.id) > after)
        .order_by(col(Event.id))
        .limit(limit)
    )
    if until is not None:
        statement = statement.where(col(Event.id) <= until)
    return [News._make(row) for row in session.execute(statement)]
