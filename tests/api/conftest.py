"""A program for everybody of the cast, on both engines, with the clock held still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.actions.people.tokens import make_token
from tests import cast as casting
from tests.web.conftest import Site

API = "/api/v1"


class Programs:
    """`programs("chA")` is a client that acts for Chiara; `programs.task(...)` reads one task with its tag."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._clients: dict[tuple[str, bool], TestClient] = {}

    def token(self, who: str, *, reads_only: bool = False, days: int = 30) -> str:
        with self.site.database.writing() as session:
            by = self.site.cast.proven(session, who, self.site.now)
            return make_token(session, name="test", days=days, reads_only=reads_only, by=by, now=self.site.now)[1] or ""

    def __call__(self, who: str = "", *, reads_only: bool = False) -> TestClient:
        key = (who, reads_only)
        if key not in self._clients:
            headers = {"Authorization": f"Bearer {self.token(who, reads_only=reads_only)}"} if who else {}
            self._clients[key] = TestClient(
                self.site.app, base_url=f"http://testserver{API}", headers=headers, follow_redirects=False
            )
        return self._clients[key]

    def read(self, who: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
        """The thing, and the header that a change of it needs."""
        answer = self(who).get(path)
        assert answer.status_code == 200, answer.text
        return answer.json(), {"If-Match": answer.headers["etag"]}


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Site]:
    site = Site(database_url, tmp_path / "data")
    yield site
    site.close()


@pytest.fixture
def programs(served: Site) -> Programs:
    """The cast in a running rollout."""
    served.cast = casting.running(served.database)
    return Programs(served)


@pytest.fixture
def drafting(served: Site) -> Programs:
    """The cast with a draft."""
    served.cast = casting.drafted(served.database)
    return Programs(served)
