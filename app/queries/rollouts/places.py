"""The locations of a rollout as its pages know them. One query, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from app.models import Location, Pause, Person


@dataclass(frozen=True)
class PlaceFacts:
    """One location; instants are UTC.

    `calendar` is what it says of its own days and hours; `first_cutover_at` is the cutover as first planned; `moved`:
    it is not that of the wave. `paused` says why it stands still (empty: it does not), since `paused_at`. Before its
    plan is written (`planned` False) nothing is counted there. One that has left says why (`left`), when, and who let
    it leave. `own_cutover` is a cutover of its own, as it was written.
    """

    id: int
    slug: str
    name: str
    zone: str
    wave: str
    cutover_at: datetime | None
    playbook_version_id: int | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    calendar: Mapping[str, Any] = field(default_factory=dict)
    first_cutover_at: datetime | None = None
    moved: bool = False
    paused: str = ""
    planned: bool = True
    paused_at: datetime | None = None
    left: str = ""
    left_at: datetime | None = None
    left_by: str = ""
    own_cutover: str | None = None

    @property
    def stated(self) -> Mapping[str, Any]:
        """The whole location as one row of a locations file."""
        own = {"id": self.slug, "name": self.name, "zone": self.zone, "wave": self.wave, "attributes": self.attributes}
        return {**own, **self.calendar, **({"cutover": self.own_cutover} if self.own_cutover else {})}

    @property
    def counts(self) -> bool:
        """Whether it is called: not one that stands still, or whose plan is still being written."""
        return self.planned and not self.paused

    @property
    def cutover(self) -> datetime | None:
        """The cutover in the zone of the place."""
        return None if self.cutover_at is None else self.cutover_at.astimezone(ZoneInfo(self.zone))

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()


# Five hundred locations are read for every page of their rollout: as columns, in the order of the fields, and not as
# objects of the session.
_COLUMNS: Any = (
    Location.id,
    Location.slug,
    Location.name,
    Location.zone,
    Location.wave,
    Location.cutover_at,
    Location.playbook_version_id,
    Location.attributes,
    Location.calendar,
    Location.first_cutover_at,
    col(Location.cutover).is_not(None),
    func.coalesce(Pause.reason, ""),
    col(Location.planned_at).is_not(None),
    Pause.at,
    Location.dropped_reason,
    Location.dropped_at,
    func.coalesce(Person.name, ""),
    Location.cutover,
)


def places_of(session: Session, rollout_id: int, only: Collection[int] | None = None) -> list[tuple[PlaceFacts, bool]]:
    """Every location (or `only` those), and whether it has left."""
    if only is not None and not only:
        return []
    statement = (
        select(*_COLUMNS)
        .select_from(Location)
        .outerjoin(Person, col(Person.id) == col(Location.dropped_by))
        .outerjoin(Pause, and_(col(Pause.location_id) == col(Location.id), col(Pause.ended_at).is_(None)))
        .where(col(Location.rollout_id) == rollout_id)
        .order_by(col(Location.position), col(Location.id))
    )
    if only is not None:
        statement = statement.where(col(Location.id).in_(only))
    places = [PlaceFacts(*row) for row in session.execute(statement)]
    return [(place, place.left_at is not None) for place in places]
