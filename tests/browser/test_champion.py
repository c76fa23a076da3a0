"""The champion's day on a phone: one tap, its way back, what is in the way, a remark, a photo, work of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Violations
from tests.browser.sites import WEEK_3, Pages, Site, photo, soon

ROLLOUT = "/rollouts/two-sites"


@pytest.fixture
def phone(page: Pages) -> Page:
    return page(390, 844, has_touch=True)


@pytest.fixture
def late_site(site: Site) -> Site:
    """The rollout in week 3, when the readiness is late everywhere."""
    site.now = WEEK_3
    return site


def test_one_tap_on_today_finishes_what_needs_no_more_and_undo_takes_it_back(phone: Page, late_site: Site) -> None:
    late_site.open(phone, "chA", "/today")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("5 things today, 5 of them late.")
    ring = phone.get_by_role("button", name="Done: Label printers and scanners work")
    box = ring.bounding_box()
    assert box and min(box["width"], box["height"]) >= 44
    ring.tap()
    expect(phone.get_by_role("status").get_by_role("button", name="Undo")).to_be_visible()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("4 things today", timeout=soon() + 500)
    phone.get_by_role("button", name="Undo").tap()
    expect(ring).to_be_visible()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("5 things today")
    assert late_site.verbs(late_site.task("scanners")) == ["task.completed", "task.reopened"]


def test_a_block_says_what_it_waits_for_and_until_when_on_the_directors_screen_too(
    page: Pages, phone: Page, late_site: Site, violations: Violations
) -> None:
    task = late_site.task("scanners")
    director = late_site.open(page(1440, 900), "dir", f"/tasks/{task}")
    late_site.open(phone, "chA", f"/tasks/{task}")
    phone.locator("summary", has_text="Something is in the way").tap()
    phone.get_by_label("What is in the way?").fill("The printers are not delivered.")
    phone.get_by_label("What does it wait for?").fill("the supplier")
    phone.get_by_label("Until when, as far as you know").fill("2027-01-22")
    assert violations(phone) == []
    phone.get_by_role("button", name="It is blocked").tap()
    for screen in (phone, director):
        notice = screen.locator(".notice", has_text="The printers are not delivered.")
        expect(notice).to_contain_text("the supplier", timeout=soon())
        expect(notice).to_contain_text("22 Jan")
    phone.get_by_role("button", name="It can go on").tap()
    expect(director.get_by_text("The printers are not delivered.").locator("visible=true")).to_have_count(1)
    assert late_site.verbs(task) == ["task.blocked", "task.unblocked"]


def test_a_remark_calls_a_person_who_finds_it_on_today(page: Pages, phone: Page, late_site: Site) -> None:
    manager = late_site.open(page(1440, 900), "opm", "/today")
    late_site.open(phone, "chA", f"/tasks/{late_site.task('scanners')}")
    phone.get_by_label("Say something about it").press_sequentially("Which roll of labels, @Om")
    phone.get_by_role("listbox", name="People").get_by_role("option", name="Omar Haddad").tap()
    phone.get_by_label("Say something about it").press_sequentially("?")
    phone.get_by_role("button", name="Say it").tap()
    expect(phone.locator(".comment__name")).to_have_text("@Omar Haddad")
    expect(manager.get_by_text("Which roll of labels")).to_be_visible(timeout=soon())


def test_a_photo_from_the_phone_is_what_the_task_wanted(phone: Page, late_site: Site, tmp_path: Path) -> None:
    late_site.open(phone, "chA", "/today")
    phone.get_by_role("link", name=re.compile("^Photograph the server room")).tap()
    camera = phone.get_by_label("Photo", exact=True)
    expect(camera).to_have_attribute("capture", "environment")
    expect(phone.get_by_role("button", name="It is done")).to_have_count(0)
    camera.set_input_files(photo(tmp_path))
    phone.get_by_role("button", name="Add the photo").tap()
    expect(phone.get_by_role("link", name="server room.png")).to_be_visible()
    phone.get_by_role("button", name="It is done").tap()
    expect(phone.get_by_text("Done. Chiara Amato")).to_be_visible()


def test_a_task_of_ones_own_stands_on_today(phone: Page, late_site: Site, violations: Violations) -> None:
    late_site.open(phone, "chA", "/today")
    phone.get_by_role("navigation", name="Tabs").get_by_role("link", name="Plan").tap()
    phone.get_by_role("link", name="Add a task").tap()
    phone.get_by_label("What is to be done").fill("Order a longer cable")
    phone.get_by_label("Due").fill("2027-01-19")
    phone.get_by_label("Who does it").select_option(label="Site champion")
    assert violations(phone) == []
    phone.get_by_role("button", name="Add it to the plan").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Order a longer cable")
    expect(phone.get_by_text("Added by hand").first).to_be_visible()
    phone.goto(f"{late_site.served.address}/today")
    phone.get_by_role("button", name="Done: Order a longer cable").tap()
    expect(phone.get_by_role("button", name="Undo")).to_be_visible()


def test_two_people_on_one_item_choose_and_both_screens_agree(
    page: Pages, phone: Page, site: Site, violations: Violations
) -> None:
    task = site.task("line-speed")
    director = site.open(page(1440, 900), "dir", f"/tasks/{task}")
    site.open(phone, "chA", f"/tasks/{task}")
    phone.get_by_label("Measure the line").fill("62")
    director.get_by_label("Measure the line").fill("140")
    director.get_by_role("button", name="Keep this answer").click()
    expect(phone.locator("#answer-given")).to_contain_text("140", timeout=soon())
    expect(phone.get_by_label("Measure the line")).to_have_value("62")
    phone.get_by_role("button", name="Keep this answer").tap()
    conflict = phone.get_by_role("alert")
    expect(conflict).to_contain_text("Dana Whitfield changed this at 09:00")
    expect(conflict).to_contain_text("Theirs140")
    expect(conflict).to_contain_text("Yours62")
    expect(conflict).to_be_focused()
    assert violations(phone) == []
    conflict.get_by_role("button", name="Use mine").tap()
    for screen in (phone, director):
        expect(screen.locator("#answer-given")).to_contain_text("62 Mbps, does not pass", timeout=soon())
    assert site.verbs(task) == ["task.answered", "task.answered"]


def test_what_was_not_sent_goes_once_each_with_one_press(phone: Page, site: Site) -> None:
    first, second = site.task("scanners"), site.task("posters")
    site.open(phone, "chA", "/rollouts/two-sites/plan?state=all&location=alder")
    phone.context.set_offline(True)
    for title in ("Label printers and scanners work", "Put up posters"):
        phone.get_by_role("button", name=f"Done: {title}").click()
    expect(phone.locator("#connection")).to_contain_text("2 changes are not sent.")
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Send now").evaluate("one => { one.click(); one.click() }")
    for title in ("Label printers and scanners work", "Put up posters"):
        expect(phone.get_by_role("button", name=f"Not done after all: {title}")).to_be_visible()
    expect(phone.locator("main .unsent")).to_have_count(0)
    assert (site.verbs(first), site.verbs(second)) == (["task.completed"], ["task.completed"])
