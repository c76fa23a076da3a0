"""A second person checks completed work, and whoever must answers for it signs it. Nobody approves own work."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from app.actions.opening import OpenTask, changed, completion_of, demand_version, visible_task
from app.errors import Forbidden, Refused
from app.models import Approval, Completion, Task
from app.rules.access import Permission, Viewer
from app.rules.approval import Wanted, wanted


def approve_task(session: Session, task_id: int, *, kind: str, seen: int, by: Viewer, now: datetime) -> Task:
    """Check (`kind` verify) or sign (`sign_off`) a completed task for the role that is wanted next.

    The same person's same approval again is quiet. Raises NotFound, Forbidden, Stale, and Refused: not completed,
    nothing wanted of that kind, own work, or a second approval by one person.
    """
    opened = visible_task(session, task_id, by=by)
    given = session.exec(select(Approval).where(Approval.task_id == task_id)).all()
    if any(row.kind == kind and row.by_id == by.person for row in given):
        return opened.task
    completion = completion_of(session, opened)
    needed = wanted(opened.asked, [(row.kind, row.role) for row in given])
    if needed is not None:
        _demand_right(opened, needed, by)
    demand_version(session, opened, seen)
    if completion is None or needed is None or needed.kind != kind:
        raise Refused("Nothing of the kind is waited for on this task.")
    _demand_second_person(completion, list(given), by)
    role = next((role for role in needed.roles if role in _roles(opened, by)), needed.roles[0])
    session.add(Approval(task_id=task_id, kind=kind, role=role, by_id=by.person, at=now))
    if wanted(opened.asked, [*((row.kind, row.role) for row in given), (kind, role)]) is None:
        completion.settled_at = now
        session.add(completion)
    verb = "verified" if kind == "verify" else "signed_off"
    return changed(session, opened, verb, by=by, now=now, after={"role": role})


def _demand_right(opened: OpenTask, needed: Wanted, by: Viewer) -> None:
    if not by.can(
        Permission.SIGN_OFF, rollout=opened.task.rollout_id, location=opened.task.location_id, named=needed.roles
    ):
        raise Forbidden("This approval is for somebody else to give.")


def _demand_second_person(completion: Completion, given: list[Approval], by: Viewer) -> None:
    if completion.by_id == by.person:
        raise Refused("Nobody approves own work. A second person is needed.")
    if any(row.by_id == by.person for row in given):
        raise Refused("Two approvals of one task need two people.")


def _roles(opened: OpenTask, by: Viewer) -> frozenset[str]:
    return by.roles(opened.task.rollout_id, opened.task.location_id)
