"""The main steps of a day with a browser that runs no script: forms and links alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sites import WEEK_3, Pages, Site, photo
from tests.cast import NOW

ROLLOUT = "/rollouts/two-sites"


@pytest.fixture
def late_site(site: Site) -> Site:
    site.now = WEEK_3
    return site


@pytest.fixture
def phone(page: Pages) -> Page:
    return page(390, 844, has_touch=True, java_script_enabled=False)


def test_a_champion_finishes_says_what_is_in_the_way_and_calls_somebody(phone: Page, late_site: Site) -> None:
    late_site.open_without_script(phone, "chA", "/today")
    phone.get_by_role("button", name="Done: Put up posters").tap()
    expect(phone.get_by_role("button", name="Done: Put up posters")).to_have_count(0)
    phone.get_by_role("link", name=re.compile("^Label printers")).tap()
    phone.locator("summary", has_text="Something is in the way").tap()
    phone.get_by_label("What is in the way?").fill("The printers are not delivered.")
    phone.get_by_label("What does it wait for?").fill("the supplier")
    phone.get_by_label("Until when, as far as you know").fill("2027-01-22")
    phone.get_by_role("button", name="It is blocked").tap()
    expect(phone.locator(".notice", has_text="The printers are not delivered.")).to_contain_text("22 Jan")
    phone.get_by_label("Say something about it").fill("Can you call them, @Omar Haddad?")
    phone.get_by_role("button", name="Say it").tap()
    expect(phone.locator(".comment__name")).to_have_text("@Omar Haddad")
    assert late_site.verbs(late_site.task("scanners")) == ["task.blocked", "task.commented"]


def test_a_champion_adds_a_photo_and_a_task(phone: Page, late_site: Site, tmp_path: Path) -> None:
    late_site.open_without_script(phone, "chA", f"/tasks/{late_site.task('photos')}")
    phone.get_by_label("Photo", exact=True).set_input_files(photo(tmp_path))
    phone.get_by_role("button", name="Add the photo").tap()
    expect(phone.get_by_role("link", name="server room.png")).to_be_visible()
    phone.goto(f"{late_site.served.address}{ROLLOUT}/tasks/new")
    phone.get_by_label("What is to be done").fill("Order a longer cable")
    phone.get_by_label("Who does it").select_option(label="Site champion")
    phone.get_by_role("button", name="Add it to the plan").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Order a longer cable")


def test_two_at_one_answer_choose_which_stands(phone: Page, page: Pages, site: Site) -> None:
    task = site.task("line-speed")
    other = page(1440, 900, java_script_enabled=False)
    for one, who in ((phone, "chA"), (other, "dir")):
        site.open_without_script(one, who, f"/tasks/{task}")
    for one, figure in ((other, "140"), (phone, "62")):
        one.get_by_label("Measure the line").fill(figure)
        one.get_by_role("button", name="Keep this answer").click()
    conflict = phone.get_by_role("alert")
    expect(conflict).to_contain_text("Theirs140")
    conflict.get_by_role("button", name="Use mine").click()
    expect(phone.locator("#answer-given")).to_contain_text("62 Mbps, does not pass")


def test_a_director_gives_three_tasks_and_moves_one(page: Pages, site: Site) -> None:
    assert site.now == NOW
    director = page(1440, 900, java_script_enabled=False)
    site.open_without_script(director, "dir", f"{ROLLOUT}/plan?location=alder&state=all")
    for title in ("Have the cabling checked", "Migration test", "Photograph the server room"):
        director.get_by_label(f"Choose {title}").check()
    director.get_by_label("Give to").select_option(label="Chiara Amato")
    director.get_by_role("button", name="Give", exact=True).click()
    director.get_by_role("button", name="Give 3 tasks to Chiara Amato").click()
    expect(director.get_by_text("3 tasks have a new owner.")).to_be_visible()
    director.goto(f"{site.served.address}/tasks/{site.task('cabling')}")
    expect(director.get_by_text("it is theirs")).to_be_visible()
    director.get_by_role("link", name="Move it").click()
    director.get_by_label("Due").fill("2027-01-20")
    director.get_by_role("button", name="Show what moves").click()
    director.get_by_label("Why it moves").fill("No engineer before.")
    director.get_by_role("button", name=re.compile("^Move .*date")).click()
    director.wait_for_url(f"**/tasks/{site.task('cabling')}")
    expect(director.get_by_text("Wed 20 Jan").first).to_be_visible()


def test_a_director_moves_a_cutover(page: Pages, site: Site) -> None:
    director = page(1440, 900, java_script_enabled=False)
    site.open_without_script(director, "dir", f"{ROLLOUT}/locations/alder")
    director.get_by_role("link", name="Move the cutover").click()
    director.get_by_label("Day").fill("2027-02-15")
    director.get_by_role("button", name="Show what moves").click()
    director.get_by_label("Why it moves").fill("Snow is announced.")
    director.get_by_role("button", name=re.compile(r"Move all \d+ dates")).click()
    director.wait_for_url(f"**{ROLLOUT}/locations/alder")
    expect(director.get_by_text("Mon 15 Feb").first).to_be_visible()
