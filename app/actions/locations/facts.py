"""What is stated of a location changes while the rollout runs: what was unclear there is decided by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select, update

from app.actions import texts
from app.actions.events import record
from app.actions.loading import key_of
from app.actions.rollouts.drafting import judged
from app.actions.schedule.moves import Move, demand_shown, directed, tell_moved, whole_move
from app.actions.schedule.planning import Change, plan_of
from app.actions.schedule.replanning import write
from app.actions.selection.freezing import look_again
from app.actions.tasks.opening import changed, finished, visible_task
from app.models import Answer, CheckItem, Evidence, Location, Rollout, ScheduledEntry, Task
from app.plan import Playbook
from app.plan.facts import Facts
from app.plan.format.tasks import Task as AskedTask
from app.rules.people.access import Viewer
from app.rules.schedule.moves import Replan
from app.rules.schedule.schedule import Plan
from app.rules.tasks.completion import leaves
from app.stored import playbook_at

Stated = Mapping[str, Any]


def planned_facts(session: Session, location_id: int, *, attributes: Stated, by: Viewer, now: datetime) -> Move:
    """What comes, goes and moves when a location states other facts. `attributes` are all of them. Only reads.

    Raises NotFound, Forbidden, Refused, and Invalid for field `locations`.
    """
    rollout, location = directed(session, location_id, by)
    return _move(session, rollout, location, attributes, by, now=now)


def state_facts(
    session: Session,
    location_id: int,
    *,
    name: str,
    attributes: Stated,
    reason: str,
    shown: str,
    by: Viewer,
    now: datetime,
) -> Move:
    """Change a location's name and what is stated of it, and with that its plan, in one step. The same is quiet.

    Work that somebody has begun or finished stays. Raises as `planned_facts`, Invalid without a name (or without a
    reason where facts change), Refused where the plan would break a rule, and Stale when it has changed since `shown`.
    """
    rollout, location = directed(session, location_id, by)
    name, other = texts.one_line("name", name), dict(attributes) != location.attributes
    reason = texts.prose("reason", reason, required=other)
    move = _move(session, rollout, location, attributes, by, now=now) if other else Move(Replan(), ())
    if name == location.name and not other:
        return move
    before = {"name": location.name, "attributes": location.attributes}
    if other:
        demand_shown(move, shown)
    location.name, location.attributes = name, dict(attributes)
    session.add(location)
    session.flush()
    if other:
        write(session, rollout, move.found, by=by, now=now, reason=reason)
        decide_anew(session, rollout, session.get_one(Location, location_id), by, now)
        tell_moved(session, move, ("location", location_id), rollout, reason, by, now)
    record(
        session, "location.restated", ("location", location_id), by=by, now=now, rollout_id=rollout.id,
        location_id=location_id, before=before, after={"name": name, "attributes": dict(attributes), "reason": reason},
    )  # fmt: skip
    look_again(session, rollout, by=by, now=now)
    return move


def _move(
    session: Session, rollout: Rollout, location: Location, attributes: Stated, by: Viewer, *, now: datetime
) -> Move:
    stated = {**location.facts(), "attributes": dict(attributes)}
    judged(stated, playbook_at(session, rollout, location))
    return whole_move(session, rollout, Change(stated={location.slug: stated}), by, now=now)


def decide_anew(session: Session, rollout: Rollout, location: Location, by: Viewer, now: datetime) -> None:
    """Bring up to date what replanning the dates leaves as it is: what is unclear, and the lines of checklists."""
    _clear(session, location, plan_of(session, rollout))
    playbook = playbook_at(session, rollout, location)
    facts = Facts(location.wave, location.attributes)
    for task_id, wanted, present in _checklists(session, location, playbook, facts):
        _relist(session, task_id, wanted, present, by, now)


def _clear(session: Session, location: Location, plan: Plan) -> None:
    unclear = {(item.entry, item.value) for item in plan.items_at(location.slug) if item.unclear}
    _mark(session, Task, location, unclear)
    _mark(session, ScheduledEntry, location, unclear)


def _mark(
    session: Session, model: type[Task | ScheduledEntry], location: Location, unclear: set[tuple[str, str]]
) -> None:
    """It is no change of the work: the versions of the tasks stay."""
    stored = session.exec(
        select(model.id, model.entry, model.value, model.unclear).where(model.location_id == location.id)
    ).all()
    for value in (True, False):
        ids = [row for row, *key, was in stored if was is not value and (tuple(key) in unclear) is value]
        if ids:
            session.exec(update(model).where(col(model.id).in_(ids)).values(unclear=value))
    session.expire_all()


Lines = dict[str, Any]


def _checklists(
    session: Session, location: Location, playbook: Playbook, facts: Facts
) -> Iterator[tuple[int, Lines, dict[str, CheckItem]]]:
    """Every task of the location whose checklist is not the one that is asked for there: its lines, by their paths, as
    they should be and as they are.
    """
    stored: dict[int, dict[str, CheckItem]] = {}
    for line in session.exec(select(CheckItem).join(Task).where(Task.location_id == location.id)):
        stored.setdefault(line.task_id, {})[line.path] = line
    asking = select(Task.id, Task.entry).where(Task.location_id == location.id, col(Task.retired_at).is_(None))
    tasks = session.exec(asking).all()
    for task_id, entry in tasks:
        asked = playbook.entries.get(entry)
        if task_id is None or not isinstance(asked, AskedTask) or not asked.checklist:
            continue
        wanted, present = dict(leaves(asked.checklist, facts)), stored.get(task_id, {})
        if wanted.keys() != present.keys():
            yield task_id, wanted, present


def _relist(
    session: Session, task_id: int, wanted: Lines, present: Mapping[str, CheckItem], by: Viewer, now: datetime
) -> None:
    """Lines that are not for this place go unless something was recorded there, and new ones come. What is finished
    stays as it was.
    """
    opened = visible_task(session, task_id, by=by)
    if finished(session, opened) is not None:
        return
    gone = [path for path in present if path not in wanted and not _touched(session, task_id, present[path])]
    new = [path for path in wanted if path not in present]
    if not gone and not new:
        return
    session.exec(delete(CheckItem).where(col(CheckItem.id).in_([key_of(present[path]) for path in gone])))
    for position, (path, line) in enumerate(wanted.items()):
        found = present.get(path) or CheckItem(task_id=task_id, path=path, title=line.title)
        found.position, found.optional, found.critical = position, line.optional, line.critical
        if path in new:
            found.at_version = opened.task.version + 1
        session.add(found)
    session.flush()
    after = {"lines": _titles(wanted, new), "gone": [present[path].title for path in gone]}
    changed(session, opened, "restated", by=by, now=now, after=after, begins=False)


def _titles(lines: Lines, paths: Sequence[str]) -> list[str]:
    return [lines[path].title for path in paths]


def _touched(session: Session, task_id: int, line: CheckItem) -> bool:
    if line.checked_at is not None:
        return True
    answer = select(Answer.id).where(Answer.task_id == task_id, Answer.path == line.path)
    file = select(Evidence.id).where(
        Evidence.task_id == task_id, Evidence.path == line.path, col(Evidence.removed_at).is_(None)
    )
    return any(session.exec(statement.limit(1)).first() is not None for statement in (answer, file))
