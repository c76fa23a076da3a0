"""A second person checks completed work, and whoever must answers for it signs it. Nobody approves own work.

A signature is bound to what was signed (`app.rules.signoffs`): it falls by itself when that changes, and nothing of
it is ever deleted.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.loading import key_of, load
from app.actions.signoffs.contents import content_of
from app.actions.signoffs.voiding import standing
from app.actions.tasks.blocks import tell_who_waits
from app.actions.tasks.opening import OpenTask, changed, completion_of, demand_version, visible_task
from app.errors import Forbidden, NotFound, ProofWanted, Refused
from app.models import Completion, Event, Signature, Task
from app.rules.people.access import Permission, Viewer
from app.rules.signoffs import MEANINGS, VERIFY, WORK, Wanted, canonical, fingerprint, is_fresh, wanted


def sign_task(session: Session, task_id: int, *, kind: str, seen: int, by: Viewer, now: datetime) -> Task:
    """Check (`kind` verify) or sign (`sign_off`) a completed task for the role that is wanted next.

    The same person's same signature again is quiet. Raises NotFound, Forbidden, Stale, ProofWanted where the signer has
    not just proven who they are, and Refused: not completed, nothing wanted of that kind, own work, or a second
    signature by one person.
    """
    opened = visible_task(session, task_id, by=by)
    given = standing(session, task_id)
    if any(row.kind == kind and row.by_id == by.person for row in given):
        return opened.task
    completion = completion_of(session, opened)
    needed = wanted(opened.asked, _pairs(given))
    _demand_right(opened, needed.roles if needed else _named(opened, kind), by)
    demand_version(session, opened, seen)
    if completion is None or needed is None or needed.kind != kind:
        raise Refused("Nothing of the kind is waited for on this task.")
    _demand_second_person(session, opened, completion, given, by)
    if not is_fresh(by.proven_at, now):
        raise ProofWanted
    row = _signature(session, opened, needed, by, now)
    if wanted(opened.asked, [*_pairs(given), (kind, row.role)]) is None:
        completion.settled_at = now
        session.add(completion)
        tell_who_waits(session, opened.task, by=by, now=now)
    verb = "verified" if kind == VERIFY else "signed_off"
    return changed(session, opened, verb, by=by, now=now, after={"role": row.role, "sha256": row.sha256})


def _pairs(given: list[Signature]) -> list[tuple[str, str]]:
    return [(row.kind, row.role) for row in given]


def _named(opened: OpenTask, kind: str) -> tuple[str, ...]:
    """The roles that the playbook asks for a check or a signature, given already or not."""
    who = opened.asked.verify if kind == VERIFY else opened.asked.sign_off
    return who.roles if who else ()


def _demand_right(opened: OpenTask, roles: tuple[str, ...], by: Viewer) -> None:
    if not by.can(Permission.SIGN_OFF, rollout=opened.task.rollout_id, location=opened.task.location_id, named=roles):
        raise Forbidden("This approval is for somebody else to give.")


def _demand_second_person(
    session: Session, opened: OpenTask, completion: Completion, given: list[Signature], by: Viewer
) -> None:
    worked = select(Event.id).where(
        Event.subject_kind == "task",
        Event.subject_id == opened.id,
        Event.actor_id == by.person,
        col(Event.verb).in_(WORK),
    )
    if completion.by_id == by.person or session.exec(worked.limit(1)).first() is not None:
        raise Refused("Nobody approves own work. A second person is needed.")
    if any(row.by_id == by.person for row in given):
        raise Refused("Two approvals of one task need two people.")


def _signature(session: Session, opened: OpenTask, needed: Wanted, by: Viewer, now: datetime) -> Signature:
    task = opened.task
    held = by.roles(task.rollout_id, task.location_id)
    role = next((role for role in needed.roles if role in held), None)
    content = canonical(content_of(session, task, opened.asked, opened.playbook))
    row = Signature(
        task_id=opened.id,
        kind=needed.kind,
        role=role or needed.roles[0],
        signed_as=role or by.access(task.rollout_id, task.location_id),
        meaning=MEANINGS[needed.kind],
        by_id=by.person,
        name=by.name,
        at=now,
        proof="password",
        content=content,
        sha256=fingerprint(content),
    )
    session.add(row)
    session.flush()
    return row


def withdraw_signature(
    session: Session, signature_id: int, *, reason: str, seen: int, by: Viewer, now: datetime
) -> Signature:
    """Take one's own signature back; the task waits for another. Withdrawn already is quiet, a void one is gone.

    Raises NotFound, Forbidden (somebody else's), Stale, Refused and Invalid without a reason.
    """
    row = load(session, Signature, signature_id, "signature")
    opened = visible_task(session, row.task_id, by=by)
    if row.by_id != by.person:
        raise Forbidden("Only who signed takes the signature back.")
    if row.withdrawn_at is not None:
        return row
    reason = texts.prose("reason", reason)
    demand_version(session, opened, seen)
    if row.voided_at is not None:
        raise Refused("This signature is void already; there is nothing to take back.")
    row.withdrawn_at, row.withdrawn_reason = now, reason
    session.add(row)
    completion = completion_of(session, opened)
    if completion is None:
        raise NotFound("signature")
    completion.settled_at = None
    session.add(completion)
    after = {"role": row.role, "reason": reason, "signature": key_of(row)}
    changed(session, opened, "signature_withdrawn", by=by, now=now, after=after)
    return row
