"""The whole way in a real browser: a director starts a rollout, a champion finishes a task, an executive sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.db import Database
from app.main import create_app
from app.request import clock
from app.settings import Settings
from app.worker import tick
from tests import cast as casting
from tests.browser.conftest import Violations
from tests.browser.sites import Pages, Served, photo
from tests.cast import NOW, PLAYBOOK, Cast, email

SITES = """\
- {id: alder, name: Alder, zone: America/Chicago, wave: pilot, attributes: {legacy: true}}
- {id: birch, name: Birch, zone: America/New_York, wave: pilot, attributes: {legacy: false}}
"""


@pytest.fixture
def served(database_url: str, tmp_path: Path, live_server: Callable[[object], str]) -> Iterator[Callable[..., Served]]:
    yield from serving(database_url, tmp_path, live_server)


@pytest.fixture
def served_once(
    sqlite_url: str, tmp_path: Path, live_server: Callable[[object], str]
) -> Iterator[Callable[..., Served]]:
    """For what a page looks like, which no database changes."""
    yield from serving(sqlite_url, tmp_path, live_server)


def serving(url: str, folder: Path, live_server: Callable[[object], str]) -> Iterator[Callable[..., Served]]:
    database = Database(url)

    def serve(prepare: Callable[[Database], Cast]) -> Served:
        prepare(database)
        app = create_app(Settings(database_url=url, data=folder / "data", worker="separate"), database)
        app.dependency_overrides[clock] = lambda: NOW
        return Served(live_server(app), database)

    yield serve
    database.dispose()


def start_the_rollout(page: Page, site: Served) -> None:
    page.goto(f"{site.address}/playbooks/new")
    page.get_by_label("Or paste its text").fill(PLAYBOOK)
    page.get_by_role("button", name="Check and keep it").click()
    page.get_by_role("button", name="Begin a rollout with it").click()
    page.get_by_label("First day of week 1").fill("2027-01-04")
    page.get_by_role("button", name="Go on to the centres").click()
    page.get_by_role("textbox", name="Locations list", exact=True).fill(SITES)
    page.get_by_role("button", name="Read the list").click()
    for group, role, who in (
        ("The whole network", "Executive sponsor", "exe"),
        ("The whole network", "IT lead", "itl"),
        ("Alder", "Site champion", "chA"),
    ):
        fields = page.locator("details", has_text=group).get_by_role("group", name=role, exact=True)
        fields.get_by_label("Name").first.fill(casting.NAMES[who])
        fields.get_by_label("E-mail address").first.fill(email(who))
    page.get_by_role("button", name="Keep these people and see the plan").click()
    expect(page.get_by_text("Nobody is Site champion for Birch yet.")).to_be_attached()
    page.get_by_role("button", name="Start the rollout").click()
    expect(page.get_by_text("The dates are being worked out.")).to_be_visible()
    with site.database.writing() as session:
        tick(session, NOW)
    page.wait_for_url("**/board", timeout=20_000)


def test_from_the_text_of_a_playbook_to_a_bar_that_changes(
    page: Pages, served: Callable[..., Served], tmp_path: Path
) -> None:
    site = served(casting.people)
    director = page(1440, 900)
    site.enter(director, "dir")
    start_the_rollout(director, site)
    expect(director.get_by_role("heading", level=1)).to_contain_text("open on the new system in 34 days")

    executive = page(1440, 900)
    site.enter(executive, "exe")
    executive.locator("#centre-alder").get_by_role("link", name="0 of 1 met").click()
    executive.get_by_role("link", name="Readiness done", exact=True).click()
    expect(executive.get_by_text("0 of 7").first).to_be_visible()

    champion = page(390, 844, has_touch=True)
    site.enter(champion, "chA")
    champion.goto(f"{site.address}/rollouts/two-sites-move-to-one-system/plan?q=photograph")
    champion.get_by_role("link", name="Photograph the server room").click()
    champion.get_by_label("Photo").set_input_files(photo(tmp_path))
    champion.get_by_role("button", name="Add the photo").click()
    expect(champion.get_by_role("link", name="server room.png")).to_be_visible()
    champion.get_by_role("button", name="It is done").click()
    expect(champion.get_by_text("Done. Chiara Amato")).to_be_visible()

    executive.reload()
    expect(executive.get_by_text("1 of 7").first).to_be_visible()


def test_a_tick_on_the_phone_is_taken_back_by_its_toast(page: Pages, served: Callable[..., Served]) -> None:
    site = served(casting.running)
    champion = page(390, 844)
    site.enter(champion, "chA")
    champion.goto(f"{site.address}/rollouts/two-sites/plan?q=printers")
    champion.get_by_role("button", name="Done: Label printers").click()
    expect(champion.get_by_role("button", name="Not done after all: Label printers")).to_be_visible()
    champion.get_by_role("button", name="Undo").click()
    expect(champion.get_by_role("button", name="Done: Label printers")).to_be_visible()


def test_two_people_at_one_form_and_nothing_is_lost(page: Pages, served: Callable[..., Served]) -> None:
    site = served(casting.running)
    champion, director = page(390, 844), page(1440, 900)
    site.enter(champion, "chA")
    site.enter(director, "dir")
    for one in (champion, director):
        one.goto(f"{site.address}/rollouts/two-sites/plan?q=line&location=alder")
        one.get_by_role("link", name="Measure the line").click()
        one.get_by_label("Measure the line").wait_for()
    director.get_by_label("Measure the line").fill("140")
    director.get_by_role("button", name="Keep this answer").click()
    expect(director.get_by_text("140\u00a0Mbps (Dana Whitfield)")).to_be_visible()
    champion.get_by_label("Measure the line").fill("62")
    champion.get_by_role("button", name="Keep this answer").click()
    expect(champion.get_by_role("alert")).to_contain_text("Dana Whitfield changed this at 09:00")
    expect(champion.get_by_label("Measure the line")).to_have_value("62")


def test_everything_works_without_script(page: Pages, served: Callable[..., Served]) -> None:
    site = served(casting.running)
    champion = page(390, 844, java_script_enabled=False)
    site.enter(champion, "chA")
    champion.goto(f"{site.address}/rollouts/two-sites/plan?q=printers")
    with champion.expect_navigation():
        champion.get_by_role("button", name="Done: Label printers").click()
    champion.goto(f"{site.address}/today")
    champion.get_by_text("Done today 1").click()
    with champion.expect_navigation():
        champion.get_by_role("button", name="Not done after all: Label printers").click()
    champion.goto(f"{site.address}/rollouts/two-sites/plan?q=printers")
    expect(champion.get_by_role("button", name="Done: Label printers")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1440])
def test_the_steps_of_the_set_up_are_accessible(
    page: Pages, served_once: Callable[..., Served], violations: Violations, width: int
) -> None:
    site = served_once(casting.drafted)
    director = page(width, 900)
    site.enter(director, "dir")
    faults: list[object] = []
    for step in ("playbook", "start", "locations", "people", "preview"):
        director.goto(f"{site.address}/rollouts/two-sites/set-up/{step}")
        found = violations(director)
        over = director.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [(step, found, over)] if found or over > 0 else []
    assert faults == []
