"""A task opened for a change: loaded through what the person may see, locked, and compared with the form's version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.actions.events import record, stale
from app.actions.loading import count_version, key_of, load
from app.errors import Forbidden, NotFound, Refused
from app.models import Completion, Location, PlaybookVersion, Rollout, Skip, Task
from app.plan.format.tasks import CheckItem as AskedItem
from app.plan.format.tasks import Task as AskedTask
from app.rules.access import Permission, Viewer
from app.rules.playbooks import parsed


@dataclass(frozen=True)
class OpenTask:
    """A stored task, and what the playbook version of its place asks for."""

    task: Task
    asked: AskedTask
    location: Location | None

    @property
    def id(self) -> int:
        return key_of(self.task)

    def part(self, path: str) -> AskedTask | AskedItem:
        """The task itself (empty path) or the line of its checklist at `a.b`. Raises NotFound."""
        found: AskedTask | AskedItem = self.asked
        for name in path.split(".") if path else ():
            lines: Mapping[str, AskedItem] = found.checklist or {}
            if name not in lines:
                raise NotFound("line of the checklist")
            found = lines[name]
        return found


def visible_task(session: Session, task_id: int, *, by: Viewer) -> OpenTask:
    """The task for somebody who may see it. Raises NotFound, and Refused while the plan is being written."""
    task = load(session, Task, task_id, "task")
    opened = _with_playbook(session, task)
    asked, roles = opened.asked, by.roles(task.rollout_id, task.location_id)
    naming = [who.roles for who in (asked.owner, asked.verify, asked.sign_off) if who]
    seeing = by.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id)
    if not seeing and not any(roles & set(named) for named in naming):
        raise NotFound("task")
    if session.get_one(Rollout, task.rollout_id).state != "running":
        raise Refused("The plan of this rollout is still being written.")
    return opened


def open_task(session: Session, task_id: int, *, by: Viewer) -> OpenTask:
    """The task for somebody who may do it. Raises NotFound when they may not even see it, else Forbidden."""
    opened = visible_task(session, task_id, by=by)
    task, owner = opened.task, opened.asked.owner
    named = owner.roles if owner else ()
    if not by.can(Permission.CHECK_OFF, rollout=task.rollout_id, location=task.location_id, named=named):
        raise Forbidden("You may see this task, but it is not yours to do.")
    return opened


def _with_playbook(session: Session, task: Task) -> OpenTask:
    location = session.get(Location, task.location_id) if task.location_id is not None else None
    rollout = session.get_one(Rollout, task.rollout_id)
    version_id = (location and location.playbook_version_id) or rollout.playbook_version_id
    asked = parsed(load(session, PlaybookVersion, version_id, "playbook").text).entries.get(task.entry)
    if not isinstance(asked, AskedTask):
        raise NotFound("task")
    return OpenTask(task, asked, location)


def finished(session: Session, opened: OpenTask) -> Completion | Skip | None:
    """The row that says the task needs no more work."""
    return completion_of(session, opened) or session.exec(select(Skip).where(Skip.task_id == opened.id)).first()


def completion_of(session: Session, opened: OpenTask) -> Completion | None:
    return session.exec(select(Completion).where(Completion.task_id == opened.id)).first()


def demand_version(session: Session, opened: OpenTask, seen: int) -> None:
    """Raises Stale when the task changed after the form was drawn."""
    if opened.task.version != seen:
        raise stale(session, ("task", opened.id))


def demand_unfinished(session: Session, opened: OpenTask, seen: int) -> None:
    """Raises Stale when somebody finished the task after the form was drawn, else Refused when it is finished."""
    if finished(session, opened) is None:
        return
    demand_version(session, opened, seen)
    raise Refused("This task is finished. Reopen it to change what was recorded.")


def changed(
    session: Session,
    opened: OpenTask,
    verb: str,
    *,
    by: Viewer,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Task:
    """Count one more version of the task and record the event; last step of every change of a task."""
    task = opened.task
    count_version(session, task)
    record(
        session,
        f"task.{verb}",
        ("task", opened.id),
        by=by,
        now=now,
        rollout_id=task.rollout_id,
        location_id=task.location_id,
        before=before,
        after=after,
    )
    return task
