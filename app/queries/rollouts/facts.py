"""A rollout and its locations: what every page about it begins with. Two queries, three for a new playbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Location, Rollout
from app.plan import Playbook
from app.queries.playbooks import playbook_of
from app.rules.access import Extent


@dataclass(frozen=True)
class PlaceFacts:
    """One location; `cutover_at` is UTC, `position` its place in the locations list."""

    id: int
    slug: str
    name: str
    zone: str
    wave: str
    cutover_at: datetime | None
    playbook_version_id: int | None
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cutover(self) -> datetime | None:
        """The cutover in the zone of the place."""
        return None if self.cutover_at is None else self.cutover_at.astimezone(ZoneInfo(self.zone))

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class RolloutFacts:
    """One rollout as its pages know it; locations in the order of the locations list."""

    id: int
    slug: str
    title: str
    version: int
    start: date | None
    state: Literal["draft", "starting", "running"]
    playbook_version_id: int
    playbook: Playbook
    locations: tuple[PlaceFacts, ...]

    @property
    def zone(self) -> str:
        return self.playbook.calendar.zone

    def today(self, now: datetime) -> date:
        """The day in the zone of the playbook."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def within(self, extent: Extent) -> RolloutFacts:
        """The same rollout with only the locations that somebody may see: of the others not even the name is left."""
        return replace(self, locations=tuple(place for place in self.locations if place.id in extent))

    def location(self, location_id: int | None) -> PlaceFacts | None:
        return next((place for place in self.locations if place.id == location_id), None)

    def opening_order(self, now: datetime) -> list[PlaceFacts]:
        """Soonest opening first, later ones, then live ones, the latest opened first; without a date in between."""
        ahead = sorted((p for p in self.locations if p.cutover_at and p.cutover_at > now), key=_cutover)
        live = sorted((p for p in self.locations if p.cutover_at and p.cutover_at <= now), key=_cutover, reverse=True)
        return [*ahead, *(p for p in self.locations if p.cutover_at is None), *live]


def _cutover(place: PlaceFacts) -> datetime:
    return place.cutover_at or datetime.max.replace(tzinfo=UTC)


def rollout_facts(session: Session, slug: str) -> RolloutFacts:
    """The rollout at an address. Raises NotFound."""
    rollout = session.exec(select(Rollout).where(Rollout.slug == slug)).one_or_none()
    if rollout is None:
        raise NotFound("rollout")
    return facts_of(session, rollout)


def facts_of(session: Session, rollout: Rollout) -> RolloutFacts:
    """The facts of a loaded rollout."""
    return RolloutFacts(
        id=rollout.id or 0,
        slug=rollout.slug,
        title=rollout.title,
        version=rollout.version,
        start=rollout.start,
        state=rollout.state,
        playbook_version_id=rollout.playbook_version_id,
        playbook=playbook_of(session, rollout.playbook_version_id),
        locations=_locations(session, rollout.id or 0),
    )


def _locations(session: Session, rollout_id: int) -> tuple[PlaceFacts, ...]:
    found = session.exec(
        select(Location).where(Location.rollout_id == rollout_id).order_by(col(Location.position), col(Location.id))
    )
    return tuple(_place(row) for row in found)


def _place(row: Location) -> PlaceFacts:
    return PlaceFacts(
        id=row.id or 0,
        slug=row.slug,
        name=row.name,
        zone=row.zone,
        wave=row.wave,
        cutover_at=row.cutover_at,
        playbook_version_id=row.playbook_version_id,
        attributes=row.attributes,
    )


@dataclass(frozen=True)
class RolloutLine:
    """A rollout in the list."""

    id: int
    slug: str
    title: str
    state: Literal["draft", "starting", "running"]
    start: date | None


def rollout_lines(session: Session, only: Sequence[int] | None) -> list[RolloutLine]:
    """Rollouts by title; `only` these ids, or (None) all of them."""
    statement = select(Rollout).order_by(col(Rollout.title))
    if only is not None:
        statement = statement.where(col(Rollout.id).in_(only))
    return [RolloutLine(row.id or 0, row.slug, row.title, row.state, row.start) for row in session.exec(statement)]
