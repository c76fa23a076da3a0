"""What every request brings along, be it for a page or for a program: the moment, the installation, its turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

import anyio
from fastapi import Depends, Request

from app.db import POOL_SIZE, Database
from app.settings import Settings
from app.storage import EvidenceStore

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Open(StrEnum):
    """What a route may name instead of a permission."""

    PUBLIC = "everybody"
    SIGNED_IN = "everybody who is signed in"


def tell() -> datetime:
    return datetime.now(UTC)


async def clock() -> datetime:
    """The one clock of the entrypoints that answer requests; tests put another in its place.

    What only computes is `async` here and in every dependency: the rest goes through a thread, which costs more.
    """
    return tell()


async def database(request: Request) -> Database:
    found: Database = request.app.state.database
    return found


async def settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


async def store(request: Request) -> EvidenceStore:
    found: EvidenceStore = request.app.state.store
    return found


async def one_place(request: Request) -> AsyncIterator[None]:
    """One of as many places as the pool has connections.

    A request keeps its connection between its steps, but no thread. Without a place to wait for, requests without a
    connection could hold every thread, and those with one would find none to go on with.
    """
    async with places_of(request.app):
        yield


def places_of(app: Any) -> anyio.Semaphore:
    """As many places as the pool has connections."""
    if not hasattr(app.state, "places"):
        app.state.places = anyio.Semaphore(POOL_SIZE)
    found: anyio.Semaphore = app.state.places
    return found


async def moment(request: Request, at: Annotated[datetime, Depends(clock)]) -> datetime:
    """The moment of a request. A page that is kept is told the time by the minute, so that it is the same until the
    next one: instants at which something falls late are whole minutes.
    """
    endpoint = getattr(request.scope.get("route"), "endpoint", None)
    return minute(at) if getattr(endpoint, "by_the_minute", False) else at


def minute(at: datetime) -> datetime:
    """The whole minute in which an instant lies."""
    return at.replace(second=0, microsecond=0)


def clock_of(app: Any) -> Callable[[], datetime]:
    """The clock of an application, for what stands before its routes."""
    found: Callable[[], datetime] = app.dependency_overrides.get(clock, tell)
    return found


Now = Annotated[datetime, Depends(moment)]
Base = Annotated[Database, Depends(database)]
Config = Annotated[Settings, Depends(settings)]
Store = Annotated[EvidenceStore, Depends(store)]
Place = Annotated[None, Depends(one_place, scope="function")]
