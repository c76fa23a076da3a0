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

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, Response

from app.queries.deliveries import heartbeats
from app.queries.events import newest_event
from app.rules.heartbeat import has_stopped, is_silent
from app.web.answers import is_fragment
from app.web.site import Db, Now, Token
from app.web.tasks.undo import COOKIE

MOST_BYTES: Final = 32 << 20
"""Of the text of kept pages, in one process."""
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


class Unchanged(Exception):
    """The page is still what it was, and is answered as it is."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)


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
    """Must stand before the guard of a route: an unchanged page is answered here, and asks for nothing else.

    The mark is read before anything that the page shows, so that a change meanwhile is a change after it. Raises
    Unchanged.
    """
    wanted = request.headers.get("if-none-match", "")
    path = f"{request.url.path}?{request.url.query}"
    address = (hashlib.sha256((token or "").encode()).hexdigest(), is_fragment(request), path)
    if token is None or COOKIE in request.cookies:
        return Keeper(None, address, (0, now, False), wanted)
    seen, swept = heartbeats(session)
    alarms = (seen if is_silent(seen, now) else False, swept if has_stopped(swept, now) else False)
    mark: Mark = (newest_event(session), now, alarms)
    shelf = shelf_of(request)
    if (kept := shelf.page(address, mark)) is not None:
        raise Unchanged(kept)
    return Keeper(shelf, address, mark, wanted)


def shelf_of(request: Request) -> Shelf:
    """The shelf of this process."""
    state = request.app.state
    if not hasattr(state, "shelf"):
        state.shelf = Shelf()
    found: Shelf = state.shelf
    return found


Kept = Annotated[Keeper, Depends(keeper)]


def answered(page: Page, wanted: str) -> Response:
    """A page, or a 304 for who has the very same."""
    if page.etag == wanted:
        return Response(status_code=304, headers={"ETag": page.etag})
    return HTMLResponse(page.text, headers={"ETag": page.etag})


def unchanged(request: Request, error: Exception) -> Response:
    """The handler of `Unchanged`."""
    page: Page = error.args[0]
    return answered(page, request.headers.get("if-none-match", ""))
