"""What every endpoint asks for: the moment, a session, who is signed in, and the permission that the route names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import anyio
from fastapi import Depends, Request
from sqlmodel import Session

from app.actions.sign_ins import note_sign_in, recognise
from app.actions.viewers import holds_everywhere
from app.db import POOL_SIZE, Database
from app.errors import Forbidden, NotFound
from app.queries.rollouts.facts import RolloutFacts, rollout_facts
from app.rules.access import Extent, Permission, Viewer, allowed
from app.settings import Settings
from app.storage import EvidenceStore
from app.web.forms import Slug
from app.web.security import SAFE_METHODS


def somewhere(viewer: Viewer, permission: Permission) -> bool:
    """Whether the person holds a permission for any network or location, without being named."""
    return any(allowed(permission, grant.holder) for grant in viewer.grants)


class SignInWanted(Exception):
    """Nobody is signed in, and the page is not for everybody."""


class Open(StrEnum):
    """What a route may name instead of a permission."""

    PUBLIC = "everybody"
    SIGNED_IN = "everybody who is signed in"


def clock() -> datetime:
    """The one clock of the pages; tests put another in its place."""
    return datetime.now(UTC)


def database(request: Request) -> Database:
    found: Database = request.app.state.database
    return found


def settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def store(request: Request) -> EvidenceStore:
    found: EvidenceStore = request.app.state.store
    return found


async def one_place(request: Request) -> AsyncIterator[None]:
    """One of as many places as the pool has connections.

    A request keeps its connection between its steps, but no thread. Without a place to wait for, requests without a
    connection could hold every thread, and those with one would find none to go on with.
    """
    state = request.app.state
    if not hasattr(state, "places"):
        state.places = anyio.Semaphore(POOL_SIZE)
    async with state.places:
        yield


def one_session(
    request: Request,
    base: Annotated[Database, Depends(database)],
    _place: Annotated[None, Depends(one_place, scope="function")],
) -> Iterator[Session]:
    """One request is one transaction; a changing one is committed here, before the answer leaves.

    What a reading request has to note of its sign-in is written after its session is closed: a request never holds
    two connections.
    """
    kind = base.reading if request.method in SAFE_METHODS else base.writing
    with kind() as session:
        yield session
    used: _Use | None = getattr(request.state, "used", None)
    if used is not None:
        with base.writing() as own:
            note_sign_in(own, used.token, now=used.at)


@dataclass(frozen=True)
class _Use:
    token: str
    at: datetime


Now = Annotated[datetime, Depends(clock)]
Base = Annotated[Database, Depends(database)]
Config = Annotated[Settings, Depends(settings)]
Store = Annotated[EvidenceStore, Depends(store)]
Db = Annotated[Session, Depends(one_session, scope="function")]


def cookie_name(config: Settings) -> str:
    """The name of the cookie; over https the browser itself then guards its path and host."""
    return "__Host-muster" if config.secure_cookies else "muster"


def sign_in_token(request: Request, config: Config) -> str | None:
    return request.cookies.get(cookie_name(config))


Token = Annotated[str | None, Depends(sign_in_token)]


def visitor(request: Request, session: Db, token: Token, now: Now) -> Viewer | None:
    """Who is signed in, or nobody."""
    recognised = recognise(session, token, now=now) if token else None
    if recognised is None or token is None:
        return None
    # A page that refreshes itself is no sign that somebody is there: left alone, it ends with the idle time.
    polls = request.method in SAFE_METHODS and request.headers.get("hx-request") == "true"
    if recognised.note and not polls:
        _note_use(request, session, token, now)
    return recognised.viewer


def _note_use(request: Request, session: Session, token: str, now: datetime) -> None:
    # A changing request already holds the write lock, which a second session would wait for in vain.
    if request.method in SAFE_METHODS:
        request.state.used = _Use(token, now)
    else:
        note_sign_in(session, token, now=now)


Visitor = Annotated[Viewer | None, Depends(visitor)]


class Public:
    """The guard of a route that is there for everybody."""

    permission = Open.PUBLIC

    def __call__(self, who: Visitor) -> Viewer | None:
        return who


class Door:
    """The guard of a public route that opens its own transactions, and so asks the database nothing by itself."""

    permission = Open.PUBLIC

    def __call__(self) -> None:
        return None


class Guard:
    """The guard of a route for people who are signed in.

    With a permission: those who hold it somewhere, or might by being named on an entry. What the route then touches
    is judged by the query or action that loads it.
    """

    def __init__(self, permission: Permission | Open = Open.SIGNED_IN) -> None:
        self.permission = permission

    def __call__(self, who: Visitor) -> Viewer:
        if who is None:
            raise SignInWanted
        return who


class EverywhereGuard(Guard):
    """The guard of a route that belongs to no rollout: the permission must be held somewhere."""

    def __call__(self, who: Visitor) -> Viewer:
        viewer = super().__call__(who)
        if isinstance(self.permission, Permission) and not viewer.can(self.permission):
            raise Forbidden
        return viewer


class AccountGuard(Guard):
    """The guard of a route about accounts: the permission must be the account's own, not that of one rollout."""

    def __call__(self, who: Visitor) -> Viewer:
        viewer = super().__call__(who)
        if not self.allows(viewer):
            raise Forbidden
        return viewer

    def allows(self, viewer: Viewer) -> bool:
        return isinstance(self.permission, Permission) and holds_everywhere(viewer, self.permission)


@dataclass(frozen=True)
class Desk:
    """Somebody before one rollout."""

    viewer: Viewer
    rollout: RolloutFacts

    def can(self, permission: Permission, location: int | None = None) -> bool:
        return self.viewer.can(permission, rollout=self.rollout.id, location=location)

    def can_somewhere(self, permission: Permission) -> bool:
        """Whether the person holds the permission for the network or for any location."""
        extent = self.viewer.locations(self.rollout.id, permission)
        return extent.everywhere or bool(extent.ids)

    @property
    def extent(self) -> Extent:
        """The locations whose plan the person may see."""
        return self.viewer.locations(self.rollout.id)


class RolloutGuard(Guard):
    """The guard of a route of one rollout, named by `slug`: not seen is not found, seen but not allowed is refused."""

    def __call__(self, who: Visitor, slug: Slug, session: Db) -> Desk:  # type: ignore[override]
        viewer = super().__call__(who)
        facts = rollout_facts(session, slug)
        sees = viewer.can(Permission.SEE_PLAN, rollout=facts.id)
        if not sees and not self._without_plan(viewer, facts):
            raise NotFound("rollout")
        if isinstance(self.permission, Permission) and not viewer.can(self.permission, rollout=facts.id):
            raise Forbidden
        return Desk(viewer, facts.within(viewer.locations(facts.id)) if sees else facts)

    def _without_plan(self, viewer: Viewer, facts: RolloutFacts) -> bool:
        """The technical administrator keeps the people of a rollout without seeing its plan."""
        return self.permission is Permission.MANAGE_PEOPLE and viewer.can(self.permission, rollout=facts.id)
