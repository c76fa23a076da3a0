"""Who may read what is written on tasks: where each is, whom its entry names, and whose own it is."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from app.models import Assignment, Location, Rollout, Task
from app.rules.tasks.added import asked_for
from app.rules.tasks.mentions import Spot
from app.rules.tasks.named import acting_roles
from app.stored import playbook_of


def spots(session: Session, tasks: Collection[int]) -> dict[int, Spot]:
    """The spots of tasks by their ids, those that are there. One query, and one for a playbook read first."""
    statement = (
        select(Task, Rollout.playbook_version_id, Location.playbook_version_id, Assignment.person_id)
        .join(Rollout, col(Rollout.id) == col(Task.rollout_id))
        .outerjoin(Location, col(Location.id) == col(Task.location_id))
        .outerjoin(Assignment, col(Assignment.task_id) == col(Task.id))
        .where(col(Task.id).in_(tasks))
    )
    found = {}
    for task, of_rollout, of_place, given in session.exec(statement).all() if tasks else ():
        asked = asked_for(playbook_of(session, task.playbook_version_id or of_place or of_rollout), task)
        named = acting_roles(asked) if asked else ()
        found[task.id or 0] = Spot(task.rollout_id, task.location_id, named, given)
    return found


def spot_of(session: Session, task: Task) -> Spot:
    """The spot of one stored task."""
    return spots(session, [task.id or 0])[task.id or 0]
