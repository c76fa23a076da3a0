"""Signatures: what one of them was given for, and the tasks that wait for a person's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Completion, Event, Location, Rollout, Signature, Task
from app.queries.tasks.alone import paused
from app.queries.tasks.page import task_entry
from app.queries.tasks.spots import spot_of
from app.rules.people.access import Viewer
from app.rules.signoffs import WORK, Wanted, wanted
from app.rules.tasks.mentions import may_read
from app.stored import playbook_of


@dataclass(frozen=True)
class Signed:
    """What a signature answers for: the text that was hashed."""

    task_id: int
    content: str
    sha256: str


def signed_content(session: Session, signature_id: int, viewer: Viewer) -> Signed:
    """Raises NotFound for none, and for one of a task whose text the person may not see."""
    found = session.exec(
        select(Signature, Task).join(Task, col(Task.id) == col(Signature.task_id)).where(Signature.id == signature_id)
    ).one_or_none()
    if found is None:
        raise NotFound("signature")
    row, task = found
    if not may_read(viewer, spot_of(session, task)):
        raise NotFound("signature")
    return Signed(row.task_id, row.content, row.sha256)


@dataclass(frozen=True)
class ToSign:
    """A completed task that waits for one of the person's roles, and which check or signature it waits for."""

    task_id: int
    title: str
    rollout_id: int
    location_id: int | None
    version: int
    at: datetime
    wanted: Wanted


def to_sign(session: Session, viewer: Viewer) -> list[ToSign]:
    """Completed tasks, oldest first, that wait for a check or signature of a role that the person holds there.

    Own work, and what the person has signed already, is left out. Two queries, and one for each rollout's playbook.
    """
    rollouts = {grant.rollout for grant in viewer.grants if grant.rollout is not None}
    if not rollouts:
        return []
    statement = (
        select(Task, Completion.at, Location.playbook_version_id, Rollout.playbook_version_id)
        .join(Completion, col(Completion.task_id) == col(Task.id))
        .join(Rollout, col(Rollout.id) == col(Task.rollout_id))
        .outerjoin(Location, col(Location.id) == col(Task.location_id))
        .where(
            col(Task.rollout_id).in_(sorted(rollouts)),
            col(Completion.settled_at).is_(None),
            Completion.by_id != viewer.person,
            col(Rollout.closed_at).is_(None),
            col(Location.dropped_at).is_(None),
            col(Task.retired_at).is_(None),
            not_(paused()),
            _within(viewer),
        )
        .order_by(col(Completion.at), col(Task.id))
    )
    found = session.exec(statement).all()
    ids = [task.id or 0 for task, *_ in found]
    given, own = _given(session, ids), _own_work(session, viewer, ids)
    lines = []
    for task, at, pinned, version in found:
        signatures = given.get(task.id or 0, [])
        if task.id in own or any(person == viewer.person for _, _, person in signatures):
            continue
        asked = task_entry(playbook_of(session, task.playbook_version_id or pinned or version), task)
        needed = wanted(asked, [(kind, role) for kind, role, _ in signatures])
        if needed and set(needed.roles) & viewer.roles(task.rollout_id, task.location_id):
            where = (task.rollout_id, task.location_id)
            lines.append(ToSign(task.id or 0, task.title, *where, task.version, at, needed))
    return lines


def _within(viewer: Viewer) -> ColumnElement[bool]:
    """The places at which the person holds any role."""
    places = []
    for grant in viewer.grants:
        if grant.rollout is not None:
            here = col(Task.rollout_id) == grant.rollout
            places.append(here if grant.location is None else and_(here, _at(grant.location)))
    return or_(*places)


def _at(location: int) -> ColumnElement[bool]:
    return or_(col(Task.location_id) == location, col(Task.location_id).is_(None))


def _given(session: Session, ids: list[int]) -> dict[int, list[tuple[str, str, int]]]:
    found: dict[int, list[tuple[str, str, int]]] = {}
    statement = select(Signature.task_id, Signature.kind, Signature.role, Signature.by_id).where(
        col(Signature.task_id).in_(ids), col(Signature.voided_at).is_(None), col(Signature.withdrawn_at).is_(None)
    )
    for task_id, kind, role, person in session.exec(statement):
        found.setdefault(task_id, []).append((kind, role, person))
    return found


def _own_work(session: Session, viewer: Viewer, ids: Iterable[int]) -> frozenset[int]:
    statement = select(Event.subject_id).where(
        Event.subject_kind == "task",
        col(Event.subject_id).in_(list(ids)),
        Event.actor_id == viewer.person,
        col(Event.verb).in_(WORK),
    )
    return frozenset(session.exec(statement))
