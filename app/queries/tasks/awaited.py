"""Tasks that a blocked one may wait for: found by words of their title, among those that somebody may see."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.errors import NotFound
from app.models import Rollout, Task
from app.queries.rollouts.facts import facts_of
from app.queries.tasks.counted import Counted
from app.queries.tasks.plan import Cut, plan_page
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.filtering import OPEN, PlanFilter

MOST = 8


def tasks_to_wait_for(session: Session, task_id: int, viewer: Viewer, words: str, now: datetime) -> tuple[Counted, ...]:
    """Up to eight open tasks of the same rollout, the next due first; none without words. Raises NotFound."""
    task = session.get(Task, task_id)
    if task is None or not viewer.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id):
        raise NotFound("task")
    if not words:
        return ()
    extent = viewer.locations(task.rollout_id)
    rollout = facts_of(session, session.get_one(Rollout, task.rollout_id)).within(extent)
    found = plan_page(session, rollout, extent, PlanFilter(state=OPEN, words=words), Cut(1, MOST + 1), now)
    return tuple(one for one in found.tasks if one.row.id != task_id)[:MOST]
