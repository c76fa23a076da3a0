"""Whoever is waited for is told: who may sign next, and whose signature has fallen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, or_, select

from app.actions.deliveries.queue import queue_delivery
from app.actions.loading import key_of
from app.actions.signoffs.voiding import standing
from app.models import Event, Membership, Signature, Task
from app.plan.format.tasks import Task as AskedTask
from app.rules.people.access import Viewer
from app.rules.signoffs import WORK, wanted


def ask_for_signature(session: Session, task: Task, asked: AskedTask, *, by: Viewer, now: datetime) -> None:
    """Tell everybody who may give the next check or signature of a completed task, but nobody who did the work."""
    given = standing(session, key_of(task))
    needed = wanted(asked, [(row.kind, row.role) for row in given])
    if needed is None:
        return
    worked = select(Event.actor_id).where(
        Event.subject_kind == "task", Event.subject_id == task.id, col(Event.verb).in_(WORK)
    )
    passed_over = {by.person, *session.exec(worked), *(row.by_id for row in given)}
    for person in _holders(session, task, needed.roles):
        if person not in passed_over:
            key = f"{task.id}-{task.version}"
            _queue(session, "signature_wanted", person, key, task, by, now)


def tell_signers(session: Session, task: Task, fallen: Collection[int], *, by: Viewer, now: datetime) -> None:
    """Tell those whose signatures have just become void, but not who changed what they had signed."""
    for row in session.exec(select(Signature).where(col(Signature.id).in_(fallen))):
        if row.by_id != by.person:
            _queue(session, "signature_void", row.by_id, str(row.id), task, by, now)


def _holders(session: Session, task: Task, roles: Collection[str]) -> list[int]:
    statement = select(Membership.person_id).where(
        Membership.rollout_id == task.rollout_id,
        col(Membership.role).in_(roles),
        or_(col(Membership.location_id).is_(None), col(Membership.location_id) == task.location_id),
    )
    return sorted(set(session.exec(statement)))


def _queue(session: Session, kind: str, person: int, key: str, task: Task, by: Viewer, now: datetime) -> None:
    queue_delivery(
        session, kind=kind, person_id=person, key=key, subject=("task", key_of(task)), rollout_id=task.rollout_id,
        now=now, data={"by": by.name},
    )  # fmt: skip
