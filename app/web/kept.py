"""The one fast path of pages: one that did not change since a browser has it costs a 304, and is not made again.

A page is the same as long as nothing was recorded (the newest event), the minute has not passed, and the worker is
neither lost nor found: what it shows follows from the rows, the reader and the moment; every change records an event
in its own transaction; and kept pages are told the time by the minute. What was answered before another event, in
another minute or to another sign-in is made anew. Its ETag is the hash of what it says, so that even then an unchanged
page is not sent.

Pages stay `no-store`: nothing of them is left on a disk. Whoever asks again keeps the ETag in memory, as our script
does for what it fetches anew, and programs do.
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
from starlette.responses import Response

from app.queries.deliveries import worker_seen
from app.queries.events import newest_event
from app.rules.heartbeat import is_silent
from app.web.answers import is_fragment
from app.web.site import Db, Now, Token
from app.web.tasks.undo import COOKIE

MOST: Final = 5_000
Endpoint = TypeVar("Endpoint", bound=Callable[..., Response])
Mark = tuple[int, datetime, object]
"""The newest event, the minute, and since when no worker was seen (False: one was)."""
Address = tuple[str, bool, str]
"""The hash of the sign-in's token, whether a script asks for a part, path and query."""


class Unchanged(Exception):
    """The browser has the page already."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


class Shelf:
    """Which page was answered under which mark: the last few thousand, none of their text."""

    def __init__(self) -> None:
        self._known: OrderedDict[Address, tuple[Mark, str]] = OrderedDict()
        self._lock = Lock()

    def etag(self, address: Address, mark: Mark) -> str | None:
        """The ETag of a page that is still what it was."""
        with self._lock:
            found = self._known.get(address)
            return found[1] if found is not None and found[0] == mark else None

    def put(self, address: Address, mark: Mark, etag: str) -> None:
        with self._lock:
            self._known[address] = (mark, etag)
            self._known.move_to_end(address)
            if len(self._known) > MOST:
                self._known.popitem(last=False)


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
        etag = f'"{hashlib.sha256(bytes(page.body)).hexdigest()[:32]}"'
        self.shelf.put(self.address, self.mark, etag)
        if etag == self.wanted:
            return not_modified(etag)
        page.headers["ETag"] = etag
        return page


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
    seen = worker_seen(session)
    mark: Mark = (newest_event(session), now, seen if is_silent(seen, now) else False)
    shelf = shelf_of(request)
    if wanted and shelf.etag(address, mark) == wanted:
        raise Unchanged(wanted)
    return Keeper(shelf, address, mark, wanted)


def shelf_of(request: Request) -> Shelf:
    """The shelf of this process."""
    state = request.app.state
    if not hasattr(state, "shelf"):
        state.shelf = Shelf()
    found: Shelf = state.shelf
    return found


Kept = Annotated[Keeper, Depends(keeper)]


def not_modified(etag: str) -> Response:
    return Response(status_code=304, headers={"ETag": etag})


def unchanged(_request: Request, error: Exception) -> Response:
    """The handler of `Unchanged`."""
    return not_modified(error.etag if isinstance(error, Unchanged) else "")
