"""Requests that nobody's browser sends, and many at once: each gets a page that says what is wrong, in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import anyio
import pytest
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlmodel import select
from starlette.types import Message

from app.db import POOL_SIZE
from app.models import SignIn
from tests.web.conftest import SAME_SITE, Site

FORM = "application/x-www-form-urlencoded"
LOCATIONS = "/rollouts/two-sites/set-up/locations"
PIECE = b"x" * 60_000


def test_more_readers_at_once_than_the_pool_has_connections_are_all_answered(site: Site) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in site.client("dir").cookies.items())
    site.now += timedelta(minutes=5)
    found: list[bytes] = []

    async def read() -> None:
        # All in one event loop, as they are when they are served.
        path, headers = "/rollouts/two-sites/progress", [(b"host", b"testserver"), (b"cookie", cookie.encode())]
        scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "query_string": b""}

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                found.append(dict(message["headers"]).get(b"location", b""))

        await site.app(scope, receive, send)

    async def all_at_once() -> None:
        with anyio.fail_after(25):
            async with anyio.create_task_group() as group:
                for _ in range(3 * POOL_SIZE):
                    group.start_soon(read)

    anyio.run(all_at_once)
    assert found == [b"/rollouts/two-sites/board"] * (3 * POOL_SIZE)
    with site.database.reading() as session:
        assert site.now in session.exec(select(SignIn.last_seen_at)).all()


def test_the_use_of_a_sign_in_is_noted_while_no_other_connection_is_held(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, pool, held = site.client("dir"), site.database.engine.pool, []
    monkeypatch.setattr("app.web.site.note_sign_in", lambda *_args, **_named: held.append(pool.checkedout()))  # type: ignore[attr-defined]
    site.now += timedelta(minutes=5)
    assert client.get("/today").status_code == 200
    assert held == [0]


@pytest.mark.parametrize("fault", [TimeoutError("no connection"), OperationalError("SELECT 1", {}, Exception("gone"))])
def test_a_database_that_does_not_answer_is_a_page_that_says_when_to_come_back(
    site: Site, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def away(*_args: object, **_named: object) -> None:
        raise fault

    client = site.client("dir")
    monkeypatch.setattr("app.web.site.recognise", away)
    answer = client.get("/today")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "The database does not answer at the moment." in answer.text


@pytest.mark.parametrize("version", ["9" * 5_000, "²", "-1", ""])
def test_a_version_that_is_no_number_of_ours_is_refused(draft_site: Site, version: str) -> None:
    answer = draft_site.client("dir").post(LOCATIONS, data={"version": version, "name-0": "Yew"})
    assert answer.status_code == 422


@pytest.mark.parametrize("number", ["²", "9" * 5_000, "٣"])
def test_a_row_without_a_plain_number_is_no_row(draft_site: Site, number: str) -> None:
    answer = draft_site.client("dir").post(LOCATIONS, data={"version": "0", f"name-{number}": "Yew", "more": "yes"})
    assert answer.status_code == 200
    assert "Yew" not in answer.text


@pytest.mark.parametrize("origin", ["http://[bad", "http://elsewhere.example", "null"])
def test_a_change_from_an_origin_that_is_not_this_site_is_refused(site: Site, origin: str) -> None:
    client = site.client("dir")
    answer = client.post("/sign-out", headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    del client.headers["Sec-Fetch-Site"]
    assert client.post("/sign-out", headers={"Origin": origin}).status_code == 403
    client.headers.update(SAME_SITE)
    assert client.get("/today").status_code == 200


@pytest.mark.parametrize("charset", ["undefined", "punycode", "no-such-set"])
def test_a_form_in_a_charset_that_is_none_is_never_a_fault_of_ours(draft_site: Site, charset: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="version"\r\n\r\n\xff-\xfe\r\n--b--\r\n'
    headers = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
    assert draft_site.client("dir").post(LOCATIONS, content=body, headers=headers).status_code == 422


@pytest.mark.parametrize("path", ["/playbooks/new", "/tasks/{task}/evidence", LOCATIONS])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=b"])
def test_a_body_of_unstated_length_over_the_limit_is_told_so(site: Site, path: str, kind: str) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"text=" if kind == FORM else b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
        for _ in range(site.settings.evidence_limit // len(PIECE) + 2):
            yield PIECE

    address = path.format(task=site.task("photos"))
    answer = site.client("dir").post(address, content=pieces(), headers={"Content-Type": kind})
    assert answer.status_code == 413
