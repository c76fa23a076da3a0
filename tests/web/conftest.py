"""A client for everybody of the cast, on both engines, with the clock held still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.db import Database
from app.main import assemble, furnish
from app.request import clock
from app.settings import Settings
from tests import cast as cast_module
from tests.cast import NOW, PASSWORD, Cast, email

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
Clients = Callable[[str], TestClient]


_spare: dict[tuple[bool, int], list[FastAPI]] = {}
"""Applications that no site uses now. The framework looks through every route at the first request of each application,
which takes longer than most tests.
"""


def _kind(settings: Settings) -> tuple[bool, int]:
    """What an application is assembled for."""
    return settings.secure_cookies, settings.evidence_limit


def _taken(settings: Settings) -> FastAPI:
    spare = _spare.get(_kind(settings))
    return spare.pop() if spare else assemble(settings)


class Site:
    """A served installation: `site.now` is its clock, `site.client("chA")` is Chiara's browser."""

    def __init__(self, url: str, folder: Path) -> None:
        self.settings = Settings(database_url=url, data=folder, worker="separate", base_url="http://testserver")
        self.database = Database(self.settings.database)
        self.now: datetime = NOW
        self.app: FastAPI = furnish(_taken(self.settings), self.settings, self.database)
        self.app.dependency_overrides[clock] = lambda: self.now
        self.cast: Cast = Cast()
        self.issues: dict[str, int] = {}
        self._clients: dict[str, TestClient] = {}

    def client(self, who: str = "") -> TestClient:
        """A browser: of nobody, or of one of the cast, signed in."""
        if who in self._clients:
            return self._clients[who]
        client = TestClient(self.app, follow_redirects=False, headers=SAME_SITE, raise_server_exceptions=True)
        if who:
            answer = client.post("/sign-in", data={"email": email(who), "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        self._clients[who] = client
        return client

    def close(self) -> None:
        """The application is bare again, for the next one: nothing of this one is left in it."""
        self.database.dispose()
        self.app.dependency_overrides.clear()
        api = self.app.state.api
        self.app.state._state.clear()
        self.app.state.api = api
        _spare.setdefault(_kind(self.settings), []).append(self.app)

    def sign_everybody_in_anew(self) -> None:
        """After the clock was moved by days: every sign-in of before has ended."""
        self._clients.clear()

    def close_browsers(self) -> None:
        """Whoever comes next signs in anew."""
        self._clients.clear()

    def task(self, entry: str, location: str = "alder") -> int:
        with self.database.reading() as session:
            return self.cast.task(session, entry, location).id or 0

    def version(self, task_id: int) -> int:
        from app.models import Task

        with self.database.reading() as session:
            return session.get_one(Task, task_id).version


@pytest.fixture
def bare_site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """An installation without anybody."""
    site = Site(database_url, tmp_path / "data")
    yield site
    site.close()


@pytest.fixture
def site(bare_site: Site) -> Site:
    """The cast in a running rollout."""
    bare_site.cast = cast_module.running(bare_site.database)
    return bare_site


@pytest.fixture
def draft_site(bare_site: Site) -> Site:
    """The cast with a draft."""
    bare_site.cast = cast_module.drafted(bare_site.database)
    return bare_site
