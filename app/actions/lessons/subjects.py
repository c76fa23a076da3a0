"""What a lesson is about: a thing of the rollout, at whose place the person must work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session

from app.actions.loading import key_of
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, Invalid, NotFound
from app.models import Issue, Location, Occasion, Rollout, Run, Task
from app.rules.lessons.standing import may_capture
from app.rules.people.access import Permission, Viewer

_SUBJECTS: Final[Mapping[str, type[Task | Issue | Occasion | Location | Run]]] = {
    "task": Task,
    "issue": Issue,
    "reconciliation": Occasion,
    "meeting": Occasion,
    "location": Location,
    "run": Run,
}


def place_of(session: Session, rollout: Rollout, subject: str, subject_id: int | None, by: Viewer) -> int | None:
    """The location of the thing that the lesson is about, which the person must see, and work at.

    Raises NotFound, Forbidden, Invalid, and Refused where nothing is changed any more, or not yet.
    """
    row = _thing(session, rollout, subject, subject_id) if subject else None
    location_id = row.id if isinstance(row, Location) else row.location_id if row is not None else None
    if not by.can(Permission.SEE_PLAN, rollout=rollout.id, location=location_id):
        raise NotFound(subject)
    location = session.get_one(Location, location_id) if location_id is not None else None
    demand_open(rollout, location)
    if not may_capture(by, key_of(rollout), location_id):
        raise Forbidden("You may see this, but not say what was learnt there.")
    return location_id


def _thing(session: Session, rollout: Rollout, subject: str, subject_id: int | None) -> Any:
    if subject not in _SUBJECTS:
        raise Invalid({"subject": "Choose what it is about."})
    row: Any = session.get(_SUBJECTS[subject], subject_id or 0)
    if row is None or row.rollout_id != rollout.id or (isinstance(row, Occasion) and row.kind != subject):
        raise NotFound(subject)
    return row
