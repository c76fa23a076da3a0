"""What one person has to do, across every running rollout: now, today, soon, done, and what waits for others.

Of long lists the first lines are fetched, of all the number: a day of thousands costs what is shown of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import case, not_
from sqlmodel import Session, col, select

from app.models import Rollout, Task
from app.queries.people import Holders, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.tasks.alone import is_open
from app.queries.tasks.counted import Counted, counted, shown_states
from app.queries.tasks.day import Chosen, Part, chosen
from app.queries.tasks.ownership import mine
from app.queries.tasks.rows import task_rows
from app.queries.tasks.wanted import wanted_evidence
from app.rules.people.access import Extent, Viewer
from app.rules.tasks.added import asked_for
from app.rules.tasks.named import owner_roles
from app.rules.tasks.progress import State

SHOWN: Final = 50
"""Lines of one list; what lies beyond is counted."""


@dataclass(frozen=True)
class MyTask:
    """A task that is the reader's to do; `evidence` is the kind of proof still to attach, empty when none is."""

    task: Counted
    rollout: RolloutFacts
    place: PlaceFacts | None
    today: date
    evidence: str


@dataclass(frozen=True)
class Awaited:
    """Somebody else's task that one of the reader's waits for, and who holds it."""

    task: Counted
    place: PlaceFacts | None
    today: date
    names: tuple[str, ...]


@dataclass(frozen=True)
class Totals:
    """How many tasks there are of each list, shown or not; `late` of those due."""

    due: int = 0
    late: int = 0
    soon: int = 0
    done: int = 0
    handed_in: int = 0


@dataclass(frozen=True)
class Today:
    """One person's day; every list is in the order of due days and holds the first of its total."""

    due: tuple[MyTask, ...]
    soon: tuple[MyTask, ...]
    done: tuple[MyTask, ...]
    awaited: tuple[Awaited, ...]
    handed_in: tuple[MyTask, ...]
    first: MyTask | None
    totals: Totals
    rollouts: tuple[RolloutFacts, ...]
    places: tuple[PlaceFacts, ...]


@dataclass(frozen=True)
class _Day:
    """The day in one rollout: its tasks, and in which part each stands."""

    rollout: RolloutFacts
    tasks: tuple[MyTask, ...]
    parts: Mapping[Part, Chosen]
    awaited: tuple[Awaited, ...]


def today(session: Session, viewer: Viewer, now: datetime, shown: int = SHOWN) -> Today:
    """The day of a person, at most `shown` lines of a list. The number of queries grows with the rollouts, never with
    the tasks.
    """
    days = [_of_rollout(session, viewer, rollout, now, shown) for rollout in _my_rollouts(session, viewer)]
    lists = {part: _merged(days, part) for part in Part}
    due = lists[Part.DUE]
    done = sorted([*lists[Part.DONE], *lists[Part.HANDED_IN_TODAY]], key=_by_due)
    handed_in = sorted([*lists[Part.HANDED_IN], *lists[Part.HANDED_IN_TODAY]], key=_by_due)
    rollouts = tuple(day.rollout for day in days)
    return Today(
        due=tuple(due[:shown]),
        soon=tuple(lists[Part.SOON][:shown]),
        done=tuple(done[:shown]),
        awaited=tuple(one for day in days for one in day.awaited),
        handed_in=tuple(handed_in[:shown]),
        first=_first(due),
        totals=_totals(days),
        rollouts=rollouts,
        places=tuple(place for rollout in rollouts for place in _my_places(viewer, rollout)),
    )


def _merged(days: Iterable[_Day], part: Part) -> list[MyTask]:
    found = [one for day in days if part in day.parts for one in day.tasks if one.task.row.id in day.parts[part].ids]
    return sorted(found, key=_by_due)


def _first(due: Iterable[MyTask]) -> MyTask | None:
    """What to do now: what is late and critical, else what is due first and can be done."""
    ready = [one for one in due if one.task.state not in (State.WAITING, State.BLOCKED)]
    grave = [one for one in ready if one.task.state is State.LATE and one.task.row.critical]
    return next(iter(grave or ready), None)


def _totals(days: Iterable[_Day]) -> Totals:
    total = dict.fromkeys(Part, 0)
    late = 0
    for day in days:
        for part, one in day.parts.items():
            total[part] += one.total
            late += one.late if part is Part.DUE else 0
    today = total[Part.HANDED_IN_TODAY]
    return Totals(total[Part.DUE], late, total[Part.SOON], total[Part.DONE] + today, total[Part.HANDED_IN] + today)


def _my_rollouts(session: Session, viewer: Viewer) -> list[RolloutFacts]:
    ids = {grant.rollout for grant in viewer.grants if grant.rollout is not None}
    going = col(Rollout.planned_at).is_not(None), col(Rollout.closed_at).is_(None)
    running = select(Rollout).where(col(Rollout.id).in_(ids), *going)
    found = [facts_of(session, rollout) for rollout in session.exec(running.order_by(col(Rollout.title))).all()]
    return [rollout.within(viewer.locations(rollout.id)) for rollout in found]


def _my_places(viewer: Viewer, rollout: RolloutFacts) -> Iterable[PlaceFacts]:
    own = {grant.location for grant in viewer.grants if grant.rollout == rollout.id}
    return (place for place in rollout.locations if place.id in own)


def _of_rollout(session: Session, viewer: Viewer, rollout: RolloutFacts, now: datetime, shown: int) -> _Day:
    parts = chosen(session, viewer, rollout, now, shown)
    extent = viewer.locations(rollout.id)
    rows = task_rows(session, rollout.id, None, col(Task.id).in_([id_ for one in parts.values() for id_ in one.ids]))
    wanted = wanted_evidence(session, rollout, rows)
    tasks = shown_states(session, rollout, extent, now, rows)
    found = tuple(_my_task(task, rollout, wanted.get(task.row.id, ""), now) for task in tasks)
    ahead = {id_ for part in (Part.DUE, Part.SOON) if part in parts for id_ in parts[part].ids}
    near = [one for one in found if one.task.row.id in ahead]
    return _Day(rollout, found, parts, tuple(_awaited(session, viewer, near, rollout, now)))


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


def _awaited(
    session: Session, viewer: Viewer, near: list[MyTask], rollout: RolloutFacts, now: datetime
) -> list[Awaited]:
    """What others still have to finish before the reader's next tasks can begin, each once."""
    extent = viewer.locations(rollout.id)
    wanted = {(entry, one.task.row.location_id) for one in near for entry in _before(rollout, one.task)}
    entries = {entry for entry, _ in wanted}
    if not entries:
        return []
    locations = {location for _, location in wanted if location is not None}
    held = holders(session, rollout.id, extent, now)
    there = Extent(False, frozenset(locations))
    others = not_(case((mine(rollout, viewer, now), True), else_=False))
    found = [
        _held(task, rollout, held, now)
        for task in counted(session, rollout, there, now, col(Task.entry).in_(entries), is_open(), others)
        if task.row.location_id is None or (task.row.entry, task.row.location_id) in wanted
    ]
    return sorted(found, key=lambda one: (one.task.row.due or date.max, one.task.row.id))


def _before(rollout: RolloutFacts, task: Counted) -> tuple[str, ...]:
    return rollout.book_at(task.row.location_id).predecessors.get(task.row.entry, ())


def _held(task: Counted, rollout: RolloutFacts, people: Holders, now: datetime) -> Awaited:
    row, entry = task.row, asked_for(rollout.book_of(task.row), task.row)
    place = rollout.location(row.location_id)
    day = place.today(now) if place else rollout.today(now)
    roles = owner_roles(entry)[:1] if entry else (row.owner_role,)
    return Awaited(task, place, day, people.names(roles, row.location_id, row.assigned_to))
