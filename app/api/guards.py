"""Who asks, and the permission that each operation names. A token acts for its owner, with the owner's rights now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from app.actions.tokens import Bearer, note_failure, note_token, recognise_token
from app.actions.viewers import holds_everywhere
from app.api.fields import Slug
from app.api.problems import ReadsOnly, TokenWanted
from app.db import Database
from app.errors import Forbidden, NotFound
from app.queries.rollouts.facts import RolloutFacts, rollout_facts
from app.request import SAFE_METHODS, Base, Now, Open, Place
from app.rules.access import Extent, Permission, Viewer

SCHEME = HTTPBearer(
    scheme_name="token", description="A personal token, made on the page of your account.", auto_error=False
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(SCHEME)]


def one_session(request: Request, base: Base, now: Now, given: Credentials, _place: Place) -> Iterator[Session]:
    """One request is one transaction; a changing one is committed here, before the answer leaves.

    What there is to note of the token is written after the session is closed: a request never holds two connections.
    """
    kind = base.reading if request.method in SAFE_METHODS else base.writing
    try:
        with kind() as session:
            yield session
    except TokenWanted:
        _note_failure(request, base, given, now)
        raise
    if given and getattr(request.state, "note", False):
        with base.writing() as own:
            note_token(own, given.credentials, now=now)


def _note_failure(request: Request, base: Database, given: HTTPAuthorizationCredentials | None, now: datetime) -> None:
    if given:
        with base.writing() as session:
            note_failure(session, request.client.host if request.client else "", now=now)


Db = Annotated[Session, Depends(one_session, scope="function")]


def known_by(request: Request, session: Session, given: HTTPAuthorizationCredentials | None, now: datetime) -> Bearer:
    """Who the token acts for. Raises TokenWanted, and ReadsOnly where it may not change anything."""
    found = recognise_token(session, given.credentials, now=now) if given else None
    if found is None:
        raise TokenWanted
    if found.reads_only and request.method not in SAFE_METHODS:
        raise ReadsOnly
    return found


def bearer(request: Request, session: Db, given: Credentials, now: Now) -> Bearer:
    found = known_by(request, session, given, now)
    request.state.note = found.note
    return found


Known = Annotated[Bearer, Depends(bearer)]


class Public:
    """The guard of an operation that is there for everybody."""

    permission = Open.PUBLIC

    def __call__(self) -> None:
        return None


class Guard:
    """The guard of an operation for people with a token.

    With a permission: those who hold it somewhere, or might by being named on an entry. What the operation then
    touches is judged by the query or action that loads it.
    """

    def __init__(self, permission: Permission | Open = Open.SIGNED_IN) -> None:
        self.permission = permission

    def __call__(self, known: Known) -> Viewer:
        return known.viewer


class EverywhereGuard(Guard):
    """The guard of an operation that belongs to no rollout: the permission must be held somewhere."""

    def __call__(self, known: Known) -> Viewer:
        viewer = super().__call__(known)
        if isinstance(self.permission, Permission) and not viewer.can(self.permission):
            raise Forbidden
        return viewer


class AccountGuard(Guard):
    """The guard of an operation about accounts: the permission must be the account's own, not that of one rollout."""

    def __call__(self, known: Known) -> Viewer:
        viewer = super().__call__(known)
        if isinstance(self.permission, Permission) and not holds_everywhere(viewer, self.permission):
            raise Forbidden
        return viewer


@dataclass(frozen=True)
class Caller:
    """Somebody whose request takes its time between two transactions, and is recognised anew in each."""

    request: Request
    base: Database
    given: HTTPAuthorizationCredentials | None
    now: datetime
    viewer: Viewer

    def demand(self, permission: Permission) -> None:
        """Raises Forbidden unless the permission is held somewhere."""
        if not self.viewer.can(permission):
            raise Forbidden

    @contextmanager
    def reading(self) -> Iterator[tuple[Session, Viewer]]:
        with self.base.reading() as session:
            yield session, known_by(self.request, session, self.given, self.now).viewer

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, Viewer]]:
        with self.base.writing() as session:
            yield session, known_by(self.request, session, self.given, self.now).viewer


class OpeningGuard:
    """The guard of an operation that opens its own transactions, so that slow work in between holds none."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request, base: Base, given: Credentials, now: Now) -> Caller:
        try:
            with base.reading() as session:
                found = known_by(request, session, given, now)
        except TokenWanted:
            _note_failure(request, base, given, now)
            raise
        if given and found.note:
            with base.writing() as session:
                note_token(session, given.credentials, now=now)
        return Caller(request, base, given, now, found.viewer)


@dataclass(frozen=True)
class Desk:
    """Somebody before one rollout, of which only the locations are left that the person may see."""

    viewer: Viewer
    rollout: RolloutFacts

    @property
    def extent(self) -> Extent:
        return self.viewer.locations(self.rollout.id)

    @property
    def address(self) -> str:
        return f"/api/v1/rollouts/{self.rollout.slug}"


class RolloutGuard(Guard):
    """The guard of an operation on one rollout: not seen is not found, seen but not allowed is refused."""

    def __call__(self, known: Known, slug: Slug, session: Db) -> Desk:  # type: ignore[override]
        viewer = super().__call__(known)
        facts = rollout_facts(session, slug)
        sees = viewer.can(Permission.SEE_PLAN, rollout=facts.id)
        # The technical administrator keeps the people of a rollout without seeing its plan.
        keeps = self.permission is Permission.MANAGE_PEOPLE and viewer.can(self.permission, rollout=facts.id)
        if not sees and not keeps:
            raise NotFound("rollout")
        if isinstance(self.permission, Permission) and not viewer.can(self.permission, rollout=facts.id):
            raise Forbidden
        return Desk(viewer, facts.within(viewer.locations(facts.id)) if sees else facts)


Anybody = Annotated[None, Depends(Public())]
Owner = Annotated[Viewer, Depends(Guard())]
Seeing = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))]
Directing = Annotated[Desk, Depends(RolloutGuard(Permission.DIRECT))]
Doer = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Detailed = Annotated[Viewer, Depends(Guard(Permission.SEE_DETAIL))]
