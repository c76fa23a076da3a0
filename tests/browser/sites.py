"""The cast's rollout in the browser's reach: who signs in, whose screen follows, and what others do meanwhile."""

from __future__ import annotations

import os
import re
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page
from sqlmodel import col, select

from app.actions.tasks.completion import complete_task
from app.db import Database
from app.main import create_app
from app.models import Event
from app.request import clock
from app.settings import Settings
from app.web.hub import Hub
from tests import cast as casting
from tests.cast import NOW, PASSWORD, Cast, email

Pages = Callable[..., Page]
WEEK_3: Final = datetime(2027, 1, 19, 15, 0, tzinfo=UTC)
"""Tuesday of week 3, nine in the morning at Alder: what was due in week 2 is late."""


def soon() -> float:
    """How soon other people's screens follow, in milliseconds: a second on a machine with a core to spare. Where more
    waits for the cores than they are, everything takes as much longer.
    """
    return 1000 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Served:
    """A site in the browser's reach, with the clock held still."""

    def __init__(self, address: str, database: Database) -> None:
        self.address = address
        self.database = database

    def enter(self, page: Page, who: str) -> None:
        page.goto(f"{self.address}/sign-in")
        page.get_by_label("E-mail address").fill(email(who))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(re.compile(r"^(?!.*sign-in)"))


class Site:
    """The cast's rollout, served. `site.now` is its clock; changes of others are made through the actions."""

    def __init__(self, served: Served, cast: Cast, hub: Hub) -> None:
        self.served, self.cast, self.database, self.hub = served, cast, served.database, hub
        self.now: datetime = NOW

    def open(self, page: Page, who: str, path: str) -> Page:
        """Sign in and go there; the page's browser listens, and its first refresh is over."""
        self.served.enter(page, who)
        page.goto(self.served.address + path)
        self.follow(page)
        return page

    def open_without_script(self, page: Page, who: str, path: str) -> Page:
        self.served.enter(page, who)
        page.goto(self.served.address + path)
        return page

    def follow(self, page: Page) -> None:
        """Wait until the page's browser listens, and its first refresh is over."""
        until = time.monotonic() + 10
        # Playwright's own waiting evaluates text inside the page, which the content policy refuses.
        while not page.evaluate("localStorage.getItem('live')"):
            assert time.monotonic() < until, "nothing is heard on the stream"
            page.wait_for_timeout(50)
        page.wait_for_timeout(700)

    def task(self, entry: str, place: str = "alder") -> int:
        with self.database.reading() as session:
            return self.cast.task(session, entry, place).id or 0

    def complete(self, entry: str, place: str = "alder", who: str = "dir") -> None:
        with self.database.writing() as session:
            task = self.cast.task(session, entry, place)
            by = self.cast.viewer(session, who)
            complete_task(session, task.id or 0, seen=task.version, by=by, now=self.now)

    def verbs(self, task: int) -> list[str]:
        with self.database.reading() as session:
            found = select(Event.verb).where(Event.subject_kind == "task", Event.subject_id == task)
            return list(session.exec(found.order_by(col(Event.id))))

    def streams(self) -> int:
        return len(self.hub._listeners)


@contextmanager
def site_of(url: str, folder: Path, live_server: Callable[[Any], str], playbook: str) -> Iterator[Site]:
    """The running rollout of a playbook on the database at `url`."""
    database = Database(url)
    cast = casting.running(database, playbook)
    app = create_app(Settings(database_url=url, data=folder / "data", worker="separate"), database)
    site = Site(Served(live_server(app), database), cast, app.state.hub)
    app.dependency_overrides[clock] = lambda: site.now
    yield site
    app.state.hub.close()
    database.dispose()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted thing has the focus; it must be reached within the page's length, and be seen."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            outline = wanted.evaluate("e => getComputedStyle(e).outlineStyle")
            assert outline != "none", "the focus cannot be seen"
            return
    raise AssertionError(f"{wanted} was not reached by the Tab key")


def photo(folder: Path) -> Path:
    """A real picture, one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b"")
    path = folder / "server room.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path
