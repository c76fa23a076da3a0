"""The same change of many tasks: of all in one transaction, or of none, with a line for each that stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.actions.events import stale
from app.actions.loading import key_of
from app.actions.tasks.completion import complete_task, skip_task
from app.actions.tasks.opening import OpenTask, open_task
from app.errors import Forbidden, NotFound, Refused, Stale, StaleAmong
from app.models import Task
from app.rules.people.access import Viewer

MOST: Final = 500
"""Tasks changed in one step: more would hold everybody else's changes up for seconds."""

Change = Callable[[], Task]
Refusals = list[tuple[Task, Forbidden | Refused | Stale]]


@dataclass(frozen=True)
class Opened:
    """The tasks of a form by their ids and the versions it showed, opened one after the other in the order of ids, so
    that two such steps never wait for each other. `within`: the rollout that the form is of; a task of another one is
    none of its tasks.
    """

    session: Session
    seen: Mapping[int, int]
    opening: Callable[[int], OpenTask]
    within: int | None = None

    def __iter__(self) -> Iterator[OpenTask]:
        if len(self.seen) > MOST:
            raise Refused(f"At most {MOST} tasks are changed in one step. Narrow the filter.")
        rollouts = set()
        for task_id in sorted(self.seen):
            opened = self.opening(task_id)
            if self.within not in (None, opened.task.rollout_id):
                raise NotFound("task")
            rollouts.add(opened.task.rollout_id)
            if len(rollouts) > 1:
                raise Refused("These tasks belong to different rollouts.")
            yield opened


def in_one_step(tasks: Opened, change: Callable[[OpenTask], Change | None]) -> list[Task]:
    """Judge every task, then change them. `change` gives what is to be done, or None where it is so already.

    Whoever changed one of them since the form was drawn is named. With one task its own refusal is raised; with more,
    Refused with a line for each, or StaleAmong where one of them was changed.
    """
    wanted: list[Change] = []
    refusals: Refusals = []
    for opened in tasks:
        try:
            act = change(opened)
            if act is not None and opened.task.version != tasks.seen[opened.id]:
                raise stale(tasks.session, ("task", opened.id))
        except (Forbidden, Refused, Stale) as refusal:
            refusals.append((opened.task, refusal))
        else:
            wanted += [act] if act else []
    _refuse(refusals, len(tasks.seen))
    return [act() for act in wanted]


def _refuse(refusals: Refusals, total: int) -> None:
    if not refusals:
        return
    if total == 1:
        raise refusals[0][1]
    lines = tuple(f"{task.title}: {refusal}" for task, refusal in refusals)
    stale_ones = [(key_of(task), refusal) for task, refusal in refusals if isinstance(refusal, Stale)]
    if stale_ones:
        raise StaleAmong(stale_ones[0][1], tuple(key for key, _ in stale_ones), lines, total)
    raise Refused(f"Nothing was changed: {len(refusals)} of {total} tasks stand in the way.", lines)


def complete_tasks(
    session: Session, seen: Mapping[int, int], *, within: int | None = None, by: Viewer, now: datetime
) -> list[Task]:
    """Say of several tasks of a rollout (`within`) that they are done; those that are so already stay.

    Raises as `complete_task` does, and StaleAmong.
    """

    def change(opened: OpenTask) -> Task:
        return complete_task(session, opened.id, seen=seen[opened.id], by=by, now=now)

    return _each(session, seen, change, by, within)


def skip_tasks(
    session: Session, seen: Mapping[int, int], *, reason: str, within: int | None = None, by: Viewer, now: datetime
) -> list[Task]:
    """Say of several tasks of a rollout (`within`), with one reason, that they do not apply.

    Raises as `skip_task` does, and StaleAmong.
    """

    def change(opened: OpenTask) -> Task:
        return skip_task(session, opened.id, reason=reason, seen=seen[opened.id], by=by, now=now)

    return _each(session, seen, change, by, within)


def _each(
    session: Session, seen: Mapping[int, int], change: Callable[[OpenTask], Task], by: Viewer, within: int | None
) -> list[Task]:
    """The changes of single tasks, one after the other; the transaction undoes them where one of them is refused."""
    done: list[Task] = []
    refusals: Refusals = []
    for opened in Opened(session, seen, lambda task_id: open_task(session, task_id, by=by), within):
        before = opened.task.version
        try:
            task = change(opened)
        except (Forbidden, Refused, Stale) as refusal:
            refusals.append((opened.task, refusal))
        else:
            done += [task] if task.version != before else []
    _refuse(refusals, len(seen))
    return done
