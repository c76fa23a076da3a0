"""A task cannot go on, and goes on again."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.opening import changed, demand_unfinished, demand_version, open_task
from app.actions.tasks import open_block
from app.models import Block, Task
from app.rules.access import Viewer


def block_task(
    session: Session, task_id: int, *, reason: str, expected: date | None = None, seen: int, by: Viewer, now: datetime
) -> Task:
    """Say why a task cannot go on, and when it is expected to. The same again is quiet; another reason replaces it.

    Raises NotFound, Forbidden, Stale, Refused for a finished task, and Invalid.
    """
    opened = open_task(session, task_id, by=by)
    reason = texts.prose("reason", reason)
    found = open_block(session, task_id)
    if found is not None and (found.reason, found.expected) == (reason, expected):
        return opened.task
    demand_unfinished(session, opened, seen)
    demand_version(session, opened, seen)
    if found is not None:
        _lift(session, found, by, now)
    session.add(Block(task_id=task_id, reason=reason, expected=expected, by_id=by.person, at=now))
    return changed(
        session, opened, "blocked", by=by, now=now, before=_facts(found), after={"reason": reason, **_day(expected)}
    )


def unblock_task(session: Session, task_id: int, *, seen: int, by: Viewer, now: datetime) -> Task:
    """Say that a task can go on. Not blocked is quiet. Raises NotFound, Forbidden and Stale."""
    opened = open_task(session, task_id, by=by)
    found = open_block(session, task_id)
    if found is None:
        return opened.task
    demand_version(session, opened, seen)
    _lift(session, found, by, now)
    return changed(session, opened, "unblocked", by=by, now=now, before=_facts(found))


def _lift(session: Session, block: Block, by: Viewer, now: datetime) -> None:
    block.lifted_at, block.lifted_by = now, by.person
    session.add(block)
    session.flush()  # before the next one is opened: only one may be


def _facts(block: Block | None) -> dict[str, str] | None:
    return None if block is None else {"reason": block.reason, **_day(block.expected)}


def _day(expected: date | None) -> dict[str, str]:
    return {} if expected is None else {"expected": expected.isoformat()}
