"""The one fast path of pages: one that did not change is not made again, and not sent to a browser that has it.

A page is the same as long as nothing was recorded (the newest event), the minute has not passed, and the worker is
neither lost nor found: what it shows follows from the rows, the reader and the moment; every change records an event
in its own transaction; and kept pages are told the time by the minute. What was answered before another event, in
another minute or to another sign-in is made anew. A test compares kept and fresh pages through changes and midnights.

Its ETag is the hash of what it says, so that even a page that was made anew is not sent when it says the same. Pages
stay `no-store`: nothing of them is left on a disk. Whoever asks again keeps the ETag in memory, as our script does for
what it fetches anew, and programs do.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Annotated, Any, Final, TypeVar

from anyio.to_thread import run_sync
from fastapi import Depends, FastAPI, Request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.queries.events import latest
from app.request import clock_of, minute, places_of
from app.rules.heartbeat import has_stopped, is_silent
from app.web.answers import is_fragment
from app.web.site import Db, Now, Token, token_of
from app.web.tasks.undo import COOKIE
from app.web.turns import Turns

MOST_BYTES: Final = 32 << 20
"""Of the text of kept pages, in one process."""
MARK: Final = "muster.mark"
"""Where a request carries the mark that was read for it."""
FOR_ALL: Final = "/wall/"
"""How addresses begin that are the same for whoever has them, signed in or not. What ends one is an event too."""
Endpoint = TypeVar("Endpoint", bound=Callable[..., Response])
Mark = tuple[int, datetime, object]
"""The newest event, the minute, and since when no worker was seen, and nobody escalated (False: somebody did)."""
Address = tuple[str, bool, str]
"""The hash of the sign-in's token, whether a script asks for a part, path and query."""


@dataclass(frozen=True)
class Page:
    """A page as it was answered."""

    etag: str
    text: bytes


class Shelf:
    """What was answered under which mark: of each address the last, of all as many as fit."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._known: OrderedDict[Address, tuple[Mark, Page]] = OrderedDict()
        self._lock = Lock()
        self._room = most_bytes

    def page(self, address: Address, mark: Mark) -> Page | None:
        """A page that is still what it was."""
        with self._lock:
            found = self._known.get(address)
            return found[1] if found is not None and found[0] == mark else None

    def __contains__(self, address: Address) -> bool:
        return address in self._known

    def put(self, address: Address, mark: Mark, page: Page) -> None:
        with self._lock:
            self._take(address)
            self._known[address] = (mark, page)
            self._room -= len(page.text)
            while self._room < 0:
                self._take(next(iter(self._known)))

    def _take(self, address: Address) -> None:
        if address in self._known:
            self._room += len(self._known.pop(address)[1].text)


def by_the_minute(endpoint: Endpoint) -> Endpoint:
    """Mark an endpoint whose page is kept: its `Now` is a whole minute."""
    endpoint.by_the_minute = True  # type: ignore[attr-defined]
    return endpoint


@dataclass(frozen=True)
class Keeper:
    """Puts a page on the shelf, unless it says what was just done (then there is none)."""

    shelf: Shelf | None
    address: Address
    mark: Mark
    wanted: str

    def answer(self, page: Response) -> Response:
        """The page with its ETag, or a 304 where the browser has the very same."""
        if self.shelf is None or page.status_code != 200:
            return page
        text = bytes(page.body)
        made = Page(f'"{hashlib.sha256(text).hexdigest()[:32]}"', text)
        self.shelf.put(self.address, self.mark, made)
        return answered(made, self.wanted)


def keeper(request: Request, session: Db, token: Token, now: Now) -> Keeper:
    """The mark is read before anything that the page shows, so that a change meanwhile is a change after it; where
    `KeptPages` has just read it, it is not read again.
    """
    shelf = shelf_of(request.app) if token is not None and COOKIE not in request.cookies else None
    return Keeper(
        shelf, address_of(request, token), request.scope.get(MARK) or mark_of(session, now), wanted_by(request)
    )


Kept = Annotated[Keeper, Depends(keeper)]


def keeper_for_all(request: Request, session: Db, now: Now) -> Keeper:
    """The same for an address that begins with `FOR_ALL`."""
    mark = request.scope.get(MARK) or mark_of(session, now)
    return Keeper(shelf_of(request.app), address_of(request, ""), mark, wanted_by(request))


KeptForAll = Annotated[Keeper, Depends(keeper_for_all)]


class KeptPages:
    """Stands before the routes: a page that is still what it was is answered here, and asks for nothing but its mark.

    Without the database, which the mark is read from, nothing is answered here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        address = _kept_at(request) if request else None
        if request is None or address is None:
            return await self.app(scope, receive, send)
        while (page := await self._kept(request, address)) is None and await self._turns.wait(address):
            pass
        if page is not None:
            return await page(scope, receive, send)
        # After a change all screens that show the page come at the same moment.
        with self._turns.turn(address) as ending:
            return await self.app(scope, receive, ending(send))

    async def _kept(self, request: Request, address: Address) -> Response | None:
        mark = await marks_of(request.app).read()
        request.scope[MARK] = mark
        page = shelf_of(request.app).page(address, mark) if mark else None
        return answered(page, wanted_by(request)) if page else None


def _kept_at(request: Request) -> Address | None:
    """The address of a page of which one stands on the shelf; None where there is none that may be taken."""
    everybodys = request.url.path.startswith(FOR_ALL)
    token = "" if everybodys else token_of(request, request.app.state.settings)
    address = address_of(request, token)
    known = token is not None and COOKIE not in request.cookies and address in shelf_of(request.app)
    return address if known else None


class Marks:
    """Reads the mark once for all requests that wait for it. A look serves only those who came before it began: what
    was recorded before a request came is always seen by it.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._loop = asyncio.get_running_loop()
        self._looking = asyncio.Lock()
        self._coming: asyncio.Task[Mark | None] | None = None

    def belongs_here(self) -> bool:
        return self._loop is asyncio.get_running_loop()

    async def read(self) -> Mark | None:
        """The mark of now; None without the database."""
        if self._coming is None:
            self._coming = self._loop.create_task(self._look())
        return await asyncio.shield(self._coming)

    async def _look(self) -> Mark | None:
        async with self._looking:
            self._coming = None
            async with places_of(self._app):
                return await run_sync(self._ask)

    def _ask(self) -> Mark | None:
        try:
            with self._app.state.database.engine.connect() as connection:
                return mark_of(connection, minute(clock_of(self._app)()))
        except SQLAlchemyError:
            return None


def marks_of(app: FastAPI) -> Marks:
    """Who reads the mark for this process."""
    found: Marks | None = getattr(app.state, "marks", None)
    if found is None or not found.belongs_here():
        found = app.state.marks = Marks(app)
    return found


def mark_of(session: Session | Connection, now: datetime) -> Mark:
    """What a page that is made now is kept under. One query."""
    event, seen, swept = latest(session)
    return event, now, (seen if is_silent(seen, now) else False, swept if has_stopped(swept, now) else False)


def address_of(request: Request, token: str | None) -> Address:
    """Whose page it is, and which."""
    path = f"{request.url.path}?{request.url.query}"
    return hashlib.sha256((token or "").encode()).hexdigest(), is_fragment(request), path


def wanted_by(request: Request) -> str:
    """The ETag of what the browser has."""
    return request.headers.get("if-none-match", "")


def shelf_of(app: Any) -> Shelf:
    """The shelf of this process."""
    if not hasattr(app.state, "shelf"):
        app.state.shelf = Shelf()
    found: Shelf = app.state.shelf
    return found


def answered(page: Page, wanted: str) -> Response:
    """A page, or a 304 for who has the very same."""
    if page.etag == wanted:
        return Response(status_code=304, headers={"ETag": page.etag})
    return HTMLResponse(page.text, headers={"ETag": page.etag})
