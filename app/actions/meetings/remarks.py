"""Wins and concerns are said where they come up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.loading import key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, Invalid, NotFound
from app.models import Issue, Location, Occasion, Remark, Rollout, Task
from app.plan.terms import Recurring
from app.rules.meetings.remarks import Kind, Subject
from app.rules.people.access import Permission, Viewer

SAME_WITHIN: Final = timedelta(minutes=10)
"""The same words about the same thing from the same person within so long are one remark: a second click."""
_SUBJECTS: Final[dict[str, tuple[type[Any], str]]] = {
    Subject.TASK: (Task, ""),
    Subject.ISSUE: (Issue, ""),
    Subject.RECONCILIATION: (Occasion, Recurring.RECONCILIATION),
    Subject.MEETING: (Occasion, Recurring.MEETING),
}


def say_remark(
    session: Session,
    rollout_id: int,
    *,
    kind: str,
    said: str,
    location_id: int | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
    token: str = "",
    by: Viewer,
    now: datetime,
) -> Remark:
    """Say a win or a concern: about a thing (`subject_kind` and its key; a day to reconcile and a meeting by their
    occasions), which says where it is, else about a location or (None) the whole network.

    The same again within `SAME_WITHIN`, and the same form (`token`), is quiet. Raises NotFound, Forbidden for who does
    not work there, Refused where nothing is changed any more, and Invalid.
    """
    # Locked: of two clicks at the same moment the second finds what the first has said.
    rollout = load(session, Rollout, rollout_id, "rollout")
    place = _place(session, rollout, location_id, subject_kind, subject_id)
    at: dict[str, Any] = {"rollout": rollout_id, "location": place.id if place else None}
    if not by.can(Permission.SEE_PLAN, **at):
        raise NotFound(subject_kind or "location")
    if not by.can(Permission.RAISE_ISSUE, **at):
        raise Forbidden("You may see this, but not say anything about it.")
    demand_open(rollout, place)
    if kind not in tuple(Kind):
        raise Invalid({"kind": "Say whether it is a win or a concern."})
    row = Remark(
        rollout_id=rollout_id, location_id=place.id if place else None, kind=kind, said=texts.prose("said", said),
        subject_kind=subject_kind, subject_id=subject_id, by_id=by.person, at=now,
    )  # fmt: skip
    asked = {"rollout": rollout_id, "kind": kind, "said": said, "place": row.location_id,
             "about": [subject_kind, subject_id]}  # fmt: skip
    return once(session, token, Remark, lambda: _said(session, row, by, now), asked=asked, by=by, now=now)


def _place(
    session: Session, rollout: Rollout, location_id: int | None, kind: str, subject_id: int | None
) -> Location | None:
    """Where the subject is. Raises NotFound, also for a thing of another rollout."""
    if kind:
        location_id = _location_of(session, rollout, kind, subject_id)
    if location_id is None:
        return None
    location = session.get(Location, location_id)
    if location is None or location.rollout_id != rollout.id:
        raise NotFound("location")
    return location


def _location_of(session: Session, rollout: Rollout, kind: str, subject_id: int | None) -> int | None:
    if kind not in _SUBJECTS:
        raise NotFound
    model, recurring = _SUBJECTS[kind]
    row = session.get(model, subject_id or 0)
    if row is None or row.rollout_id != rollout.id or (recurring and row.kind != recurring):
        raise NotFound(kind)
    found: int | None = row.location_id
    return found


def _said(session: Session, row: Remark, by: Viewer, now: datetime) -> Remark:
    same = select(Remark).where(
        Remark.rollout_id == row.rollout_id, Remark.by_id == by.person, Remark.kind == row.kind,
        Remark.said == row.said, col(Remark.location_id).is_not_distinct_from(row.location_id),
        Remark.subject_kind == row.subject_kind, col(Remark.subject_id).is_not_distinct_from(row.subject_id),
        col(Remark.at) >= now - SAME_WITHIN, col(Remark.settled_at).is_(None), col(Remark.withdrawn_at).is_(None),
    )  # fmt: skip
    known = session.exec(same).first()
    if known is not None:
        return known
    session.add(row)
    session.flush()
    return changed_remark(session, row, "said", by, now, {"kind": row.kind})


def changed_remark(
    session: Session, row: Remark, verb: str, by: Viewer, now: datetime, after: dict[str, Any] | None = None
) -> Remark:
    """Record what was done with a remark; what people wrote never stands in an event."""
    session.add(row)
    session.flush()
    record(
        session, f"remark.{verb}", ("remark", key_of(row)), by=by, now=now, rollout_id=row.rollout_id,
        location_id=row.location_id, after=after,
    )  # fmt: skip
    return row
