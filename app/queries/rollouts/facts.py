"""A rollout and its locations: what every page about it begins with. Three queries, one more for a new playbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from app.errors import Invalid, NotFound
from app.models import Issue, Location, Pause, Person, Rollout
from app.models.rollouts import RolloutState
from app.plan import Playbook
from app.rules.people.access import Extent
from app.stored import playbook_of


@dataclass(frozen=True)
class PlaceFacts:
    """One location; instants are UTC.

    `calendar` is what it says of its own days and hours; `first_cutover_at` is the cutover as first planned; `moved`:
    it is not that of the wave. `paused` says why it stands still (empty: it does not), since `paused_at`. Before its
    plan is written (`planned` False) nothing is counted there. One that has left says why (`left`), when, and who let
    it leave. `stated` is the whole location as one row of a locations file.
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
    stated: Mapping[str, Any] = field(default_factory=dict)

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


@dataclass(frozen=True)
class RolloutFacts:
    """One rollout as its pages know it; locations in the order of the locations list. `left` are those that were in it
    and are no more. `open_issues` counts those not solved by location (None: of the whole network).
    """

    id: int
    slug: str
    title: str
    version: int
    start: date | None
    state: RolloutState
    playbook_version_id: int
    playbook: Playbook
    locations: tuple[PlaceFacts, ...]
    left: tuple[PlaceFacts, ...] = ()
    closed_at: datetime | None = None
    closed_note: str = ""
    follows: int | None = None
    open_issues: Mapping[int | None, int] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        return self.playbook.calendar.zone

    @property
    def has_plan(self) -> bool:
        """Its plan is written: it runs, or it ran and is closed."""
        return self.state in ("running", "closed")

    def as_of(self, now: datetime) -> datetime:
        """The moment its pages speak of: now, or when it was closed."""
        return min(now, self.closed_at) if self.closed_at else now

    def today(self, now: datetime) -> date:
        """The day in the zone of the playbook."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def within(self, extent: Extent) -> RolloutFacts:
        """The same rollout with only the locations that somebody may see: of the others not even the name is left."""
        seen, left = ([place for place in places if place.id in extent] for places in (self.locations, self.left))
        issues = {place: found for place, found in self.open_issues.items() if place is None or place in extent}
        return replace(self, locations=tuple(seen), left=tuple(left), open_issues=issues)

    def place(self, slug: str, *, gone: bool = False) -> PlaceFacts:
        """The location of that id; `gone`: though it may have left. Raises NotFound."""
        known = (*self.locations, *self.left) if gone else self.locations
        found = next((place for place in known if place.slug == slug), None)
        if found is None:
            raise NotFound("location")
        return found

    def named(self, slug: str | None) -> PlaceFacts | None:
        """The location that somebody chose; None for none. Raises Invalid for field `location`."""
        found = next((place for place in self.locations if place.slug == slug), None)
        if slug and found is None:
            raise Invalid({"location": "There is no such place in this rollout."})
        return found

    def location(self, location_id: int | None) -> PlaceFacts | None:
        return next((place for place in (*self.locations, *self.left) if place.id == location_id), None)

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
    places = _locations(session, rollout.id or 0)
    playbook = playbook_of(session, rollout.playbook_version_id)
    return RolloutFacts(
        id=rollout.id or 0,
        slug=rollout.slug,
        title=rollout.title,
        version=rollout.version,
        start=rollout.start,
        state=rollout.state,
        playbook_version_id=rollout.playbook_version_id,
        playbook=playbook,
        locations=tuple(place for place, dropped in places if not dropped),
        left=tuple(place for place, dropped in places if dropped),
        closed_at=rollout.closed_at,
        closed_note=rollout.closed_note,
        follows=rollout.follows_id,
        open_issues=_open_issues(session, rollout.id or 0) if playbook.issues else {},
    )


def _open_issues(session: Session, rollout_id: int) -> dict[int | None, int]:
    counted = (
        select(col(Issue.location_id), func.count())
        .where(Issue.rollout_id == rollout_id, col(Issue.resolved_at).is_(None))
        .group_by(col(Issue.location_id))
    )
    return dict(session.exec(counted).all())


def _locations(session: Session, rollout_id: int) -> list[tuple[PlaceFacts, bool]]:
    """Every location, and whether it has left."""
    found = session.exec(
        select(Location, Pause, Person.name)
        .outerjoin(Person, col(Person.id) == col(Location.dropped_by))
        .outerjoin(Pause, and_(col(Pause.location_id) == col(Location.id), col(Pause.ended_at).is_(None)))
        .where(Location.rollout_id == rollout_id)
        .order_by(col(Location.position), col(Location.id))
    )
    return [(_place(row, pause, name or ""), row.dropped_at is not None) for row, pause, name in found]


def _place(row: Location, pause: Pause | None, dropped_by: str) -> PlaceFacts:
    return PlaceFacts(
        id=row.id or 0,
        slug=row.slug,
        name=row.name,
        zone=row.zone,
        wave=row.wave,
        cutover_at=row.cutover_at,
        playbook_version_id=row.playbook_version_id,
        attributes=row.attributes,
        calendar=row.calendar,
        first_cutover_at=row.first_cutover_at,
        moved=row.cutover is not None,
        paused=pause.reason if pause else "",
        paused_at=pause.at if pause else None,
        planned=row.planned_at is not None,
        left=row.dropped_reason,
        left_at=row.dropped_at,
        left_by=dropped_by,
        stated=row.facts(),
    )


@dataclass(frozen=True)
class RolloutLine:
    """A rollout in the list."""

    id: int
    slug: str
    title: str
    state: RolloutState
    start: date | None
    follows: int | None = None
    closed_at: datetime | None = None


def rollout_lines(session: Session, only: Sequence[int] | None) -> list[RolloutLine]:
    """Rollouts by title; `only` these ids, or (None) all of them."""
    statement = select(Rollout).order_by(col(Rollout.title))
    if only is not None:
        statement = statement.where(col(Rollout.id).in_(only))
    return [
        RolloutLine(row.id or 0, row.slug, row.title, row.state, row.start, row.follows_id, row.closed_at)
        for row in session.exec(statement)
    ]
