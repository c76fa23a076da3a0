"""A rollout and its locations: what every page about it begins with. Three queries, one more for a new playbook."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.errors import Invalid, NotFound
from app.models import Issue, Rollout
from app.models.rollouts import RolloutState
from app.plan import Playbook
from app.plan.format.frame import Workstream
from app.queries.rollouts.places import PlaceFacts as PlaceFacts
from app.queries.rollouts.places import places_of
from app.queries.rollouts.under import Under
from app.rules.people.access import Extent
from app.stored import playbooks_in


@dataclass(frozen=True)
class RolloutFacts:
    """One rollout as its pages know it; locations in the order of their list, `left` those that are in it no more.
    `open_issues` counts those not solved by location (None: the network), `books` are the versions in use, by key.
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
    def goes_live(self) -> bool:
        """Whether its playbook takes locations live, by waves; without waves they move side by side."""
        return bool(self.playbook.waves)

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


def rollout_facts(session: Session, slug: str, only: Collection[int] | None = None) -> RolloutFacts:
    """The rollout at an address. `only`: no other locations are read, by a page that is not about each of them. Raises
    NotFound.
    """
    rollout = session.exec(select(Rollout).where(Rollout.slug == slug)).one_or_none()
    if rollout is None:
        raise NotFound("rollout")
    return facts_of(session, rollout, only)


def facts_of(session: Session, rollout: Rollout, only: Collection[int] | None = None) -> RolloutFacts:
    """The facts of a loaded rollout."""
    places = places_of(session, rollout.id or 0, only)
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
