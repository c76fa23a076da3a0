"""Work that no playbook foresaw: a task is added by hand at one place, and corrected by whoever added it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from app.actions import texts
from app.actions.deliveries.queue import queue_delivery
from app.actions.events import record
from app.actions.intents import once
from app.actions.loading import key_of, load
from app.actions.locations.deviating import demand_undeviating
from app.actions.tasks.comments import everybody
from app.actions.tasks.opening import changed, demand_open, demand_unfinished, demand_version, open_task
from app.errors import Forbidden, Invalid, NotFound
from app.models import Assignment, Event, Location, Rollout, Task
from app.plan import Playbook
from app.plan.terms import Scope
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.added import late_after, next_entry
from app.stored import playbook_at

WHY = "Added by hand, with this day."
FARTHEST_YEARS = 3
FOR_ALL = "Add the task for all centres, or propose a change of the playbook: lessons arrive by a new version."


def add_task(
    session: Session,
    rollout_id: int,
    *,
    title: str,
    how: str = "",
    due: date | None,
    location_id: int | None = None,
    role: str = "",
    person: int | None = None,
    workstream: str = "",
    token: str = "",
    named: Collection[str] = (),
    by: Viewer,
    now: datetime,
) -> Task:
    """Add a task for one location, or (none) for all, held by a role or by one person who holds a role there.

    `named` are the roles that may do so for what they lead, as the meeting at which it was agreed.
    The same form (`token`) again is quiet. Raises NotFound, Forbidden for who may not check off there, Refused where
    nothing is planned or changed any more or the wave takes no changes of its own, and Invalid.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    location = _location(session, rollout, location_id, by)
    if not by.can(Permission.CHECK_OFF, rollout=rollout_id, location=location_id, named=named):
        raise Forbidden("You may see this plan, but not add work to it.")
    demand_open(rollout, location)
    demand_undeviating(session, rollout, location, instead=FOR_ALL)
    playbook = playbook_at(session, rollout, location)

    def make() -> Task:
        row = _row(session, rollout, location, playbook)
        row.title, row.how = texts.one_line("title", title), texts.prose("how", how, required=False)
        row.owner_role = _owner(session, playbook, row, role, person)
        row.workstream = _workstream(playbook, workstream)
        _date(row, playbook, location, due, now)
        session.add(row)
        session.flush()
        _note(session, row, by, now)
        if person is not None:
            _assign(session, row, person, by, now)
        return row

    asked = {
        "rollout": rollout_id, "title": title, "how": how, "due": due, "location": location_id, "role": role,
        "person": person, "workstream": workstream,
    }  # fmt: skip
    return once(session, token, Task, make, asked=asked, by=by, now=now)


def change_added_task(
    session: Session, task_id: int, *, title: str, how: str, due: date | None, seen: int, by: Viewer, now: datetime
) -> Task:
    """Correct what somebody added by hand. The same again is quiet.

    Raises NotFound (a task of the playbook too), Forbidden for all but who added it, directors and managers, Stale,
    Refused on a finished task, and Invalid.
    """
    opened = open_task(session, task_id, by=by)
    task = opened.task
    if not task.added:
        raise NotFound("task")
    demand_author(session, task, by)
    before = _facts(task)
    wanted = {"title": texts.one_line("title", title), "how": texts.prose("how", how, required=False)}
    if {**wanted, "due": due.isoformat() if due else None} == before:
        return task
    demand_unfinished(session, opened, seen)
    demand_version(session, opened, seen)
    task.title, task.how = wanted["title"], wanted["how"]
    _date(task, opened.playbook, opened.location, due, now)
    return changed(session, opened, "changed", by=by, now=now, before=before, after=_facts(task))


def demand_author(session: Session, task: Task, by: Viewer) -> None:
    """Raises Forbidden for all but who added the task, directors and managers."""
    if by.can(Permission.STOP_ESCALATION, rollout=task.rollout_id, location=task.location_id):
        return
    added = select(Event.actor_id).where(
        Event.subject_kind == "task", Event.subject_id == task.id, Event.verb == "task.added"
    )
    if session.exec(added).first() != by.person:
        raise Forbidden("Only who added this task, or who directs the rollout, changes it.")


def _location(session: Session, rollout: Rollout, location_id: int | None, by: Viewer) -> Location | None:
    if not by.can(Permission.SEE_PLAN, rollout=rollout.id, location=location_id):
        raise NotFound("location")
    if location_id is None:
        return None
    found = session.get(Location, location_id)
    if found is None or found.rollout_id != rollout.id:
        raise NotFound("location")
    return found


def _row(session: Session, rollout: Rollout, location: Location | None, playbook: Playbook) -> Task:
    """A new row with an id of its own; the rollout is locked, so that nobody else takes the same."""
    counted = select(func.count()).select_from(Task).where(Task.rollout_id == rollout.id, col(Task.added))
    scope = Scope.NETWORK if location is None else Scope.LOCATION
    return Task(
        rollout_id=key_of(rollout),
        location_id=location.id if location else None,
        entry=next_entry(playbook, session.exec(counted).one()),
        position=len(playbook.entries),
        title="",
        scope=str(scope),
        owner_role="",
        why=WHY,
        added=True,
    )


def _owner(session: Session, playbook: Playbook, row: Task, role: str, person: int | None) -> str:
    """The role that holds it: the one named, or one that the named person holds there."""
    if person is None:
        if role not in playbook.people:
            raise Invalid({"owner": "Choose who does it."})
        return role
    held = next((one for one in everybody(session, row.rollout_id) if one.person == person), None)
    roles = held.roles(row.rollout_id, row.location_id) if held else frozenset()
    found = next((id_ for id_ in playbook.people if id_ in roles), None)
    if found is None:
        raise Invalid({"owner": "Choose somebody who holds a role there."})
    return found


def _workstream(playbook: Playbook, workstream: str) -> str:
    if workstream and workstream not in playbook.workstreams:
        raise Invalid({"workstream": "Choose one of the workstreams."})
    return workstream


def _date(row: Task, playbook: Playbook, location: Location | None, due: date | None, now: datetime) -> None:
    """Due by the end of that day at the place; without a day it is never late."""
    if due is not None and abs(due.year - now.year) > FARTHEST_YEARS:
        raise Invalid({"due": "Choose a day of this rollout."})
    first = row.due is None and row.first_due is None
    row.due, row.late_at = due, None
    if due is not None:
        row.late_at = late_after(due, location.zone if location else playbook.calendar.zone)
    if first:
        row.first_due = due


def _assign(session: Session, row: Task, person: int, by: Viewer, now: datetime) -> None:
    session.add(Assignment(task_id=key_of(row), person_id=person, by_id=by.person, at=now))
    if person != by.person:
        queue_delivery(
            session, kind="assignment", person_id=person, key=f"task-{row.id}", subject=("task", key_of(row)),
            rollout_id=row.rollout_id, now=now, data={"by": by.name},
        )  # fmt: skip


def _note(session: Session, row: Task, by: Viewer, now: datetime) -> None:
    record(
        session, "task.added", ("task", key_of(row)), by=by, now=now, rollout_id=row.rollout_id,
        location_id=row.location_id, after=_facts(row),
    )  # fmt: skip


def _facts(row: Task) -> dict[str, Any]:
    return {"title": row.title, "how": row.how, "due": row.due.isoformat() if row.due else None}
