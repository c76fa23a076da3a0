"""The feed of changes for a program: events one after the other, those that somebody may know of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Event
from app.queries.events import News, news
from app.queries.tasks.spots import spots
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.mentions import Spot, may_read

BATCH = 500
MOST_BATCHES = 20


@dataclass(frozen=True)
class FeedLine:
    """What happened to which thing where and when; `actor` is None for Muster, and for whom the reader may not know."""

    news: News
    at: datetime
    actor: int | None


@dataclass(frozen=True)
class Feed:
    """Some events in order. `last` is the id up to which everything was looked at, `more` says there may be others."""

    lines: tuple[FeedLine, ...]
    last: int
    more: bool


def feed(session: Session, viewer: Viewer, after: int, limit: int, rollout_id: int | None = None) -> Feed:
    """At most `limit` events with an id above `after` that the person may know of, of one rollout or of all.

    A bounded number of events is looked at; where none of them is for the reader, the answer is empty and goes on.
    """
    found: list[News] = []
    for _ in range(MOST_BATCHES):
        batch = news(session, after, limit=BATCH)
        for one in batch:
            if len(found) == limit:
                return Feed(_with_details(session, viewer, found), after, True)
            after = one.id
            if one.for_person(viewer) and rollout_id in (None, one.rollout_id):
                found.append(one)
        if len(batch) < BATCH:
            return Feed(_with_details(session, viewer, found), after, False)
    return Feed(_with_details(session, viewer, found), after, True)


def _with_details(session: Session, viewer: Viewer, found: list[News]) -> tuple[FeedLine, ...]:
    ids = [one.id for one in found]
    known = {
        id_: (at, actor)
        for id_, at, actor in session.exec(select(Event.id, Event.at, Event.actor_id).where(col(Event.id).in_(ids)))
    }
    tasks = spots(session, {one.subject for one in found if one.kind == "task" and not _reads_there(viewer, one)})
    return tuple(
        FeedLine(one, at, actor if actor == viewer.person or _knows(viewer, one, tasks) else None)
        for one, (at, actor) in ((one, known[one.id]) for one in found)
    )


def _knows(viewer: Viewer, one: News, tasks: Mapping[int, Spot]) -> bool:
    """Whether the reader may know who did it: whoever may read the texts there, or those of that task."""
    own = tasks.get(one.subject) if one.kind == "task" else None
    return _reads_there(viewer, one) or (own is not None and may_read(viewer, own))


def _reads_there(viewer: Viewer, one: News) -> bool:
    return viewer.can(Permission.SEE_DETAIL, rollout=one.rollout_id, location=one.location_id)
