"""The state of a task but for what it waits for, as the database computes it: what `app.rules.tasks.progress.state`
says of a row without predecessors. A test holds the two together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, null, or_, select
from sqlmodel import col

from app.models import Answer, Block, Completion, Location, Pause, Skip, Task
from app.queries.rollouts.facts import RolloutFacts
from app.rules.tasks.progress import State


def with_what_was_said(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join what has been said of each task: at most one row each of completion, skip, open block and own answer."""
    return (
        statement.outerjoin(Completion, col(Completion.task_id) == col(Task.id))
        .outerjoin(Skip, col(Skip.task_id) == col(Task.id))
        .outerjoin(Block, and_(col(Block.task_id) == col(Task.id), col(Block.lifted_at).is_(None)))
        .outerjoin(Answer, and_(col(Answer.task_id) == col(Task.id), col(Answer.path) == ""))
    )


def of_rollout(
    statement: Select[*tuple[Any, ...]], rollout_id: int, locations: Collection[int] | None
) -> Select[*tuple[Any, ...]]:
    """Only the tasks of a rollout: those of the network and of the waves, and those of `locations` (None: of all).

    What was to be done at a location that has left the rollout, or what a newer version of the playbook no longer has,
    is neither shown nor counted, and what is to be done at one whose plan is still being written not yet.
    """
    not_in_it = or_(col(Location.dropped_at).is_not(None), col(Location.planned_at).is_(None))
    others = select(col(Location.id)).where(col(Location.rollout_id) == rollout_id, not_in_it)
    here: ColumnElement[bool] = col(Task.location_id).not_in(others)
    if locations is not None:
        here = and_(here, col(Task.location_id).in_(locations))
    asked_for = (col(Task.rollout_id) == rollout_id, col(Task.retired_at).is_(None))
    return statement.where(*asked_for, or_(col(Task.location_id).is_(None), here))


def paused() -> ColumnElement[bool]:
    """Its location stands still; never NULL."""
    standing = select(col(Pause.location_id)).where(col(Pause.ended_at).is_(None))
    return case((col(Task.location_id).in_(standing), True), else_=False)


def late_at() -> ColumnElement[datetime | None]:
    """The first instant at which a task is late; none while its location stands still."""
    return case((paused(), null()), else_=col(Task.late_at))


def failed() -> ColumnElement[bool]:
    return col(Answer.judged) == "fail"


def overdue(now: datetime) -> ColumnElement[bool]:
    """Its time has come, finished or not; never NULL."""
    return case((late_at() <= now, True), else_=False)


def is_done() -> ColumnElement[bool]:
    """It counts as done; never NULL."""
    finished = and_(col(Completion.settled_at).is_not(None), or_(col(Answer.judged).is_(None), ~failed()))
    return or_(col(Skip.id).is_not(None), finished)


def is_open() -> ColumnElement[bool]:
    """It does not count as done; never NULL. A CASE, since PostgreSQL takes "no skip" alone for next to impossible and
    then looks up row by row what it had better join at once.
    """
    return case((is_done(), False), else_=True)


def alone(rollout: RolloutFacts, now: datetime) -> ColumnElement[str]:
    """The value of the state, judged by the day of each task's place."""
    begun = or_(col(Task.begun), col(Task.begins) <= day_of_place(rollout, now))
    return case(
        (is_done(), State.DONE.value),
        (and_(col(Completion.id).is_not(None), failed()), State.RISK.value),
        (col(Completion.id).is_not(None), State.WAITING.value),
        (col(Block.id).is_not(None), State.BLOCKED.value),
        (overdue(now), State.LATE.value),
        (failed(), State.RISK.value),
        (begun, State.TRACK.value),
        else_=State.TODO.value,
    )


def day_of_place(rollout: RolloutFacts, now: datetime, ahead: timedelta = timedelta(0)) -> ColumnElement[date] | date:
    """Today at each task's place, or a day so far ahead. At any moment the world has two days, for an hour three."""
    network = rollout.today(now) + ahead
    days: dict[date, list[int]] = {}
    for place in rollout.locations:
        days.setdefault(place.today(now) + ahead, []).append(place.id)
    usual = Counter({day: len(ids) for day, ids in days.items()}).most_common(1)[0][0] if days else network
    others = [(col(Task.location_id).in_(ids), day) for day, ids in days.items() if day != usual]
    if network != usual:
        others.append((col(Task.location_id).is_(None), network))
    return case(*others, else_=usual) if others else usual
