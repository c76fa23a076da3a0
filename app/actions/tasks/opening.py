"""A task opened for a change: loaded through what the person may see, locked, and compared with the form's version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, select

from app.actions.events import record, stale
from app.actions.loading import count_version, key_of, load
from app.actions.signoffs.asking import ask_for_signature, tell_signers
from app.actions.signoffs.contents import given
from app.actions.signoffs.voiding import void_signatures
from app.errors import Forbidden, NotFound, Refused
from app.models import Assignment, Completion, Location, Rollout, Skip, Task
from app.plan import Playbook
from app.plan.format.tasks import CheckItem as AskedItem
from app.plan.format.tasks import Task as AskedTask
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.added import asked_for
from app.rules.tasks.completion import missing
from app.stored import playbook_under

ASKS_ANEW: Final = frozenset({"completed", "verified", "signed_off", "signature_withdrawn"})
"""Changes after which the next signature, if one is wanted, is another one than before."""


@dataclass(frozen=True)
class OpenTask:
    """A stored task, and what the playbook version asks for that it stands under."""

    task: Task
    asked: AskedTask
    playbook: Playbook
    rollout: Rollout
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
    demand_open(opened.rollout, opened.location)
    if task.retired_at is not None:
        raise Refused("The playbook no longer has this task. What was recorded is kept, and not changed.")
    return opened


def demand_open(rollout: Rollout, location: Location | None) -> None:
    """Raises Refused where nothing is changed: while the plan is written, once the rollout is closed or the location
    has left it.
    """
    if rollout.state == "closed":
        raise Refused("This rollout is closed. It can be read, not changed.")
    if rollout.state != "running" or (location is not None and location.planned_at is None):
        raise Refused("This plan is still being written.")
    if location is not None and location.dropped_at is not None:
        raise Refused(f"{location.name} has left this rollout. What was recorded there is kept, and not changed.")


def open_task(session: Session, task_id: int, *, by: Viewer) -> OpenTask:
    """The task for somebody who may do it. Raises NotFound when they may not even see it, else Forbidden."""
    opened = visible_task(session, task_id, by=by)
    if not _may_do(session, opened, by):
        raise Forbidden("You may see this task, but it is not yours to do.")
    return opened


def _may_do(session: Session, opened: OpenTask, by: Viewer) -> bool:
    task, owner = opened.task, opened.asked.owner
    place = {"rollout": task.rollout_id, "location": task.location_id}
    if by.can(Permission.CHECK_OFF, **place, named=owner.roles if owner else ()):
        return True
    return by.can(Permission.CHECK_OFF, **place, named=(), assigned=assigned_to(session, opened.id))


def assigned_to(session: Session, task_id: int) -> int | None:
    """The person a task is assigned to."""
    return session.exec(select(Assignment.person_id).where(Assignment.task_id == task_id)).first()


def _with_playbook(session: Session, task: Task) -> OpenTask:
    location = session.get(Location, task.location_id) if task.location_id is not None else None
    rollout = session.get_one(Rollout, task.rollout_id)
    playbook = playbook_under(session, rollout, location, task)
    asked = asked_for(playbook, task, task.how)
    if asked is None:
        raise NotFound("task")
    return OpenTask(task, asked, playbook, rollout, location)


def finished(session: Session, opened: OpenTask) -> Completion | Skip | None:
    """The row that says the task needs no more work."""
    return completion_of(session, opened) or session.exec(select(Skip).where(Skip.task_id == opened.id)).first()


def completion_of(session: Session, opened: OpenTask) -> Completion | None:
    return session.exec(select(Completion).where(Completion.task_id == opened.id)).first()


def demand_version(session: Session, opened: OpenTask, seen: int) -> None:
    """Raises Stale when the task changed after the form was drawn."""
    if opened.task.version != seen:
        raise stale(session, ("task", opened.id))


def demand_changeable(session: Session, opened: OpenTask, seen: int) -> None:
    """What is recorded may be changed while the task is open, and corrected by whoever saw that it is done.

    Raises Stale when somebody finished the task after the form was drawn, and Refused when it was set aside.
    """
    found = finished(session, opened)
    if found is None:
        return
    demand_version(session, opened, seen)
    if isinstance(found, Skip):
        raise Refused("This task was set aside. Take it up again to change what was recorded.")


def demand_unfinished(session: Session, opened: OpenTask, seen: int) -> None:
    """Raises Stale when somebody finished the task after the form was drawn, else Refused when it is finished."""
    if finished(session, opened) is None:
        return
    demand_version(session, opened, seen)
    raise Refused("This task is finished. Take it up again first.")


def changed(
    session: Session,
    opened: OpenTask,
    verb: str,
    *,
    by: Viewer,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    begins: bool = True,
) -> Task:
    """Count one more version of the task and record the event; last step of every change of a task.

    `begins`: the work itself goes on by it, so that the task counts as begun from then on.

    Signatures of what is no longer so fall with it. Raises Refused where a task that is done would lack something.
    """
    task = opened.task
    task.begun = task.begun or begins
    count_version(session, task)
    if verb != "completed":  # what that asks for has just been looked at
        _demand_whole(session, opened)
    fallen = void_signatures(session, task, opened.asked, opened.playbook, by=by, now=now)
    if fallen:
        after = {**(after or {}), "voided": fallen}
        tell_signers(session, task, fallen, by=by, now=now)
    signed = task.verified or task.signed
    if signed and (fallen or verb in ASKS_ANEW) and completion_of(session, opened) is not None:
        ask_for_signature(session, task, opened.asked, by=by, now=now)
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


def _demand_whole(session: Session, opened: OpenTask) -> None:
    if completion_of(session, opened) is None:
        return
    lacking = missing(opened.asked, given(session, opened.id))
    if lacking:
        raise Refused("This task is done, and would lack something then. Take it up again first.", lacking)
