"""Which tasks stand on a person's day: the database sorts, counts and cuts, so that a day of thousands costs no more
than what is shown of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, false, func, not_, or_, select
from sqlmodel import Session, col

from app.models import Completion, Skip, Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import alone, day_of_place, of_rollout, paused, with_what_was_said
from app.queries.tasks.ownership import mine, with_assignment
from app.rules.people.access import Viewer
from app.rules.tasks.progress import State

AHEAD: Final = timedelta(days=7)


class Part(StrEnum):
    """A list of the day. What was handed in today stands among what was done today and what waits to be checked."""

    DUE = "due"
    SOON = "soon"
    DONE = "done"
    HANDED_IN_TODAY = "handed in today"
    HANDED_IN = "handed in"


@dataclass(frozen=True)
class Chosen:
    """Some tasks of one part by id, of `total`, of which `late` are late."""

    ids: frozenset[int]
    total: int
    late: int


def chosen(session: Session, viewer: Viewer, rollout: RolloutFacts, now: datetime, shown: int) -> dict[Part, Chosen]:
    """At most `shown` tasks of each part, the first due first, and what is late and critical before all. One query."""
    found: dict[Part, tuple[set[int], int, int]] = {}
    for id_, part, total, late in session.execute(_cut(_sorted(viewer, rollout, now), shown)):
        ids, _, _ = found.setdefault(Part(part), (set(), total, int(late)))
        ids.add(id_)
    return {part: Chosen(frozenset(ids), total, late) for part, (ids, total, late) in found.items()}


def _sorted(viewer: Viewer, rollout: RolloutFacts, now: datetime) -> Select[*tuple[Any, ...]]:
    """Every task that is the reader's, but where work stands still, with the part that it stands in (none: NULL) and
    what it is sorted by.
    """
    extent = viewer.locations(rollout.id)
    stands = alone(rollout, now)
    at = func.coalesce(col(Task.due_at), col(Task.late_at))
    statement = select(
        col(Task.id).label("id"),
        _part(rollout, stands, now).label("part"),
        case((stands == State.LATE.value, 1), else_=0).label("late"),
        case((and_(stands == State.LATE.value, col(Task.critical)), 1), else_=0).label("grave"),
        col(Task.due).label("due"),
        at.label("at"),
    )
    statement = with_assignment(with_what_was_said(statement))
    statement = of_rollout(statement, rollout.id, None if extent.everywhere else extent.ids)
    return statement.where(mine(rollout, viewer, now), not_(paused()))


def _cut(tasks: Select[*tuple[Any, ...]], shown: int) -> Select[*tuple[Any, ...]]:
    one = tasks.subquery()
    order = (one.c.due.is_(None), one.c.due, one.c.at.is_(None), one.c.at, one.c.id)
    counted = (
        select(
            one.c.id,
            one.c.part,
            one.c.grave,
            func.count().over(partition_by=one.c.part).label("total"),
            func.sum(one.c.late).over(partition_by=one.c.part).label("late"),
            func.row_number().over(partition_by=one.c.part, order_by=order).label("place"),
            func.row_number().over(partition_by=(one.c.part, one.c.grave), order_by=order).label("place_among_grave"),
        )
        .where(one.c.part.is_not(None))
        .subquery()
    )
    gravest = and_(counted.c.grave == 1, counted.c.place_among_grave == 1)
    columns = (counted.c.id, counted.c.part, counted.c.total, counted.c.late)
    return select(*columns).where(or_(counted.c.place <= shown, gravest))


def _part(rollout: RolloutFacts, stands: ColumnElement[str], now: datetime) -> ColumnElement[str | None]:
    """What a place's own day says of a task: a state that hangs on others is never done, late or blocked."""
    finished = col(Completion.id).is_not(None)
    over = or_(and_(finished, stands != State.RISK.value), and_(not_(finished), stands == State.DONE.value))
    waiting = stands == State.WAITING.value
    near = or_(stands == State.BLOCKED.value, col(Task.due) <= day_of_place(rollout, now, AHEAD))
    today = _finished_today(rollout, now)
    return case(
        (and_(over, waiting, today), Part.HANDED_IN_TODAY.value),
        (and_(over, waiting), Part.HANDED_IN.value),
        (and_(over, today), Part.DONE.value),
        (over, None),
        (or_(stands == State.LATE.value, col(Task.due) <= day_of_place(rollout, now)), Part.DUE.value),
        (near, Part.SOON.value),
        else_=None,
    )


def _finished_today(rollout: RolloutFacts, now: datetime) -> ColumnElement[bool]:
    at = func.coalesce(col(Completion.at), col(Skip.at))
    return or_(false(), *(and_(where, at >= begins, at < ends) for where, begins, ends in _days(rollout, now)))


def _days(rollout: RolloutFacts, now: datetime) -> Iterator[tuple[ColumnElement[bool], datetime, datetime]]:
    """From when to when it is today, for the places of each zone."""
    zones: dict[str, list[int]] = {}
    for place in rollout.locations:
        zones.setdefault(place.zone, []).append(place.id)
    for zone, ids in zones.items():
        yield col(Task.location_id).in_(ids), *_day(zone, now)
    yield col(Task.location_id).is_(None), *_day(rollout.zone, now)


def _day(zone: str, now: datetime) -> tuple[datetime, datetime]:
    there = now.astimezone(ZoneInfo(zone))
    begins = there.replace(hour=0, minute=0, second=0, microsecond=0)
    return begins, (begins.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=there.tzinfo)
