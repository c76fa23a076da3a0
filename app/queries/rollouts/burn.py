"""The burn-up of a rollout: the database counts by day and by week. Two queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlmodel import Session, col

from app.models import Answer, Completion, Skip, Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import is_done, of_rollout
from app.rules.people.access import Extent
from app.rules.rollouts.burn import BurnUp, Work, burn_up, week_ends


def burn(session: Session, rollout: RolloutFacts, extent: Extent, now: datetime) -> BurnUp | None:
    """The curve of the tasks within `extent`; None before a start day is chosen. What was set aside without having
    been done counts as planned work only.
    """
    if rollout.start is None:
        return None
    there, length = now.astimezone(ZoneInfo(rollout.zone)), rollout.playbook.length
    locations = None if extent.everywhere else extent.ids
    due = of_rollout(select(col(Task.due), func.count()), rollout.id, locations).group_by(col(Task.due))
    ends = week_ends(rollout.start, length, there)
    done = of_rollout(_done_by_week(ends), rollout.id, locations)
    work = Work(_pairs(session, due), _pairs(session, done))
    return burn_up(work, rollout.start, length, there)


def _done_by_week(ends: Sequence[datetime]) -> Select[*tuple[Any, ...]]:
    week: ColumnElement[int] = case(
        *((col(Completion.at) < end, literal(number)) for number, end in enumerate(ends)), else_=len(ends)
    )
    return (
        select(week.label("ended_weeks"), func.count())
        .select_from(Task)
        .join(Completion, col(Completion.task_id) == col(Task.id))
        .outerjoin(Skip, col(Skip.task_id) == col(Task.id))
        .outerjoin(Answer, (col(Answer.task_id) == col(Task.id)) & (col(Answer.path) == ""))
        .where(is_done())
        .group_by("ended_weeks")
    )


def _pairs(session: Session, statement: Select[*tuple[Any, ...]]) -> dict[Any, int]:
    return dict(session.execute(statement).all())
