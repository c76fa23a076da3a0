"""Everything about one location: how it stands, who is there, what comes next, what is wrong, what happened. The number
of queries is fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from app.models import Block, Completion, ScheduledEntry, Task
from app.plan.calendars import PlaceCalendar
from app.plan.format.frame import Role
from app.plan.terms import Scope
from app.plan.timeline import Timeline
from app.queries.events import HistoryLine
from app.queries.locations.happened import happened
from app.queries.people import Holders
from app.queries.rollouts.board import Board, Centre, board
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.rollouts.heard import calendar_of
from app.queries.tasks.alone import is_open, overdue
from app.queries.tasks.counted import Counted, states_among
from app.queries.tasks.ownership import unheld, unowned
from app.queries.tasks.rows import task_rows
from app.rules.people.access import Extent
from app.rules.people.responsibility import Away, Holder
from app.rules.schedule.sketch import Opening, meetings, sketch
from app.rules.tasks.progress import State

KINDS: Final = ("gate", "training", "milestone", "runbook", "freeze")


@dataclass(frozen=True)
class Post:
    """A role: who answers for it now, and who holds it and is on leave. `here`: it is one of the place."""

    role: Role
    here: bool
    holders: tuple[Holder, ...]
    absent: tuple[Away, ...]


@dataclass(frozen=True)
class Coming:
    """Something that is dated: `at` is its written time in UTC; `kind` is that of the entry, or `meeting`; `id` its row
    in the schedule, where it has one.
    """

    day: date
    at: datetime | None
    kind: str
    title: str
    id: int = 0


@dataclass(frozen=True)
class LocationPage:
    """What the page of one location shows; the lists of tasks are in the order of the playbook."""

    place: PlaceFacts
    seen: Board
    centre: Centre
    posts: tuple[Post, ...]
    coming: tuple[Coming, ...]
    trouble: tuple[Counted, ...]
    unsigned: tuple[Counted, ...]
    unowned: tuple[Counted, ...]
    happened: tuple[tuple[HistoryLine, str], ...]
    calendar: PlaceCalendar | None

    @property
    def holders(self) -> Holders:
        return self.seen.holders


def location_page(
    session: Session, rollout: RolloutFacts, place: PlaceFacts, now: datetime, *, told: bool
) -> LocationPage:
    """The page of a location that the reader may see; `told`: the reader may read what people did there."""
    alone = Extent(False, frozenset({place.id}))
    seen = board(session, rollout.within(alone), alone, now)
    troubled = _troubled(session, rollout, seen, place, now)
    return LocationPage(
        place=place,
        seen=seen,
        centre=seen.centres[0],
        posts=tuple(_posts(seen, place)),
        coming=tuple(coming(session, rollout, place, now)),
        trouble=tuple(one for one in troubled if one.state in (State.LATE, State.BLOCKED)),
        unsigned=tuple(one for one in troubled if one.row.completed_at is not None and one.state is State.WAITING),
        unowned=tuple(one for one in troubled if not _owned(seen, one)),
        happened=happened(session, place.id) if told else (),
        calendar=calendar_of(rollout, place) if rollout.start else None,
    )


def _troubled(session: Session, rollout: RolloutFacts, seen: Board, place: PlaceFacts, now: datetime) -> list[Counted]:
    """What is late, blocked, finished and not signed, or nobody's to do."""
    unsigned = and_(col(Completion.id).is_not(None), col(Completion.settled_at).is_(None))
    nobodys = unowned(seen.rollout, unheld(seen.rollout, seen.holders), now)
    wanted = and_(is_open(), or_(overdue(now), col(Block.id).is_not(None), unsigned, nobodys))
    rows = task_rows(session, rollout.id, {place.id}, col(Task.location_id) == place.id, wanted)
    return states_among(rows, rollout, seen.standing.waits, now)


def _owned(seen: Board, task: Counted) -> bool:
    row = task.row
    people = seen.holders
    return people.held([row.owner_role], row.location_id) or bool(
        people.owners([row.owner_role], row.location_id, row.assigned_to)
    )


def _posts(seen: Board, place: PlaceFacts) -> list[Post]:
    """Every role that somebody must hold, those of the place first. Of the network only those that somebody holds."""
    people, rollout = seen.holders, seen.rollout
    found = []
    for id_, role in rollout.playbook.people.items():
        here = role.scope is not Scope.NETWORK
        post = Post(role, here, people.of(id_, place.id), people.staff.absent(rollout.id, id_, place.id))
        if not role.staff and (here or post.holders or post.absent):
            found.append(post)
    return sorted(found, key=lambda post: not post.here)


def coming(
    session: Session, rollout: RolloutFacts, place: PlaceFacts, now: datetime, days: int = 14, far: int = 6
) -> list[Coming]:
    """The dates of the next `days`, in order, and after them the next few entries until there are `far` of them."""
    today = place.today(now)
    last = today + timedelta(days=days)
    entries = _entries(session, rollout, place, today)
    near = [one for one in entries if one.day <= last]
    near += _meetings(rollout, place, today, last)
    later = [one for one in entries if one.day > last][: max(far - len(near), 0)]
    return sorted([*near, *later], key=lambda one: (one.day, one.at is None, one.at or now, one.title))


def _entries(session: Session, rollout: RolloutFacts, place: PlaceFacts, today: date) -> list[Coming]:
    row = ScheduledEntry
    here = or_(
        col(row.location_id) == place.id,
        and_(col(row.location_id).is_(None), col(row.wave).in_(("", place.wave))),
    )
    found = session.execute(
        select(col(row.due), col(row.due_at), col(row.kind), col(row.title), col(row.id))
        .where(col(row.rollout_id) == rollout.id, col(row.kind).in_(KINDS), col(row.due) >= today, here)
        .order_by(col(row.due), col(row.position), col(row.id))
    )
    return [Coming(due, *rest) for due, *rest in found if due is not None]


def _meetings(rollout: RolloutFacts, place: PlaceFacts, first: date, last: date) -> list[Coming]:
    if rollout.start is None or not rollout.playbook.meetings:
        return []
    found = meetings(sketch_at(rollout, place, rollout.start), place.slug, place.wave, first, last)
    return [Coming(item.due, item.due_at, "meeting", item.title) for item in found if item.due]


def sketch_at(rollout: RolloutFacts, place: PlaceFacts, start: date) -> Timeline:
    """The timeline of a rollout in which a location has its own calendar, where it has a day to open."""
    own = Opening(place.slug, place.wave, place.cutover, calendar_of(rollout, place)) if place.cutover else None
    others = [Opening(one.slug, one.wave, one.cutover) for one in rollout.locations if one.cutover and one != place]
    return sketch(rollout.playbook, start, [*others, *([own] if own else [])])
