"""Whose step is next hears of it, and whoever takes part hears what concerns the whole run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session

from app.actions.deliveries.telling import Telling, tell
from app.actions.loading import key_of
from app.actions.people.viewers import staff_of
from app.actions.runs.opening import OpenRun
from app.models import RunEntry, RunStep
from app.rules.people.access import Viewer
from app.rules.people.responsibility import Staff
from app.rules.runbooks.acts import steps_before
from app.rules.runbooks.ledger import StepState


def tell_next(session: Session, opened: OpenRun, done: RunStep, *, by: Viewer, now: datetime) -> None:
    """Tell those whose steps waited for this one, and wait for nothing else now but perhaps for time."""
    stands = opened.found.told
    waiting = [one for one in opened.found.way if any(link.step == done.step for link in one.after)]
    free = [one for one in waiting if not steps_before(one, stands, opened.found.steps)]
    rows = [opened.found.rows[one.id] for one in free if stands[one.id].state is StepState.TODO]
    staff = staff_of(session, opened.run.rollout_id, now=now) if rows else None
    for row in rows:
        people = holders_of_step(opened, row, staff) if staff else []
        _tell(session, opened, "run_step", people, key=f"{key_of(row)}-{row.round}", by=by, now=now, text=row.title)


def holders_of_step(opened: OpenRun, row: RunStep, staff: Staff) -> list[int]:
    """Whose step it is: whoever it was handed to, else those who hold its roles."""
    if row.holder_id is not None:
        return [row.holder_id]
    _, planned = opened.step(row.step)
    roles = planned.asked.owner.roles if planned.asked.owner else ()
    return _people(opened, roles, staff)


def _people(opened: OpenRun, roles: Collection[str], staff: Staff) -> list[int]:
    run = opened.run
    return list(dict.fromkeys(one.person for role in roles for one in staff.of(run.rollout_id, role, run.location_id)))


def tell_handed(session: Session, opened: OpenRun, row: RunStep, person: int, *, by: Viewer, now: datetime) -> None:
    """Whoever has a step now."""
    _tell(session, opened, "run_handed", [person], key=f"{key_of(row)}-{opened.run.version}", by=by, now=now,
          text=row.title)  # fmt: skip


def tell_check(session: Session, opened: OpenRun, row: RunStep, *, by: Viewer, now: datetime) -> None:
    """Those who check the step that somebody has just finished."""
    _, planned = opened.step(row.step)
    roles = planned.asked.checked_by.roles if planned.asked.checked_by else ()
    people = _people(opened, roles, staff_of(session, opened.run.rollout_id, now=now))
    _tell(session, opened, "run_check", people, key=f"{key_of(row)}-{opened.run.version}", by=by, now=now,
          text=row.title)  # fmt: skip


def tell_team(session: Session, opened: OpenRun, kind: str, *, text: str, by: Viewer, now: datetime) -> None:
    """Everybody who has a step in the run, leads it, or decides on the way back."""
    roles = list(_roles(opened))
    people = _people(opened, roles, staff_of(session, opened.run.rollout_id, now=now))
    held = [row.holder_id for row in opened.found.rows.values() if row.holder_id is not None]
    _tell(session, opened, kind, dict.fromkeys([*people, *held]), key=f"{opened.id}-{opened.run.version}", by=by,
          now=now, text=text)  # fmt: skip


def tell_audience(
    session: Session, opened: OpenRun, entry: RunEntry, roles: Collection[str], *, text: str, by: Viewer, now: datetime
) -> int:
    """Those to whom a broadcast goes: the holders of these roles, none named: everybody of the place and the network.
    Returns how many were told.
    """
    staff = staff_of(session, opened.run.rollout_id, now=now)
    people = _people(opened, roles, staff) if roles else staff.seeing(opened.run.rollout_id, opened.run.location_id)
    _tell(session, opened, "run_broadcast", people, key=f"{key_of(entry)}", by=by, now=now, text=text, itself=True)
    return len(people)


def _roles(opened: OpenRun) -> Iterable[str]:
    for one in (*opened.found.plan.steps, *opened.found.returning):
        yield from one.asked.owner.roles if one.asked.owner else ()
        yield from one.asked.checked_by.roles if one.asked.checked_by else ()
    yield from opened.runbook.owner.roles if opened.runbook.owner else ()
    if opened.found.plan.decide:
        yield opened.found.plan.decide


def _tell(
    session: Session,
    opened: OpenRun,
    kind: str,
    people: Iterable[int],
    *,
    key: str,
    by: Viewer,
    now: datetime,
    text: str,
    itself: bool = False,
) -> None:
    tellings = [
        Telling(key, kind, person, ("run", opened.id), opened.run.rollout_id, text, data={"by": by.name, "text": text})
        for person in people
        if itself or person != by.person
    ]
    tell(session, tellings, now=now)
