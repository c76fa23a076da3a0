"""One person at one task: a name completed by the keyboard, an undo, a table on a phone, two at one answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.actions.tasks.answers import answer_task
from tests.browser.conftest import Violations
from tests.browser.sites import Pages, Site
from tests.cast import NOW


def opened(site: Site, page: Page, entry: str, who: str = "chA") -> Page:
    return site.open(page, who, f"/tasks/{site.task(entry)}")


def test_a_name_is_completed_by_the_keyboard_alone(site: Site, page: Pages, violations: Violations) -> None:
    found = opened(site, page(), "scanners")
    box = found.get_by_label("Say something about it")
    box.press_sequentially("Is it paid, @had")
    people = found.get_by_role("listbox", name="People")
    expect(people.get_by_role("option")).to_have_text(["Omar Haddad"])
    expect(box).to_have_attribute("aria-activedescendant", f"reader-{site.cast.people['opm']}")
    assert violations(found) == []
    box.press("Escape")
    expect(people).to_be_hidden()
    box.press("Backspace")
    expect(people).to_be_visible()
    box.press("Enter")
    expect(box).to_have_value("Is it paid, @Omar Haddad ")
    found.get_by_role("button", name="Say it").click()
    expect(found.locator(".comment__name")).to_have_text("@Omar Haddad")
    expect(box).to_have_value("")


def test_a_list_that_nobody_is_in_stays_closed(site: Site, page: Pages) -> None:
    found = opened(site, page(), "scanners")
    box = found.get_by_label("Say something about it")
    with found.expect_response(lambda answer: "/readers?q=Bengt" in answer.url):
        box.press_sequentially("@Bengt")
    expect(found.get_by_role("listbox", name="People")).to_be_hidden()
    box.press("Enter")
    expect(box).to_have_value("@Bengt\n")


@pytest.mark.parametrize("script", [True, False])
def test_what_was_ticked_is_taken_back_from_where_it_is_said(site: Site, page: Pages, script: bool) -> None:
    found = page(java_script_enabled=script)
    if script:
        opened(site, found, "walk-through")
    else:
        site.served.enter(found, "chA")
        found.goto(f"{site.served.address}/tasks/{site.task('walk-through')}")
    line = found.get_by_role("button", name="Done: Front desk", exact=True)
    line.click()
    expect(found.get_by_role("status").get_by_text("Ticked.")).to_be_visible()
    found.get_by_role("button", name="Undo").click()
    expect(found.get_by_role("button", name="Done: Front desk", exact=True)).to_have_attribute("aria-pressed", "false")
    assert site.verbs(site.task("walk-through")) == ["task.item_checked", "task.item_unchecked"]


def test_two_at_one_answer_choose_which_stands(site: Site, page: Pages, violations: Violations) -> None:
    found = opened(site, page(width=390, height=844), "line-speed")
    box = found.get_by_label("Measure the line")
    box.fill("62")
    with site.database.writing() as session:
        task = site.cast.task(session, "line-speed")
        answer_task(session, task.id or 0, "140", seen=1, by=site.cast.viewer(session, "dir"), now=NOW)
    found.get_by_role("button", name="Keep this answer").click()
    conflict = found.get_by_role("alert")
    expect(conflict).to_contain_text("Theirs140")
    expect(conflict).to_contain_text("Yours62")
    assert violations(found) == []
    conflict.get_by_role("button", name="Use mine").click()
    expect(found.locator("#answer-given")).to_contain_text("62 Mbps, does not pass")
    assert site.verbs(site.task("line-speed")) == ["task.answered", "task.answered"]
