"""A task among others: what it waits for and what waits for it, by the playbook and by what people have said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Block, Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.counted import Counted, counted, shown_states, with_states
from app.queries.tasks.rows import stored_rows, task_rows
from app.rules.people.access import Extent


@dataclass(frozen=True)
class Near:
    """A task with its state, and its neighbours with theirs, of the places that somebody may see.

    `awaited` is the task that its open block names.
    """

    own: Counted
    waits_for: tuple[Counted, ...]
    holds_up: tuple[Counted, ...]
    awaited: Counted | None


def near(session: Session, rollout: RolloutFacts, task: Task, extent: Extent, now: datetime) -> Near:
    """The neighbours of a task. At most five queries."""
    own, earlier, later = _by_playbook(session, rollout, task, extent, now)
    waiting = session.exec(
        select(Block.task_id).where(Block.waits_for_task == task.id, col(Block.lifted_at).is_(None))
    ).all()
    named = {own.row.block_task} - {None}
    found = _visible(session, rollout, extent, {id_ for id_ in (*waiting, *named) if id_}, now)
    awaited = next((one for one in found if one.row.id == own.row.block_task), None)
    blocked = (one for one in found if one.row.id in waiting)
    return Near(own, _each_once(([awaited] if awaited else []) + earlier), _each_once([*blocked, *later]), awaited)


def _each_once(tasks: Collection[Counted]) -> tuple[Counted, ...]:
    return tuple({one.row.id: one for one in tasks}.values())


def _visible(
    session: Session, rollout: RolloutFacts, extent: Extent, ids: Collection[int], now: datetime
) -> list[Counted]:
    if not ids:
        return []
    rows = task_rows(session, rollout.id, None if extent.everywhere else extent.ids, col(Task.id).in_(ids))
    return shown_states(session, rollout, extent, now, rows)


def _by_playbook(
    session: Session, rollout: RolloutFacts, task: Task, extent: Extent, now: datetime
) -> tuple[Counted, list[Counted], list[Counted]]:
    """The task itself, what must be finished before it, and what it must be finished before."""
    before = rollout.book_at(task.location_id).predecessors
    earlier = set(before.get(task.entry, ()))
    later = {entry for entry, needed in before.items() if task.entry in needed}
    entries = {task.entry, *earlier, *later}
    found = counted(session, rollout, _near(task, extent), now, col(Task.entry).in_(entries))
    own = next((one for one in found if one.row.id == task.id), None)
    if own is None:
        own = with_states(stored_rows(session, col(Task.id) == task.id), rollout, now)[0]
    others = [one for one in found if _in_reach(one, task, rollout) and one.row.id != task.id]
    return (
        own,
        [one for one in others if one.row.entry in earlier],
        [one for one in others if one.row.entry in later],
    )


def _near(task: Task, extent: Extent) -> Extent:
    """A location's task has its neighbours at the same location and among what exists once."""
    return extent if task.location_id is None else Extent(False, frozenset({task.location_id}))


def _in_reach(one: Counted, task: Task, rollout: RolloutFacts) -> bool:
    place = rollout.location(task.location_id)
    wave = place.wave if place else task.wave
    return one.row.location_id is not None or not wave or one.row.wave in ("", wave)
