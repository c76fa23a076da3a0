"""Who asks: the token of a request, the person behind it, and the transaction of the request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from app.actions.people.bearers import Bearer, note_failure, note_token, recognise_token
from app.admission import demand_somewhere
from app.api.problems import ReadsOnly, TokenWanted
from app.db import Database
from app.request import SAFE_METHODS, Base, Now, Place
from app.rules.people.access import Permission, Viewer

SCHEME = HTTPBearer(
    scheme_name="token", description="A personal token, made on the page of your account.", auto_error=False
)
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(SCHEME)]


def shows_first(endpoint: Endpoint) -> Endpoint:
    """Mark an endpoint whose first step only shows what the second one, that says what was `shown`, would do: the first
    reads, and so is there for a token that only reads.
    """
    endpoint.only_asks = lambda body: not body.get("shown")  # type: ignore[attr-defined]
    return endpoint


def asks_dry(endpoint: Endpoint) -> Endpoint:
    """Mark an endpoint that changes nothing where it is asked with `dry`."""
    endpoint.only_asks = lambda body: body.get("dry") is True  # type: ignore[attr-defined]
    return endpoint


async def only_reads(request: Request) -> bool:
    """Whether the request changes nothing: by its method, or as the first of two steps."""
    reads = request.method in SAFE_METHODS
    only_asks = getattr(getattr(request.scope.get("route"), "endpoint", None), "only_asks", None)
    if not reads and only_asks:
        body = await request.json()
        reads = isinstance(body, dict) and only_asks(body)
    request.state.reads = reads
    return reads


Reads = Annotated[bool, Depends(only_reads)]


def one_session(
    request: Request, base: Base, now: Now, given: Credentials, reads: Reads, _place: Place
) -> Iterator[Session]:
    """One request is one transaction; a changing one is committed here, before the answer leaves.

    What there is to note of the token is written after the session is closed: a request never holds two connections.
    """
    kind = base.reading if reads else base.writing
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
    if found.reads_only and request.method not in SAFE_METHODS and not getattr(request.state, "reads", False):
        raise ReadsOnly
    return found


def bearer(request: Request, session: Db, given: Credentials, now: Now) -> Bearer:
    found = known_by(request, session, given, now)
    request.state.note = found.note
    return found


Known = Annotated[Bearer, Depends(bearer)]


@dataclass(frozen=True)
class Caller:
    """Somebody whose request takes its time between two transactions, and is recognised anew in each."""

    request: Request
    base: Database
    given: HTTPAuthorizationCredentials | None
    now: datetime
    viewer: Viewer

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


class OpeningEverywhereGuard(OpeningGuard):
    """The same for an operation that belongs to no rollout: the permission must be held somewhere."""

    def __call__(self, request: Request, base: Base, given: Credentials, now: Now) -> Caller:
        caller = super().__call__(request, base, given, now)
        demand_somewhere(caller.viewer, self.permission)
        return caller
