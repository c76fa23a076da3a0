"""Other people's screens follow; a lost connection is told; what was not sent is sent once when asked; the keyboard."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from app.actions.tasks.answers import answer_task
from app.actions.tasks.completion import reopen_task
from app.models import Task
from tests.browser.conftest import Violations
from tests.browser.sites import Pages, Site, soon
from tests.cast import NOW


def test_two_people_on_one_task_within_a_second(page: Pages, site: Site) -> None:
    task = site.task("walk-through")
    champion = site.open(page(390, 844), "chA", f"/tasks/{task}")
    director = site.open(page(1440, 900), "dir", f"/tasks/{task}")
    champion.get_by_role("button", name="Done: Front desk").click()
    began = time.monotonic()
    expect(director.get_by_role("button", name="Not done after all: Front desk")).to_be_visible(timeout=soon())
    print(f"the other screen followed after {time.monotonic() - began:.2f} s")
    expect(director.locator("#check-front-desk")).to_contain_text("Chiara Amato")


def test_what_somebody_types_opens_or_holds_stays_while_the_page_follows(page: Pages, site: Site) -> None:
    task = site.task("line-speed")
    director = site.open(page(1440, 900), "dir", f"/tasks/{task}")
    director.locator("summary", has_text="Something is in the way").click()
    director.get_by_label("Measure the line").fill("61")
    with site.database.writing() as session:
        row = session.get_one(Task, task)
        by = site.cast.viewer(session, "chA")
        answer_task(session, task, "140", seen=row.version, by=by, now=NOW)
    expect(director.get_by_text("140\u00a0Mbps (Chiara Amato)")).to_be_visible(timeout=3000)
    expect(director.get_by_label("Measure the line")).to_have_value("61")
    expect(director.get_by_label("Measure the line")).to_be_focused()
    expect(director.get_by_label("What is in the way?")).to_be_visible()
    director.get_by_role("button", name="Keep this answer").click()
    expect(director.get_by_role("alert")).to_contain_text("Chiara Amato changed this")
    expect(director.get_by_label("Measure the line")).to_have_value("61")
    site.complete("cabling", who="itl")
    director.wait_for_timeout(900)
    expect(director.get_by_role("alert")).to_contain_text("Chiara Amato changed this")
    assert site.verbs(task) == ["task.answered"]


@pytest.mark.parametrize(
    ("who", "path", "shown"),
    [
        ("chA", "/today", "Done today"),
        ("dir", "/rollouts/two-sites/plan?q=label&state=all&location=alder", "done today"),
        ("dir", "/rollouts/two-sites/board", "1 of 6"),
        ("exe", "/rollouts/two-sites/readiness/alder/ready", "done today"),
    ],
)
def test_lists_and_figures_follow(page: Pages, site: Site, who: str, path: str, shown: str) -> None:
    screen = site.open(page(1440, 900), who, path)
    expect(screen.get_by_text(shown)).to_have_count(0)
    site.complete("scanners")
    began = time.monotonic()
    expect(screen.get_by_text(shown).first).to_be_attached(timeout=soon() + 500)
    print(f"{path}: {time.monotonic() - began:.2f} s")


def test_a_burst_of_changes_is_one_fetch(page: Pages, site: Site) -> None:
    screen = site.open(page(1440, 900), "dir", "/rollouts/two-sites/board")
    fetched: list[str] = []
    screen.on("request", lambda request: fetched.append(request.url) if request.url.endswith("/board") else None)
    for entry in ("scanners", "cabling"):
        for place in ("alder", "birch"):
            site.complete(entry, place)
    expect(screen.get_by_text("2 of 6").first).to_be_attached(timeout=3000)
    screen.wait_for_timeout(800)
    assert 1 <= len(fetched) <= 2


def test_nine_tabs_are_one_stream_and_all_follow(page: Pages, site: Site) -> None:
    task = site.task("scanners")
    first = site.open(page(1440, 900), "dir", f"/tasks/{task}")
    context: BrowserContext = first.context
    tabs = [first]
    for _ in range(8):
        tab = context.new_page()
        tab.goto(f"{site.served.address}/tasks/{task}")
        tabs.append(tab)
    first.wait_for_timeout(500)
    assert site.streams() == 1
    site.complete("scanners")
    for tab in tabs:
        tab.bring_to_front()
        expect(tab.get_by_text("Done. Dana Whitfield")).to_be_visible(timeout=3000)
    first.close()
    tabs[1].wait_for_timeout(1500)
    assert site.streams() == 1
    with site.database.writing() as session:
        row = session.get_one(Task, task)
        reopen_task(session, task, seen=row.version, by=site.cast.viewer(session, "dir"), now=NOW)
    for tab in tabs[1:]:
        tab.bring_to_front()
        expect(tab.get_by_role("button", name="It is done")).to_be_visible(timeout=3000)


def test_a_tick_without_connection_says_so_and_is_sent_once_when_asked(page: Pages, site: Site) -> None:
    task = site.task("scanners")
    champion = site.open(page(390, 844), "chA", "/rollouts/two-sites/plan?q=printers&state=all")
    champion.context.set_offline(True)
    champion.get_by_role("button", name="Done: Label printers").click()
    row = champion.locator(f"#task-{task}")
    expect(row).to_contain_text("Not sent.")
    expect(champion.get_by_text("No connection since")).to_be_visible()
    expect(champion.locator("#connection")).to_contain_text("it tries again by itself. 1 change is not sent.")
    champion.context.set_offline(False)
    expect(champion.get_by_text("No connection since")).to_be_hidden()
    expect(champion.get_by_role("button", name="Send now")).to_be_visible()
    champion.wait_for_timeout(1500)
    expect(row).to_contain_text("Not sent.")
    assert site.verbs(task) == []
    row.get_by_role("button", name="Send").click()
    expect(champion.get_by_role("button", name="Not done after all: Label printers")).to_be_visible()
    expect(row).not_to_contain_text("Not sent.")
    expect(champion.get_by_role("button", name="Send now")).to_be_hidden()
    assert site.verbs(task) == ["task.completed"]


@pytest.mark.parametrize("look_first", [True, False])
def test_a_tick_whose_answer_was_lost_counts_once(page: Pages, site: Site, look_first: bool) -> None:
    """The server has it, the phone does not know: the row either finds out by itself, or the repeat is quiet."""
    task = site.task("scanners")
    champion = site.open(page(390, 844), "chA", "/rollouts/two-sites/plan?q=printers&state=all")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    champion.route("**/completion", lose_the_answer, times=1)
    if not look_first:
        champion.route("**/live*", lambda route: route.abort())
        champion.context.set_offline(True)
        champion.wait_for_timeout(200)
        champion.context.set_offline(False)
    champion.get_by_role("button", name="Done: Label printers").click()
    expect(champion.locator(f"#task-{task}")).to_contain_text("Not sent.")
    if not look_first:
        champion.locator(f"#task-{task}").get_by_role("button", name="Send").click()
    expect(champion.get_by_role("button", name="Not done after all: Label printers")).to_be_visible()
    expect(champion.locator(f"#task-{task}")).not_to_contain_text("Not sent.")
    assert site.verbs(task) == ["task.completed"]


def test_a_slow_answer_is_shown_as_pending(page: Pages, site: Site) -> None:
    champion = site.open(page(390, 844), "chA", "/rollouts/two-sites/plan?q=printers&state=all")
    held: list[Route] = []
    champion.route("**/completion", lambda route: held.append(route))
    champion.get_by_role("button", name="Done: Label printers").click()
    expect(champion.get_by_text("Waiting for the server")).to_be_visible()
    expect(champion.get_by_role("button", name="Done: Label printers")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(champion.get_by_role("button", name="Not done after all: Label printers")).to_be_visible()
    expect(champion.get_by_text("Waiting for the server")).to_have_count(0)


def test_a_screen_that_was_away_catches_up(page: Pages, site: Site) -> None:
    task = site.task("scanners")
    director = site.open(page(1440, 900), "dir", f"/tasks/{task}")
    director.context.set_offline(True)
    expect(director.get_by_text("No connection since")).to_be_visible()
    site.complete("scanners")
    director.wait_for_timeout(800)
    expect(director.get_by_text("Done. Dana Whitfield")).to_have_count(0)
    director.context.set_offline(False)
    expect(director.get_by_text("Done. Dana Whitfield")).to_be_visible(timeout=4000)
    expect(director.get_by_text("No connection since")).to_be_hidden()


def test_a_page_that_hears_nothing_says_its_age(page: Pages, site: Site) -> None:
    opened = page(1440, 900)
    opened.clock.install()
    site.served.enter(opened, "dir")
    opened.route("**/live*", lambda route: route.fulfill(status=429))
    opened.goto(f"{site.served.address}/rollouts/two-sites/board")
    opened.clock.run_for(185_000)
    expect(opened.get_by_text("This page is 3 minutes old.")).to_be_visible()
    expect(opened.get_by_role("link", name="Refresh")).to_be_visible()


def test_whoever_is_signed_out_elsewhere_leaves_the_page(page: Pages, site: Site) -> None:
    director = site.open(page(1440, 900), "dir", "/rollouts/two-sites/board")
    other = director.context.new_page()
    other.goto(f"{site.served.address}/account")
    other.get_by_role("button", name="Sign out everywhere").click()
    director.wait_for_url(re.compile("/sign-in"), timeout=20_000)


def test_find_or_do_by_the_keyboard_alone(page: Pages, site: Site, violations: Violations) -> None:
    director = site.open(page(1440, 900), "dir", "/rollouts/two-sites/board")
    director.keyboard.press("Control+k")
    field = director.get_by_role("combobox", name="Find or do")
    expect(field).to_be_focused()
    director.keyboard.type("photograph")
    option = director.get_by_role("option", name=re.compile("Photograph the server room"))
    expect(option).to_have_count(2)
    expect(option.first).to_have_attribute("aria-selected", "true")
    expect(option.first).to_contain_text("Alder")
    assert violations(director) == []
    director.keyboard.press("ArrowDown")
    expect(option.nth(1)).to_have_attribute("aria-selected", "true")
    director.keyboard.press("Enter")
    director.wait_for_url(f"**/tasks/{site.task('photos', 'birch')}")
    director.keyboard.press("Control+k")
    director.keyboard.type("plan")
    director.get_by_role("option", name=re.compile("^Plan")).wait_for()
    director.keyboard.press("Escape")
    expect(field).to_be_hidden()


def test_single_keys_go_move_open_tick_and_can_be_switched_off(page: Pages, site: Site, violations: Violations) -> None:
    champion = site.open(page(1440, 900), "chA", "/today")
    champion.keyboard.press("g")
    champion.keyboard.press("p")
    champion.wait_for_url("**/plan")
    champion.keyboard.press("/")
    expect(champion.get_by_role("searchbox")).to_be_focused()
    champion.keyboard.type("jgb printers")
    expect(champion.get_by_role("searchbox")).to_have_value("jgb printers")
    champion.goto(f"{site.served.address}/rollouts/two-sites/plan?state=all&location=alder&q=p")
    champion.keyboard.press("j")
    champion.keyboard.press("j")
    champion.keyboard.press("k")
    first = champion.locator("main .task__body").first
    expect(first).to_be_focused()
    champion.keyboard.press("x")
    expect(champion.locator("main .task").first.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    champion.keyboard.press("?")
    expect(champion.get_by_role("dialog", name="The keys")).to_be_visible()
    assert violations(champion) == []
    champion.keyboard.press("Escape")
    expect(champion.get_by_role("dialog", name="The keys")).to_be_hidden()
    champion.locator("main .task__body").nth(1).focus()
    champion.keyboard.press("Enter")
    champion.wait_for_url("**/tasks/*")
    champion.goto(f"{site.served.address}/account")
    champion.get_by_label("Single keys work outside of fields").uncheck()
    champion.goto(f"{site.served.address}/today")
    champion.keyboard.press("?")
    champion.wait_for_timeout(200)
    expect(champion.get_by_role("dialog", name="The keys")).to_be_hidden()


def test_the_arrows_move_from_cell_to_cell_on_the_board(page: Pages, site: Site) -> None:
    director = site.open(page(1440, 900), "dir", "/rollouts/two-sites/board")
    birch, alder = director.locator("#place-birch .cell__link"), director.locator("#place-alder .cell__link")
    birch.first.focus()
    for key, wanted in (("Right", birch.nth(1)), ("Down", alder.nth(1)), ("Left", alder.first), ("Up", birch.first)):
        director.keyboard.press(f"Arrow{key}")
        expect(wanted).to_be_focused()
    director.keyboard.press("ArrowDown")
    director.keyboard.press("Enter")
    director.wait_for_url("**/plan?*location=alder*")


def test_search_works_without_script(page: Pages, site: Site) -> None:
    director = page(820, 1100, java_script_enabled=False)
    site.served.enter(director, "dir")
    director.goto(f"{site.served.address}/rollouts/two-sites/board")
    director.get_by_role("link", name="Find or do").click()
    director.get_by_role("searchbox").fill("photograph birch")
    director.keyboard.press("Enter")
    director.get_by_role("link", name="Photograph the server room").click()
    expect(director.get_by_role("heading", level=1)).to_contain_text("Photograph the server room")


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1440, "dark")])
def test_what_was_not_sent_is_accessible(
    page: Pages, site: Site, violations: Violations, width: int, theme: str
) -> None:
    champion = site.open(page(width, 900, theme), "chA", "/rollouts/two-sites/plan?state=all")
    champion.context.set_offline(True)
    champion.get_by_role("button", name="Done: ").first.click()
    expect(champion.locator("#connection [data-when=lost]")).to_contain_text("1 change is not sent.")
    assert violations(champion) == []
    over = champion.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0
    champion.context.set_offline(False)
