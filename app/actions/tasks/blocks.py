"""A task cannot go on, and goes on again; whoever waits for another task is told when that is done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.days import demand_years
from app.actions.deliveries.queue import queue_delivery
from app.actions.events import stale
from app.actions.loading import key_of
from app.actions.tasks.comments import people_around
from app.actions.tasks.opening import OpenTask, changed, demand_unfinished, open_task
from app.errors import Invalid, Refused
from app.models import Block, Task
from app.rules.people.access import Permission, Viewer


def block_task(
    session: Session,
    task_id: int,
    *,
    reason: str,
    waits_for: str = "",
    task: int | None = None,
    person: int | None = None,
    expected: date | None = None,
    seen: int,
    by: Viewer,
    now: datetime,
) -> Task:
    """Say why a task cannot go on, what it waits for (words, a `task` of the rollout or a `person`), and until when.

    That person gets a message. The same again is quiet; another reason replaces it. Raises NotFound, Forbidden, Stale
    when the block itself changed after the form was drawn, Refused for a finished task, and Invalid.
    """
    opened = open_task(session, task_id, by=by)
    demand_years(expected=expected)
    row = Block(task_id=task_id, reason=texts.prose("reason", reason), expected=expected, by_id=by.person, at=now)
    row.waits_for = texts.one_line("waits_for", waits_for) if waits_for.strip() else ""
    _wait_for(session, opened, row, task, person, by)
    before = open_block(session, task_id)
    told = before.waits_for_person if before else None
    done = _block(session, opened, row, seen, by, now)
    if row.id is not None and row.waits_for_person not in (None, by.person, told):
        _tell_awaited(session, done, row, by, now)
    return done


def _tell_awaited(session: Session, task: Task, row: Block, by: Viewer, now: datetime) -> None:
    queue_delivery(
        session, kind="awaited", person_id=row.waits_for_person or 0, key=f"block-{row.id}",
        subject=("task", key_of(task)), rollout_id=task.rollout_id, now=now, data={"by": by.name, "text": row.reason},
    )  # fmt: skip


def block_again(session: Session, task_id: int, *, seen: int, by: Viewer, now: datetime) -> Task:
    """Take back that a task can go on: it is blocked as it was. Blocked already is quiet.

    Raises NotFound, Forbidden, Stale and Refused where it never was blocked.
    """
    opened = open_task(session, task_id, by=by)
    last = _latest(session, task_id)
    if last is None:
        raise Refused("This task was not blocked before.")
    if last.lifted_at is None:
        return opened.task
    again = last.model_dump(include={"reason", "waits_for", "waits_for_task", "waits_for_person", "expected"})
    return _block(session, opened, Block(task_id=task_id, by_id=by.person, at=now, **again), seen, by, now)


def unblock_task(session: Session, task_id: int, *, seen: int, by: Viewer, now: datetime) -> Task:
    """Say that a task can go on. Not blocked is quiet. Raises NotFound, Forbidden and Stale."""
    opened = open_task(session, task_id, by=by)
    found = open_block(session, task_id)
    if found is None:
        return opened.task
    _demand_seen(session, opened, found, seen)
    _lift(session, opened, found, by, now)
    return changed(session, opened, "unblocked", by=by, now=now, before=_facts(found))


def open_block(session: Session, task_id: int) -> Block | None:
    """The block of a task that is not lifted."""
    return session.exec(select(Block).where(Block.task_id == task_id, col(Block.lifted_at).is_(None))).first()


def tell_who_waits(session: Session, done: Task, *, by: Viewer, now: datetime) -> None:
    """A task counts as done: leave a message for everybody who said that another one waits for it.

    Their tasks stay blocked until somebody says that they can go on.
    """
    waiting = select(Block, Task).join(Task, col(Task.id) == col(Block.task_id))
    waiting = waiting.where(Block.waits_for_task == done.id, col(Block.lifted_at).is_(None))
    for block, task in session.exec(waiting.order_by(col(Block.id))).all():
        queue_delivery(
            session, kind="unblocked", person_id=block.by_id, key=f"block-{block.id}-{done.version}",
            subject=("task", key_of(task)), rollout_id=task.rollout_id, now=now,
            data={"by": by.name, "note": "What it waits for is done. Say so where it can go on."},
        )  # fmt: skip


def _wait_for(session: Session, opened: OpenTask, row: Block, task: int | None, person: int | None, by: Viewer) -> None:
    if task is not None and person is not None:
        raise Invalid({"waits_for": "Choose a task or a person, not both."})
    if task is not None:
        awaited = _awaited(session, opened, task, by)
        row.waits_for_task = task
        # Of a task elsewhere the name is told only to those who may see that place.
        if awaited.location_id in (None, opened.task.location_id):
            row.waits_for = row.waits_for or f"“{awaited.title}”"
    elif person is not None:
        name = _name(session, opened, person, by)  # judged also where words are given
        row.waits_for_person, row.waits_for = person, row.waits_for or name


def _awaited(session: Session, opened: OpenTask, task_id: int, by: Viewer) -> Task:
    found = session.get(Task, task_id)
    if (
        found is None
        or found.rollout_id != opened.task.rollout_id
        or not by.can(Permission.SEE_PLAN, rollout=found.rollout_id, location=found.location_id)
    ):
        raise Invalid({"waits_for": "There is no such task in this rollout."})
    if found.id == opened.id:
        raise Invalid({"waits_for": "A task does not wait for itself."})
    return found


def _name(session: Session, opened: OpenTask, person: int, by: Viewer) -> str:
    found = next((one.name for one in people_around(session, opened, by) if one.person == person), None)
    if found is None:
        raise Invalid({"waits_for": "There is no such person here."})
    return found


def _block(session: Session, opened: OpenTask, row: Block, seen: int, by: Viewer, now: datetime) -> Task:
    last = _latest(session, opened.id)
    found = last if last is not None and last.lifted_at is None else None
    if found is not None and _facts(found) == _facts(row):
        return opened.task
    demand_unfinished(session, opened, seen)
    if last is not None:
        _demand_seen(session, opened, last, seen)
    if found is not None:
        _lift(session, opened, found, by, now)
    row.at_version = opened.task.version + 1
    session.add(row)
    before = _facts(found) if found else None
    return changed(session, opened, "blocked", by=by, now=now, before=before, after=_facts(row))


def _latest(session: Session, task_id: int) -> Block | None:
    return session.exec(select(Block).where(Block.task_id == task_id).order_by(col(Block.id).desc()).limit(1)).first()


def _demand_seen(session: Session, opened: OpenTask, block: Block, seen: int) -> None:
    if block.at_version > seen:
        raise stale(session, ("task", opened.id))


def _lift(session: Session, opened: OpenTask, block: Block, by: Viewer, now: datetime) -> None:
    block.lifted_at, block.lifted_by, block.at_version = now, by.person, opened.task.version + 1
    session.add(block)
    session.flush()  # before the next one is opened: only one may be


def _facts(block: Block) -> dict[str, Any]:
    facts = {
        "reason": block.reason,
        "waits_for": block.waits_for,
        "task": block.waits_for_task,
        "person": block.waits_for_person,
        "expected": block.expected.isoformat() if block.expected else None,
    }
    return {name: value for name, value in facts.items() if value}
