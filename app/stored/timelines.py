"""What dates everything in a rollout, as its rows have it: locations and dates by hand. Both sides read it so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select

from app.errors import Refused
from app.models import Location, Pin, Rollout, Task
from app.plan.places import Spot
from app.plan.terms import Scope
from app.plan.timeline import Timeline
from app.rules.schedule.schedule import read_place, timeline_of
from app.stored import playbook_of

Pinned = tuple[tuple[str, Spot], tuple[date | None, date]]
"""A date by hand: of which entry, where, and its days."""


def timeline_now(session: Session, rollout: Rollout, version_id: int | None = None) -> Timeline:
    """What dates everything in a rollout as it stands, by its playbook or another version of it. Raises Refused without
    a start day.
    """
    if rollout.start is None:
        raise Refused("Say first on which day the rollout starts.")
    playbook = playbook_of(session, version_id or rollout.playbook_version_id)
    places = [read_place(row.facts()) for row in locations_of(session, rollout)]
    pins = {key: days for key, days in pins_of(session, rollout) if days}
    return timeline_of(playbook, rollout.start, places, pins)


def locations_of(session: Session, rollout: Rollout, back: Collection[str] = ()) -> Sequence[Location]:
    """The locations that are in the rollout, in the order of the locations list, and those that come `back`."""
    inside = or_(col(Location.dropped_at).is_(None), col(Location.slug).in_(back))
    statement = select(Location).where(Location.rollout_id == rollout.id, inside)
    return session.exec(statement.order_by(col(Location.position), col(Location.id))).all()


def pins_of(session: Session, rollout: Rollout) -> Iterator[Pinned]:
    """Only what a whole entry was moved to: a date of one value or occurrence moves nothing else."""
    columns = (Pin.begins, Pin.due, Task.entry, Task.scope, Task.wave, Location.slug, Location.wave)
    found = session.execute(
        select_columns(*columns)  # type: ignore[call-overload]
        .join(Task, col(Task.id) == col(Pin.task_id))
        .outerjoin(Location, col(Location.id) == col(Task.location_id))
        .where(Task.rollout_id == rollout.id, Task.value == "", col(Task.retired_at).is_(None))
    )
    for begins, due, entry, scope, wave, slug, wave_of_place in found:
        yield (entry, Spot(Scope(scope), wave_of_place if slug else wave, slug or "")), (begins, due)
