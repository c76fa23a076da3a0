"""A location is handed over by the go at its last gate: whoever does what comes after it hears of that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import and_, exists, or_
from sqlmodel import Session, col, select

from app.actions.deliveries.telling import Telling, tell
from app.actions.gates.opening import OpenGate
from app.actions.loading import key_of
from app.actions.people.viewers import staff_of
from app.models import Assignment, Completion, GateDecision, Location, Skip, Task
from app.plan import Playbook
from app.plan.format.tasks import Task as Entry
from app.rules.gates.voting import Outcome
from app.rules.people.access import Viewer
from app.rules.tasks.named import owner_roles
from app.stored.handovers import last_gate_at


def hand_over(session: Session, opened: OpenGate, decision: GateDecision, *, by: Viewer, now: datetime) -> None:
    """Tell those who own the work that is due after this gate, where it is the last of a location and now goes on."""
    location = opened.location
    if location is None or not Outcome(decision.outcome).goes_on:
        return
    last = last_gate_at(session, opened.playbook, key_of(location), location.zone, location.cutover_at)
    if last is None or last.due is None or last.id != opened.id:
        return
    people = dict.fromkeys(_owners(session, opened, location, last.due, now))
    key, subject, data = f"{opened.id}-{key_of(decision)}", ("location", key_of(location)), {"by": by.name}
    tellings = [
        Telling(key, "handover", person, subject, opened.dated.rollout_id, data=data)
        for person in people
        if person != by.person
    ]
    tell(session, tellings, now=now)


def _owners(session: Session, opened: OpenGate, location: Location, after: date, now: datetime) -> Iterator[int]:
    """Whose work it is, task by task."""
    staff, rollout = staff_of(session, opened.dated.rollout_id, now=now), opened.dated.rollout_id
    for entry, role, assigned in dict.fromkeys(_later(session, location, after)):
        roles = _roles(opened.playbook, entry, role)
        yield from (one.person for one in staff.owners(rollout, roles, location.id, assigned))


def _later(session: Session, location: Location, after: date) -> list[tuple[str, str, int | None]]:
    """What is due there, in its wave or for the network after a day, and of which nobody has said that it is done."""
    shared = and_(col(Task.location_id).is_(None), col(Task.wave).in_(("", location.wave)))
    finished = or_(*(exists().where(col(one.task_id) == col(Task.id)) for one in (Completion, Skip)))
    statement = (
        select(Task.entry, Task.owner_role, Assignment.person_id)
        .outerjoin(Assignment, col(Assignment.task_id) == col(Task.id))
        .where(Task.rollout_id == location.rollout_id, col(Task.retired_at).is_(None), col(Task.due) > after)
        .where(or_(col(Task.location_id) == location.id, shared), ~finished)
        .order_by(col(Task.due), col(Task.id))
    )
    return list(session.exec(statement))


def _roles(playbook: Playbook, entry: str, first: str) -> tuple[str, ...]:
    """Every role of its owner; the first alone for what is in no playbook."""
    found = playbook.entries.get(entry)
    return owner_roles(found) if isinstance(found, Entry) else (first,)
