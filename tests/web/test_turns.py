"""Of those who ask for one page at the same moment the first makes it; and of listeners few are asked for at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from app.queries.events import News
from app.rules.people.access import Viewer
from app.web import kept
from app.web.hub import CHECK_SECONDS, CHECKS_A_LOOK, _due
from app.web.listening import Listener, Screen, Stream
from app.web.turns import Turns
from tests.cast import NOW
from tests.web.conftest import Site


async def _sent(_message: Any) -> None:
    return None


def test_whoever_comes_meanwhile_waits_until_the_first_answers() -> None:
    async def told() -> list[str]:
        turns, said = Turns(), []

        async def first() -> None:
            with turns.turn("page") as ending:
                said.append("made")
                await asyncio.sleep(0.02)
                await ending(_sent)({"type": "http.response.start"})
                said.append("begun to answer")
                await asyncio.sleep(0.05)
                said.append("answered")

        async def second() -> None:
            await asyncio.sleep(0)
            said.append(f"waited: {await turns.wait('page')}")

        await asyncio.gather(first(), second())
        said.append(f"waited: {await turns.wait('page')}")
        return said

    assert asyncio.run(told()) == ["made", "begun to answer", "waited: True", "answered", "waited: False"]


def test_one_that_fails_lets_the_others_go() -> None:
    async def told() -> bool:
        turns = Turns()

        async def fails() -> None:
            with turns.turn("page"):
                await asyncio.sleep(0.01)
                raise ValueError

        async def waits() -> bool:
            await asyncio.sleep(0)
            return await turns.wait("page")

        failed, waited = await asyncio.gather(fails(), waits(), return_exceptions=True)
        assert isinstance(failed, ValueError)
        return waited is True

    assert asyncio.run(told())


def test_after_a_minute_one_page_is_made_for_all_who_ask(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of the plan, asked for by eight at once with one sign-in."""
    made: list[int] = []
    plain: Callable[..., Any] = kept.Keeper.answer
    monkeypatch.setattr(kept.Keeper, "answer", lambda self, page: made.append(1) or plain(self, page))
    client, path = site.client("dir"), "/rollouts/two-sites/plan"
    assert client.get(path).status_code == 200
    site.now = site.now.replace(minute=site.now.minute + 1)

    async def ask() -> list[int]:
        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": b"", "root_path": "", "scheme": "http",
            "http_version": "1.1", "server": ("testserver", 80), "client": ("127.0.0.1", 1),
            "headers": [(b"host", b"testserver"), (b"cookie", f"muster={client.cookies['muster']}".encode())],
        }  # fmt: skip
        found: list[int] = []

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                found.append(message["status"])

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        await asyncio.gather(*(site.app(dict(scope), receive, send) for _ in range(8)))
        return found

    made.clear()
    assert asyncio.run(ask()) == [200] * 8
    assert len(made) == 1


def listener(person: int, checked: float) -> Listener:
    return Listener(Viewer(person, "x"), "", NOW, 0.0, checked=checked)


def event(kind: str, subject: int) -> News:
    return News(1, f"{kind}.changed", 1, "two-sites", None, kind, subject)


def test_a_look_asks_for_few_people_those_longest_ago_first_and_for_every_screen() -> None:
    time = 100.0
    people = [listener(number, number / 10) for number in range(CHECKS_A_LOOK + 10)]
    fresh, screens = listener(900, time - CHECK_SECONDS + 1), [Screen(link=n, run=7) for n in range(40)]
    everybody: list[Stream] = [fresh, *reversed(people), *screens]
    assert set(_due(everybody, [], time)) == {*people[:CHECKS_A_LOOK], *screens}
    assert _due([fresh], [event("person", 900)], time) == [fresh]
    recent = Screen(link=1, run=7, checked=time)
    assert _due([recent], [event("run", 8)], time) == []
    assert _due([recent], [event("run", 7)], time) == [recent]
