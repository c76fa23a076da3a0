"""A task is one person's, rather than everybody's who holds the role of its owner: one task or many, in one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.actions.deliveries.queue import queue_delivery
from app.actions.tasks.bulk import Change, Opened, in_one_step
from app.actions.tasks.opening import OpenTask, changed, demand_unfinished, visible_task
from app.errors import Forbidden, Invalid, Refused
from app.models import Assignment, Membership, Person, Task
from app.rules.clock import count
from app.rules.people.access import Permission, Viewer
from app.rules.people.responsibility import Member


def assign_tasks(
    session: Session,
    seen: Mapping[int, int],
    person_id: int | None,
    *,
    within: int | None = None,
    by: Viewer,
    now: datetime,
) -> list[Task]:
    """Give tasks of one rollout (`within`) to a person, or (None) back to the role of their owner. `seen` are the
    versions that the form showed, by the tasks' ids. All or none; what is so already is quiet.

    The person gets one message for all of them. Returns the tasks that changed. Raises NotFound, Forbidden, Stale
    (StaleAmong of several), Refused with a line for each that stands in the way, and Invalid for somebody who does not
    see one of them.
    """
    person = _assignee(session, person_id)
    seeing = _memberships(session, person) if person else ()
    given = _given(session, seen)

    def change(opened: OpenTask) -> Change | None:
        if not by.can(Permission.ASSIGN, rollout=opened.task.rollout_id, location=opened.task.location_id):
            raise Forbidden("You may see this task, but not give it to somebody.")
        before = given.get(opened.id)
        if (before.person_id if before else None) == person_id:
            return None
        demand_unfinished(session, opened, seen[opened.id])
        if person and not any(one.sees(opened.task.location_id) for one in seeing if _there(one, opened.task)):
            raise Refused(f"{person.name} holds no role that lets them see it.")
        return lambda: _assign(session, opened, before, person, by, now)

    opened = Opened(session, seen, lambda task_id: visible_task(session, task_id, by=by), within)
    done = in_one_step(opened, change)
    if person and done:
        _tell(session, person, done, by, now)
    return done


def _assignee(session: Session, person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    person = session.get(Person, person_id)
    if person is None or person.deactivated_at is not None:
        raise Invalid({"person": "Choose somebody whose account is in use."})
    return person


def _memberships(session: Session, person: Person) -> Sequence[Member]:
    """What the person sees by roles of their own: what only stands in ends by itself, and the work would hang."""
    rows = session.exec(select(Membership).where(Membership.person_id == person.id))
    return [Member(row.person_id, person.name, row.role, row.access, row.rollout_id, row.location_id) for row in rows]


def _there(one: Member, task: Task) -> bool:
    return one.rollout in (None, task.rollout_id)


def _given(session: Session, seen: Mapping[int, int]) -> dict[int, Assignment]:
    rows = session.exec(select(Assignment).where(col(Assignment.task_id).in_(seen)))
    return {row.task_id: row for row in rows}


def _assign(
    session: Session, opened: OpenTask, before: Assignment | None, person: Person | None, by: Viewer, now: datetime
) -> Task:
    was = {"person": before.person_id} if before else None
    if before is not None:
        session.delete(before)
        session.flush()  # before the next one is made: a task has one
    if person is not None:
        session.add(Assignment(task_id=opened.id, person_id=person.id or 0, by_id=by.person, at=now))
    after = {"person": person.id, "name": person.name} if person else None
    verb = "assigned" if person else "unassigned"
    return changed(session, opened, verb, by=by, now=now, before=was, after=after, begins=False)


def _tell(session: Session, person: Person, done: Sequence[Task], by: Viewer, now: datetime) -> None:
    """One message, however many tasks; none to somebody who takes them on."""
    first = done[0]
    if person.id == by.person:
        return
    subject = ("task", first.id or 0) if len(done) == 1 else ("rollout", first.rollout_id)
    queue_delivery(
        session,
        kind="assignment",
        person_id=person.id or 0,
        key=f"assigned-{first.id}-{first.version}",
        subject=subject,
        rollout_id=first.rollout_id,
        now=now,
        data={"by": by.name, "note": count(len(done), "task")},
    )
