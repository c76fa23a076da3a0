"""Sessions of a training are planned at a location."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions.events import record
from app.actions.intents import once
from app.actions.loading import key_of
from app.actions.training.opening import Place, demand_trains, open_place
from app.actions.training.sitting import Sitting, checked_sitting
from app.errors import Invalid
from app.models import TrainingSession
from app.rules.people.access import Viewer
from app.rules.training.demand import Demand


def plan_session(
    session: Session, location_id: int, entry: str, sitting: Sitting, *, token: str = "", by: Viewer, now: datetime
) -> TrainingSession:
    """Plan a session of a training at a location. The same form (`token`) again is quiet.

    Raises NotFound, Forbidden, Refused and Invalid. What merely speaks against it is told by its page.
    """
    place = open_place(session, location_id, by=by)
    demand = place.demand(entry)
    demand_trains(place, demand, by)

    def make() -> TrainingSession:
        return _make(session, place, demand, checked_sitting(session, place, demand, sitting), by, now)

    asked = {"location": location_id, "entry": entry, **vars(sitting)}
    return once(session, token, TrainingSession, make, asked=asked, by=by, now=now)


def plan_proposed(
    session: Session,
    location_id: int,
    entry: str,
    starts: Sequence[datetime],
    sitting: Sitting,
    *,
    token: str = "",
    by: Viewer,
    now: datetime,
) -> TrainingSession:
    """Several sessions in one step, alike but for when they begin; gives the first. Raises as `plan_session`."""
    place = open_place(session, location_id, by=by)
    demand = place.demand(entry)
    demand_trains(place, demand, by)
    if not starts:
        raise Invalid({"day": "Say on which day."})

    def make() -> TrainingSession:
        checked = checked_sitting(session, place, demand, sitting)
        made = [_make(session, place, demand, {**checked, "starts_at": at}, by, now) for at in starts]
        return made[0]

    asked = {"location": location_id, "entry": entry, "starts": list(starts), **vars(sitting)}
    return once(session, token, TrainingSession, make, asked=asked, by=by, now=now)


def _make(
    session: Session, place: Place, demand: Demand, checked: dict[str, Any], by: Viewer, now: datetime
) -> TrainingSession:
    row = TrainingSession(
        rollout_id=place.location.rollout_id, location_id=place.id, entry=demand.entry, **checked, by_id=by.person,
        at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    after = {"entry": demand.entry, "starts_at": row.starts_at.isoformat()}
    record(session, "session.planned", ("session", key_of(row)), by=by, now=now, **place.ids, after=after)
    return row
