"""The wall in a browser: it follows within a second, says at once when it does not, and fits its screen."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from app.actions.runs.links import end_link, make_link
from app.actions.runs.stepping import start_step
from app.db import Database
from app.main import create_app
from app.request import clock
from app.settings import Settings
from app.web.hub import Hub
from tests.browser.conftest import Violations
from tests.browser.nights import cutover, medical, walk
from tests.browser.sites import Pages, Served, Site, site_of, soon
from tests.cast import Cast
from tests.running import RUN, rehearse

OVER = "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
SMALL = """least => [...document.querySelectorAll("body *")].filter(e => {
  const said = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  const box = e.getBoundingClientRect();
  return said && box.width > 2 && box.height > 2 && !e.closest(".sr, .skip, [hidden]")
    && parseFloat(getComputedStyle(e).fontSize) < least;
}).map(e => e.textContent.trim())"""
T = datetime(2027, 2, 8, 13, 0, tzinfo=UTC)
"""Of the cutover at Alder Quay: seven in the morning there."""
HOUR = timedelta(hours=1)
POSITIONS = {
    "before it begins": (-48.5, {}),
    "five steps at a time": (-14.7, {}),
    "late": (-12.8, {"load-patients": 50, "compare-counts": 60}),
    "past the last safe decision": (-1.0, {"morning-check": 180}),
    "after the opening": (0.5, {}),
}


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, live_server: Callable[[Any], str]) -> Iterator[Site]:
    with site_of(sqlite_url, tmp_path, live_server, RUN) as found:
        found.now = datetime.now(UTC)  # by which the server signs its answers, and a wall sets its clocks
        yield found


def awake(served: Served, address: str) -> None:
    """The first answer of an application takes longest, on a busy machine longer than a browser waits."""
    urlopen(served.address + address, timeout=60).close()


@pytest.fixture
def night(site: Site) -> tuple[int, int, str]:
    """A rehearsal that was just made, a link to its wall, and the address."""
    with site.database.writing() as session:
        run = rehearse(session, site.cast, now=site.now)
        by = site.cast.viewer(session, "opm", site.now)
        row, text = make_link(session, run.id or 0, title="Wall", by=by, now=site.now)
        return run.id or 0, row.id or 0, f"/wall/{text}"


def fresh(wall: Page) -> Locator:
    return wall.locator("#fresh [data-when=fresh]")


def stale(wall: Page) -> Locator:
    return wall.locator("#fresh [data-when=stale]")


def opened(page: Page, site: Site, address: str) -> Page:
    """The wall stands there, and follows."""
    awake(site.served, address)
    page.goto(site.served.address + address)
    expect(fresh(page)).to_be_visible()
    page.wait_for_timeout(700)
    return page


def begin(site: Site, run: int, step: str = "freeze") -> None:
    with site.database.writing() as session:
        by = site.cast.viewer(session, "itl", site.now)
        start_step(session, run, step, seen=None, by=by, now=site.now)


def test_a_change_stands_on_every_wall_within_a_second(page: Pages, site: Site, night: tuple[int, int, str]) -> None:
    run, _, address = night
    by_link = opened(page(1440, 900), site, address)
    signed_in = site.open(page(1920, 1080), "exe", f"/runs/{run}/wall")
    expect(by_link.get_by_text("Nothing runs now.")).to_be_visible()
    begin(site, run)
    began = time.monotonic()
    for wall in (by_link, signed_in):
        expect(wall.get_by_text("Longest chain, no slack")).to_be_visible(timeout=soon())
        print(f"shown after {time.monotonic() - began:.2f} s")


def test_a_wall_that_lost_the_connection_says_so_at_once_and_catches_up(
    page: Pages, site: Site, night: tuple[int, int, str]
) -> None:
    run, _, address = night
    wall = opened(page(1440, 900), site, address)
    wall.context.set_offline(True)
    expect(stale(wall)).to_be_visible(timeout=1500)
    begin(site, run)
    expect(wall.get_by_text("No connection since")).to_be_visible(timeout=6000)
    expect(wall.get_by_text("Nothing runs now.")).to_be_visible()
    wall.context.set_offline(False)
    expect(wall.get_by_text("Longest chain, no slack")).to_be_visible(timeout=10_000)
    expect(fresh(wall)).to_be_visible()
    expect(wall.get_by_text("No connection since")).to_be_hidden()


def test_a_wall_of_which_nothing_is_heard_for_twenty_seconds_says_how_old_it_is(
    page: Pages, site: Site, night: tuple[int, int, str]
) -> None:
    wall = page(1440, 900)
    wall.clock.install()
    opened(wall, site, night[2])
    listening = set(site.hub._listeners)
    site.hub._listeners.clear()  # the line stands, and carries nothing
    wall.route(f"**{night[2]}", lambda route: None)  # nor is the look of each full minute answered
    wall.clock.run_for(23_000)
    expect(stale(wall)).to_be_visible()
    expect(stale(wall)).to_contain_text(re.compile(r"2\d s old"))
    site.hub._listeners |= listening


def test_a_link_that_was_ended_ends_the_wall(page: Pages, site: Site, night: tuple[int, int, str]) -> None:
    run, key, address = night
    wall = opened(page(1440, 900), site, address)
    with site.database.writing() as session:
        end_link(session, run, key, by=site.cast.viewer(session, "opm", site.now), now=site.now)
    expect(wall.get_by_role("heading", name="This link opens no wall.")).to_be_visible(timeout=5000)
    wall.wait_for_timeout(500)
    assert site.streams() == 0


def with_t_in(site: Site, minutes: float) -> str:
    """The wall of a rehearsal whose T is so many minutes ahead."""
    with site.database.writing() as session:
        zero = site.now + timedelta(minutes=minutes)
        run = rehearse(session, site.cast, now=site.now, straight=False, zero=zero)
        by = site.cast.viewer(session, "opm", site.now)
        return f"/wall/{make_link(session, run.id or 0, title='Wall', by=by, now=site.now)[1]}"


def test_t_goes_on_by_itself_though_nobody_can_be_heard(page: Pages, site: Site) -> None:
    wall = page(1440, 900)
    wall.clock.install(time=site.now)
    opened(wall, site, with_t_in(site, 90))
    before = wall.locator(".wall-t__t").inner_text()
    assert before in ("T\u221201:30", "T\u221201:29")
    wall.context.set_offline(True)
    wall.clock.run_for(120_000)
    assert wall.locator(".wall-t__t").inner_text() in ("T\u221201:28", "T\u221201:27")
    expect(stale(wall)).to_be_visible()


def test_the_last_ten_minutes_before_t_are_counted_by_the_second(page: Pages, site: Site) -> None:
    wall = opened(page(1440, 900), site, with_t_in(site, 9.5))
    t = wall.locator(".wall-t__t[data-seconds]")
    first = t.inner_text()
    assert first.startswith("T\u221200:09:")
    wall.wait_for_timeout(2500)
    assert t.inner_text() < first


def test_a_wall_takes_no_input_and_has_no_faults(
    page: Pages, site: Site, night: tuple[int, int, str], violations: Violations
) -> None:
    run, _, address = night
    begin(site, run)
    wall = opened(page(1440, 900), site, address)
    wall.keyboard.press("Control+k")
    wall.keyboard.press("?")
    assert wall.locator("dialog").count() == 0
    assert wall.locator("main a, main button, main input, nav").count() == 0
    for width, height in ((1440, 900), (820, 1180), (390, 844), (320, 700)):
        wall.set_viewport_size({"width": width, "height": height})
        assert violations(wall) == []
        assert wall.evaluate(OVER)[1] <= 0


class Medical:
    """The shipped cutover in the browser's reach; `now` is its clock."""

    def __init__(self, database: Database, cast: Cast, address: str, hub: Hub) -> None:
        self.database, self.cast, self.hub = database, cast, hub
        self.served = Served(address, database)
        self.now = T


@pytest.fixture
def medical_site(sqlite_url: str, tmp_path: Path, live_server: Callable[[Any], str]) -> Iterator[Medical]:
    database = Database(sqlite_url)
    cast = medical(database)
    app = create_app(Settings(database_url=sqlite_url, data=tmp_path / "data", worker="separate"), database)
    found = Medical(database, cast, live_server(app), app.state.hub)
    app.dependency_overrides[clock] = lambda: found.now
    yield found
    app.state.hub.close()
    database.dispose()


@pytest.mark.parametrize("position", POSITIONS)
def test_the_shipped_cutover_fits_its_wall_and_can_be_read_from_afar(
    page: Pages, medical_site: Medical, position: str
) -> None:
    hours, slower = POSITIONS[position]
    medical_site.now = T + hours * HOUR
    with medical_site.database.writing() as session:
        run, address = cutover(session, medical_site.cast, live=True)
        walk(session, medical_site.cast, run, medical_site.now, slower)
    for width, height, least in ((1440, 900, 15), (1920, 1080, 18)):
        wall = page(width, height)
        awake(medical_site.served, address)
        wall.goto(medical_site.served.address + address)
        expect(wall.locator(".wall__rule")).to_be_visible()
        assert (wall.evaluate(OVER), width) == ([0, 0], width)
        assert wall.evaluate(SMALL, least) == []
