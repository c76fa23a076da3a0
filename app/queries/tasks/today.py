"""What one person has to do, across every running rollout: now, today, soon, done, and what waits for others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from app.models import Block, Completion, Rollout, Skip, Task
from app.plan import Playbook
from app.plan.format.tasks import Task as Entry
from app.queries.people import holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.tasks.alone import is_open, overdue
from app.queries.tasks.counted import Counted, counted, shown_states
from app.queries.tasks.page import owner_roles
from app.queries.tasks.rows import task_rows
from app.queries.tasks.wanted import wanted_evidence
from app.rules.access import Extent, Viewer
from app.rules.progress import State
from app.rules.waiting import predecessors

AHEAD: Final = timedelta(days=7)


@dataclass(frozen=True)
class MyTask:
    """A task that is the reader's to do; `evidence` is the kind of proof still to attach, empty when none is."""

    task: Counted
    rollout: RolloutFacts
    place: PlaceFacts | None
    today: date
    evidence: str

    @property
    def due_today(self) -> bool:
        """Late, or due by the end of the day of its place."""
        late = self.task.row.late_at is not None and self.task.state is State.LATE
        return late or (self.task.row.due is not None and self.task.row.due <= self.today)

    @property
    def open(self) -> bool:
        """Still the reader's to act on: not finished, or finished with an answer that does not pass."""
        finished = self.task.row.completed_at is not None
        return self.task.state is State.RISK if finished else self.task.state is not State.DONE


@dataclass(frozen=True)
class Awaited:
    """Somebody else's task that one of the reader's waits for, and who holds it."""

    task: Counted
    place: PlaceFacts | None
    today: date
    names: tuple[str, ...]


@dataclass(frozen=True)
class Today:
    """One person's day; every list is in the order of due days."""

    due: tuple[MyTask, ...]
    soon: tuple[MyTask, ...]
    done: tuple[MyTask, ...]
    awaited: tuple[Awaited, ...]
    handed_in: tuple[MyTask, ...]
    rollouts: tuple[RolloutFacts, ...]
    places: tuple[PlaceFacts, ...]


def today(session: Session, viewer: Viewer, now: datetime) -> Today:
    """The day of a person. The number of queries grows with the rollouts, never with the tasks."""
    mine: list[MyTask] = []
    awaited: list[Awaited] = []
    found = [_of_rollout(session, viewer, rollout, now) for rollout in _my_rollouts(session, viewer)]
    for rollout_mine, rollout_awaited, _ in found:
        mine += rollout_mine
        awaited += rollout_awaited
    rollouts = tuple(rollout for _, _, rollout in found)
    mine.sort(key=_by_due)
    still = [one for one in mine if one.open]
    return Today(
        due=tuple(one for one in still if one.due_today),
        soon=tuple(one for one in still if not one.due_today and _soon(one)),
        done=tuple(one for one in mine if _done_today(one, now)),
        awaited=tuple(awaited),
        handed_in=tuple(one for one in mine if one.task.state is State.WAITING and not one.open),
        rollouts=rollouts,
        places=tuple(place for rollout in rollouts for place in _my_places(viewer, rollout)),
    )


def _my_rollouts(session: Session, viewer: Viewer) -> list[RolloutFacts]:
    ids = {grant.rollout for grant in viewer.grants if grant.rollout is not None}
    running = select(Rollout).where(col(Rollout.id).in_(ids), col(Rollout.planned_at).is_not(None))
    found = [facts_of(session, rollout) for rollout in session.exec(running.order_by(col(Rollout.title))).all()]
    return [rollout.within(viewer.locations(rollout.id)) for rollout in found]


def _my_places(viewer: Viewer, rollout: RolloutFacts) -> Iterable[PlaceFacts]:
    own = {grant.location for grant in viewer.grants if grant.rollout == rollout.id}
    return (place for place in rollout.locations if place.id in own)


def _of_rollout(
    session: Session, viewer: Viewer, rollout: RolloutFacts, now: datetime
) -> tuple[list[MyTask], list[Awaited], RolloutFacts]:
    my_entries = entries_of(rollout.playbook, viewer.roles(rollout.id))
    extent = viewer.locations(rollout.id)
    locations = None if extent.everywhere else extent.ids
    rows = task_rows(session, rollout.id, locations, col(Task.entry).in_(my_entries), _of_these_days(rollout, now))
    tasks = shown_states(session, rollout, extent, now, rows)
    held = [task for task in tasks if _holds(viewer, rollout, task)]
    wanted = wanted_evidence(session, rollout.playbook, [task.row for task in held])
    mine = [_my_task(task, rollout, wanted.get(task.row.id, ""), now) for task in held]
    near = [one for one in mine if one.open and (one.due_today or _soon(one))]
    return mine, _awaited(session, viewer, near, rollout, now), rollout


def _of_these_days(rollout: RolloutFacts, now: datetime) -> ColumnElement[bool]:
    """What a day may show: the open work of the next days, what is late, blocked or handed in, and what was finished
    since the day before yesterday. Days differ between places; the rest of the choice is made by the day of each.
    """
    latest = max([rollout.today(now), *(place.today(now) for place in rollout.locations)]) + AHEAD
    near = or_(col(Task.due) <= latest, overdue(now), col(Block.id).is_not(None), col(Completion.id).is_not(None))
    lately = now - timedelta(days=2)
    return or_(and_(is_open(), near), col(Completion.at) >= lately, col(Skip.at) >= lately)


def entries_of(playbook: Playbook, roles: frozenset[str]) -> set[str]:
    """Tasks that one of the roles owns."""
    return {task.id for task in playbook.work if roles & set(owner_roles(task))}


def _holds(viewer: Viewer, rollout: RolloutFacts, task: Counted) -> bool:
    entry = rollout.playbook.entries[task.row.entry]
    roles = viewer.roles(rollout.id, task.row.location_id)
    return isinstance(entry, Entry) and bool(roles & set(owner_roles(entry)))


def _my_task(task: Counted, rollout: RolloutFacts, evidence: str, now: datetime) -> MyTask:
    place = rollout.location(task.row.location_id)
    return MyTask(task, rollout, place, place.today(now) if place else rollout.today(now), evidence)


def _by_due(one: MyTask) -> tuple[bool, date, bool, datetime, int]:
    row = one.task.row
    at = row.due_at or row.late_at
    return (
        row.due is None,
        row.due or date.max,
        at is None,
        at or datetime.max.replace(tzinfo=ZoneInfo("UTC")),
        row.id,
    )


def _soon(one: MyTask) -> bool:
    row = one.task.row
    return one.task.state is State.BLOCKED or (row.due is not None and row.due <= one.today + AHEAD)


def _done_today(one: MyTask, now: datetime) -> bool:
    at = one.task.row.completed_at or one.task.row.skipped_at
    zone = ZoneInfo(one.place.zone if one.place else one.rollout.zone)
    return not one.open and at is not None and at.astimezone(zone).date() == one.today


def _awaited(
    session: Session, viewer: Viewer, near: list[MyTask], rollout: RolloutFacts, now: datetime
) -> list[Awaited]:
    """What others still have to finish before the reader's next tasks can begin, each once."""
    before, extent = predecessors(rollout.playbook), viewer.locations(rollout.id)
    wanted = {(entry, one.task.row.location_id) for one in near for entry in before.get(one.task.row.entry, ())}
    entries = {entry for entry, _ in wanted}
    locations = {location for _, location in wanted if location is not None}
    held = holders(session, rollout.id, extent)
    found = []
    there = Extent(False, frozenset(locations))
    for task in counted(session, rollout, there, now, col(Task.entry).in_(entries), is_open()):
        row = task.row
        meant = row.location_id is None or (row.entry, row.location_id) in wanted
        if meant and not _holds(viewer, rollout, task):
            place = rollout.location(row.location_id)
            day = place.today(now) if place else rollout.today(now)
            found.append(Awaited(task, place, day, held.names([row.owner_role], row.location_id)))
    return sorted(found, key=lambda one: (one.task.row.due or date.max, one.task.row.id))
