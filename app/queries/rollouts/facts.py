"""A rollout and its locations: what every page about it begins with. Three queries, one more for a new playbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.errors import Invalid, NotFound
from app.models import Issue, Location, Pause, Person, Rollout
from app.models.rollouts import RolloutState
from app.plan import Playbook
from app.plan.format.frame import Workstream
from app.rules.people.access import Extent
from app.stored import playbooks_in


class Under(Protocol):
    """What a row of a task says of the version that it stands under."""

    @property
    def location_id(self) -> int | None: ...
    @property
    def playbook_version_id(self) -> int | None: ...


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


@dataclass(frozen=True)
class RolloutFacts:
    """One rollout as its pages know it; locations in the order of the locations list. `left` are those that were in it
    and are no more. `open_issues` counts those not solved by location (None: of the whole network). `books` are all
    versions of the playbook that something in it stands under, by their keys.
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
    started_at: datetime | None = None
    closed_at: datetime | None = None
    closed_note: str = ""
    follows: int | None = None
    open_issues: Mapping[int | None, int] = field(default_factory=dict)
    books: Mapping[int, Playbook] = field(default_factory=dict)

    def book_at(self, location_id: int | None) -> Playbook:
        """The version of the playbook that holds at a location; for none, that of the network."""
        return self._pinned.get(location_id, self.playbook)

    def book_of(self, row: Under) -> Playbook:
        """The version that a task stands under: that of its place, or the one under which it was done before."""
        if row.playbook_version_id is not None:
            return self.books[row.playbook_version_id]
        return self.book_at(row.location_id)

    @cached_property
    def own_books(self) -> Mapping[int, Playbook]:
        """The versions of the locations that are not on that of the network."""
        return {key: book for key, book in self._pinned.items() if key is not None and book is not self.playbook}

    @cached_property
    def _pinned(self) -> Mapping[int | None, Playbook]:
        places = (*self.locations, *self.left)
        return {one.id: self.books.get(one.playbook_version_id or 0, self.playbook) for one in places}

    @cached_property
    def workstreams(self) -> Mapping[str, Workstream]:
        """Those of every version in use, those of the network first."""
        found = dict(self.playbook.workstreams)
        for book in self.own_books.values():
            found = {**book.workstreams, **found} if book.workstreams.keys() - found.keys() else found
        order = {id_: number for number, id_ in enumerate(self.playbook.workstreams)}
        return dict(sorted(found.items(), key=lambda one: order.get(one[0], len(order))))

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
    books = playbooks_in(session, rollout)
    playbook = books[rollout.playbook_version_id]
    return RolloutFacts(
        id=rollout.id or 0,
        slug=rollout.slug,
        title=rollout.title,
        version=rollout.version,
        start=rollout.start,
        state=rollout.state,
        playbook_version_id=rollout.playbook_version_id,
        playbook=playbook,
        books=books,
        locations=tuple(place for place, dropped in places if not dropped),
        left=tuple(place for place, dropped in places if dropped),
        started_at=rollout.started_at,
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
    found = session.execute(
        select_columns(*_COLUMNS)
        .select_from(Location)
        .outerjoin(Person, col(Person.id) == col(Location.dropped_by))
        .outerjoin(Pause, and_(col(Pause.location_id) == col(Location.id), col(Pause.ended_at).is_(None)))
        .where(col(Location.rollout_id) == rollout_id)
        .order_by(col(Location.position), col(Location.id))
    )
    return [(_place(row), row.dropped_at is not None) for row in found]


# Five hundred locations are read for every page of their rollout: as columns, not as objects of the session.
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
    Location.cutover,
    Location.planned_at,
    Location.dropped_reason,
    Location.dropped_at,
    col(Pause.reason).label("pause"),
    col(Pause.at).label("paused_at"),
    col(Person.name).label("dropped_by"),
)


def _place(row: Any) -> PlaceFacts:
    return PlaceFacts(
        id=row.id,
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
        paused=row.pause or "",
        paused_at=row.paused_at,
        planned=row.planned_at is not None,
        left=row.dropped_reason,
        left_at=row.dropped_at,
        left_by=row.dropped_by or "",
        own_cutover=row.cutover,
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
