"""The director's day at the desk, with a champion's page open elsewhere: found, given, moved, and the other follows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final

from playwright.sync_api import expect

from tests.actions.test_moves import CHAINED
from tests.browser.conftest import Violations
from tests.browser.sites import WEEK_3, Pages, Site, soon, tab_to
from tests.cast import PLAYBOOK

ROLLOUT: Final = "/rollouts/two-sites"


def test_a_late_task_is_found_and_finished_by_the_keyboard_alone(page: Pages, site: Site) -> None:
    site.now = WEEK_3
    director = page(1440, 900)
    site.open(director, "dir", f"{ROLLOUT}/board")
    director.keyboard.press("Control+k")
    director.keyboard.type("printers birch")
    found = director.get_by_role("option", selected=True)
    expect(found).to_contain_text("Label printers and scanners work")
    expect(found).to_have_accessible_name(re.compile("^Late"))
    director.keyboard.press("Enter")
    director.wait_for_url(f"**/tasks/{site.task('scanners', 'birch')}")
    expect(director.get_by_text("4 days late")).to_be_visible()
    tab_to(director, director.get_by_role("button", name="It is done"))
    director.keyboard.press("Enter")
    expect(director.get_by_text("Done. Dana Whitfield")).to_be_visible()
    assert site.verbs(site.task("scanners", "birch")) == ["task.completed"]


def test_three_tasks_are_given_at_once_and_stand_on_todays_page_within_a_second(
    page: Pages, either_site: Callable[[str], Site], violations: Violations
) -> None:
    site = either_site(PLAYBOOK)
    site.now = WEEK_3
    champion, director = page(390, 844, has_touch=True), page(1440, 900)
    site.open(champion, "chA", "/today")
    expect(champion.get_by_role("heading", level=1)).to_contain_text("5 things today")
    site.open(director, "dir", f"{ROLLOUT}/plan?location=alder&state=all")
    for title in ("Have the cabling checked", "Migration test", "Photograph the server room"):
        director.get_by_label(f"Choose {title}").check()
    director.get_by_label("Give to").select_option(label="Chiara Amato")
    director.get_by_role("button", name="Give", exact=True).click()
    expect(director.get_by_role("heading", level=1)).to_contain_text("3 tasks go to Chiara Amato.")
    assert violations(director) == []
    expect(champion.get_by_role("link", name=re.compile("Have the cabling checked"))).to_have_count(0)
    began = time.monotonic()
    director.get_by_role("button", name="Give 3 tasks to Chiara Amato").click()
    cabling = champion.get_by_role("link", name=re.compile("Have the cabling checked"))
    expect(cabling.first).to_be_attached(timeout=soon())
    print(f"the champion's page followed after {time.monotonic() - began:.2f} s")
    expect(director.get_by_text("3 tasks have a new owner.")).to_be_visible()
    expect(champion.get_by_role("heading", level=1)).to_contain_text("6 things today")


def test_a_task_moves_with_what_hangs_on_it_once_the_preview_was_seen(
    page: Pages, open_site: Callable[[str], Site], violations: Violations
) -> None:
    site = open_site(CHAINED)
    champion, director = page(390, 844, has_touch=True), page(1440, 900)
    site.open(champion, "chA", f"/tasks/{site.task('labels')}")
    expect(champion.get_by_text("Wed 20 Jan").first).to_be_visible()
    site.open(director, "dir", f"/tasks/{site.task('scanners')}")
    director.get_by_role("link", name="Move it").click()
    director.get_by_label("Due").fill("2027-01-20")
    director.get_by_role("button", name="Show what moves").click()
    expect(director.get_by_text("4 dates move; 3 people are told.")).to_be_visible()
    lines = director.get_by_role("table", name="What moves, from which day to which")
    expect(lines.get_by_role("row", name=re.compile("Order labels.*20 Jan.*25 Jan"))).to_be_visible()
    assert violations(director) == []
    director.get_by_label("Why it moves").fill("No engineer before.")
    expect(champion.get_by_text("Mon 25 Jan")).to_have_count(0)
    director.get_by_role("button", name="Move all 4 dates").click()
    expect(champion.get_by_text("Mon 25 Jan").first).to_be_visible(timeout=soon())
    director.wait_for_url(f"**/tasks/{site.task('scanners')}")
    expect(director.get_by_text("No engineer before.").first).to_be_visible()


def test_a_cutover_moves_and_the_champions_countdown_within_a_second(
    page: Pages, either_site: Callable[[str], Site], violations: Violations
) -> None:
    site = either_site(CHAINED)
    champion, director = page(390, 844, has_touch=True), page(1440, 900)
    site.open(champion, "chA", "/today")
    expect(champion.get_by_role("heading", level=1)).to_contain_text("34 days to first patient")
    site.open(director, "dir", f"{ROLLOUT}/locations/alder")
    director.get_by_role("link", name="Move the cutover").click()
    director.get_by_label("Day").fill("2027-02-15")
    director.get_by_role("button", name="Show what moves").click()
    expect(director.get_by_text("Alder: Mon 8 Feb, 07:00 Central becomes Mon 15 Feb, 07:00 Central")).to_be_visible()
    expect(director.get_by_text("Told: Abena Boateng, Chiara Amato, Ivo Tanaka.")).to_be_visible()
    assert violations(director) == []
    director.get_by_role("button", name=re.compile(r"Move all \d+ dates")).click()
    expect(director.get_by_label("Why it moves")).to_be_focused()  # a reason is wanted, and nothing has moved
    expect(champion.get_by_role("heading", level=1)).to_contain_text("34 days to first patient")
    director.get_by_label("Why it moves").fill("Snow is announced.")
    director.get_by_role("button", name=re.compile(r"Move all \d+ dates")).click()
    expect(champion.get_by_role("heading", level=1)).to_contain_text("41 days to first patient", timeout=soon())
    director.wait_for_url(f"**{ROLLOUT}/locations/alder")
