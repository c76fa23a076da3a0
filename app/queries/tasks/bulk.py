"""What a step over many tasks would do: to which of them, and why not to the others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Answer, CheckItem, Evidence, Task
from app.plan.format.tasks import Task as Entry
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.counted import Counted, shown_states
from app.queries.tasks.page import task_entry
from app.queries.tasks.picking import Reader
from app.queries.tasks.plan import Cut, plan_page
from app.queries.tasks.rows import TaskRow, rows_by_due
from app.rules.people.access import Extent, Permission, Viewer
from app.rules.tasks.bulk import Act, Standing, left_out
from app.rules.tasks.completion import Given, missing
from app.rules.tasks.filtering import PlanFilter
from app.rules.tasks.named import owner_roles


@dataclass(frozen=True)
class Outcome:
    """What would happen: `changed` by the step, `left` as they are with the reason why. `beyond` tasks more than one
    step takes were left out.
    """

    changed: tuple[Counted, ...]
    left: tuple[tuple[Counted, str], ...]
    beyond: int = 0


def chosen_tasks(
    session: Session, rollout: RolloutFacts, extent: Extent, ids: Collection[int], now: datetime
) -> tuple[list[Counted], int]:
    """The tasks with these ids that the reader may see."""
    locations = None if extent.everywhere else extent.ids
    rows = rows_by_due(session, rollout.id, locations, col(Task.id).in_(ids))
    return shown_states(session, rollout, extent, now, rows), 0


def picked_tasks(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    wanted: PlanFilter,
    most: int,
    now: datetime,
    reader: Reader,
) -> tuple[list[Counted], int]:
    """The first `most` tasks that a filter picks, and how many there are beyond."""
    found = plan_page(session, rollout, extent, wanted, Cut(1, most), now, reader)
    return list(found.tasks), max(found.total - most, 0)


def outcome(
    session: Session, rollout: RolloutFacts, tasks: Sequence[Counted], act: Act, person: int | None, reader: Reader
) -> Outcome:
    """What the step would do to each task. Three queries, whatever their number."""
    given = _given(session, [task.row.id for task in tasks]) if act is Act.COMPLETE else {}
    judged = [(task, left_out(act, _standing(rollout, task.row, act, person, reader, given))) for task in tasks]
    return Outcome(
        tuple(task for task, reason in judged if not reason),
        tuple((task, reason) for task, reason in judged if reason),
    )


def _standing(
    rollout: RolloutFacts, row: TaskRow, act: Act, person: int | None, reader: Reader, given: dict[int, Given]
) -> Standing:
    entry = task_entry(rollout.book_of(row), row)
    finished = row.completed_at is not None or row.skipped_at is not None
    if act is Act.ASSIGN:
        may = reader.viewer.can(Permission.ASSIGN, rollout=rollout.id, location=row.location_id)
        seen = person is None or reader.people.staff.sees(person, row.location_id)
        return Standing(may, finished, same=row.assigned_to == person, seen=seen)
    return Standing(
        may=may_do(reader.viewer, rollout.id, row, entry),
        finished=finished,
        blocked=row.blocked_at is not None,
        critical=row.critical,
        lacking=missing(entry, given.get(row.id, Given())) if act is Act.COMPLETE and not finished else (),
    )


def may_do(viewer: Viewer, rollout_id: int, row: TaskRow, entry: Entry) -> bool:
    """Whether the task is the viewer's to do: by a role, or because it is theirs."""
    place = {"rollout": rollout_id, "location": row.location_id, "assigned": row.assigned_to}
    return viewer.can(Permission.CHECK_OFF, **place, named=owner_roles(entry))


def _given(session: Session, ids: Sequence[int]) -> dict[int, Given]:
    """What has been recorded on each task."""
    answered: dict[int, set[str]] = {}
    attached: dict[int, list[tuple[str, str]]] = {}
    lines: dict[int, dict[str, bool]] = {}
    for task_id, path in session.exec(select(Answer.task_id, Answer.path).where(col(Answer.task_id).in_(ids))):
        answered.setdefault(task_id, set()).add(path)
    files = select(Evidence.task_id, Evidence.path, Evidence.kind).where(
        col(Evidence.task_id).in_(ids), col(Evidence.removed_at).is_(None)
    )
    for task_id, path, kind in session.exec(files):
        attached.setdefault(task_id, []).append((path, kind))
    ticks = select(CheckItem.task_id, CheckItem.path, CheckItem.checked_at).where(col(CheckItem.task_id).in_(ids))
    for task_id, path, at in session.exec(ticks):
        lines.setdefault(task_id, {})[path] = at is not None
    return {
        task_id: Given(
            answered=frozenset(answered.get(task_id, ())),
            attached=tuple(attached.get(task_id, ())),
            lines=tuple(lines.get(task_id, ())),
            checked=frozenset(path for path, ticked in lines.get(task_id, {}).items() if ticked),
        )
        for task_id in ids
    }
