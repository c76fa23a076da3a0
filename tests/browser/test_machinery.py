"""The browser, the server and axe do what the other browser tests rely on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.browser.conftest import Violations

GOOD = '<!doctype html><html lang="en"><title>Good</title><main><h1>Hello</h1></main></html>'
BAD = '<!doctype html><html lang="en"><title>Bad</title><main><h1>Hello</h1><img src="x.png"></main></html>'
INLINE = '<!doctype html><html lang="en"><title>Inline</title><script>document.title = "run"</script></html>'


@pytest.fixture
def address(live_server: Callable[[Any], str]) -> str:
    def show(body: str) -> Callable[[Any], HTMLResponse]:
        return lambda request: HTMLResponse(body, headers={"Content-Security-Policy": "default-src 'self'"})

    pages = {"/good": GOOD, "/bad": BAD, "/inline": INLINE}
    return live_server(Starlette(routes=[Route(path, show(body)) for path, body in pages.items()]))


def test_axe_finds_the_fault_and_only_it(address: str, page: Callable[..., Page], violations: Violations) -> None:
    shown = page(width=390)
    shown.goto(f"{address}/good")
    assert shown.inner_text("h1") == "Hello"
    assert violations(shown) == []
    shown.goto(f"{address}/bad")
    assert [fault["id"] for fault in violations(shown)] == ["image-alt"]


def test_an_inline_script_is_refused_and_noticed(address: str, page: Any) -> None:
    shown = page()
    shown.goto(f"{address}/inline")
    assert shown.title() == "Inline"
    assert len(page.problems) == 1
    page.problems.clear()
