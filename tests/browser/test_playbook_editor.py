"""A playbook written in a real browser: with the keyboard alone, checked as one types, and without script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import cast as casting
from tests.browser.conftest import Violations
from tests.browser.sites import Pages, Served
from tests.browser.test_journey import serving
from tests.cast import PLAYBOOK

CARET = "e => [e.selectionStart, e.value.slice(e.selectionStart - 6, e.selectionStart)]"


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path, live_server: Callable[[object], str]) -> Iterator[Served]:
    for serve in serving(sqlite_url, tmp_path, live_server):
        yield serve(casting.running)


def write_after(page: Page, line: str) -> None:
    """Put the caret at the end of a line of the text."""
    page.locator("#f-text").evaluate(
        """(e, line) => {
        const at = e.value.indexOf(line) + line.length;
        e.focus();
        e.setSelectionRange(at, at);
    }""",
        line,
    )


def test_a_version_is_written_with_the_keyboard_alone(served: Served, page: Pages) -> None:
    opened = page(1280, 900)
    served.enter(opened, "dir")
    opened.goto(f"{served.address}/playbooks/two-sites/1.0/edit")
    text = opened.locator("#f-text")
    write_after(opened, "    title: Technical readiness")
    opened.keyboard.press("Enter")
    opened.keyboard.type("wh")
    expect(opened.get_by_role("option")).to_have_count(2)
    expect(opened.get_by_role("option", selected=True)).to_contain_text("why it is done")
    opened.keyboard.press("ArrowDown")
    expect(text).to_have_attribute("aria-activedescendant", "offer-1")
    opened.keyboard.press("ArrowUp")
    opened.keyboard.press("Tab")
    opened.keyboard.type("It saves a night")
    opened.keyboard.press("Enter")
    opened.keyboard.type("ver")
    expect(opened.get_by_role("option")).to_have_count(1)
    opened.keyboard.press("Enter")
    opened.keyboard.press("Control+ ")
    expect(opened.get_by_role("option", name=re.compile("it-lead"))).to_be_visible()
    opened.keyboard.type("it")
    expect(opened.get_by_role("option").first).to_contain_text("IT lead")
    opened.keyboard.press("Enter")
    expect(opened.locator("#f-text-offers")).to_be_hidden()
    assert "    why: It saves a night\n    verify: it-lead\n    owner: champion" in text.input_value()
    expect(opened.locator("#checked")).to_contain_text("version 1.0 exists with other content")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Tab")
    expect(opened.get_by_role("button", name="Check")).to_be_focused()
    opened.get_by_role("button", name="Keep it as version 1.1").focus()
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/playbooks/two-sites/1.1")


def test_checking_as_one_types_moves_neither_caret_nor_text(served: Served, page: Pages) -> None:
    opened = page(1280, 900)
    served.enter(opened, "dir")
    opened.goto(f"{served.address}/playbooks/two-sites/1.0/edit")
    text = opened.locator("#f-text")
    write_after(opened, "    title: Technical readiness\n    owner: champion")
    opened.keyboard.type("s")
    expect(opened.locator("#checked")).to_contain_text("no role `champions`; did you mean `champion`?")
    at, before = text.evaluate(CARET)
    assert before == "mpions"
    expect(text).to_be_focused()
    expect(opened.locator(".editor__note", has_text="no role `champions`")).to_be_attached()
    expect(opened.locator(".editor__foot [role=status]")).to_contain_text("no role `champions`")
    opened.keyboard.press("Escape")
    opened.keyboard.press("Backspace")
    expect(opened.locator("#checked")).not_to_contain_text("champions")
    assert text.evaluate(CARET)[0] == at - 1
    assert text.input_value() == PLAYBOOK
    opened.keyboard.press("Control+End")
    opened.keyboard.type("lenght: 9w")
    expect(opened.locator("#checked")).to_contain_text("F11")
    opened.keyboard.press("Control+Home")
    opened.locator("#checked a[href^='#L']").last.click()
    expect(opened.locator(".editor__place")).to_have_text(f"Line {PLAYBOOK.count(chr(10)) + 1}, column 1")
    expect(text).to_be_focused()


def test_what_was_typed_is_offered_back_after_it_seemed_lost(served: Served, page: Pages) -> None:
    opened = page(1280, 900)
    served.enter(opened, "dir")
    opened.goto(f"{served.address}/playbooks/edit")
    opened.locator("#f-text").press("Control+Home")
    opened.keyboard.type("# mine ")
    opened.goto(f"{served.address}/playbooks")
    opened.goto(f"{served.address}/playbooks/edit")
    expect(opened.locator("#f-text")).not_to_have_value(re.compile("^# mine"))
    opened.get_by_role("button", name="Take it back").click()
    expect(opened.locator("#f-text")).to_have_value(re.compile("^# mine"))


def test_a_version_is_written_without_script(served: Served, page: Pages) -> None:
    opened = page(390, 844, java_script_enabled=False)
    served.enter(opened, "dir")
    opened.goto(f"{served.address}/playbooks/two-sites/1.0/edit")
    text = opened.get_by_label("Text of the playbook")
    text.fill(PLAYBOOK.replace("due: week 1 fri", "due: week 99 fri").replace('"1.0"', '"1.1"'))
    opened.get_by_role("button", name="Check").click()
    expect(opened.locator("#checked .problem[data-kind=error]")).to_contain_text("week 99 of 8")
    opened.get_by_text("Keys that fit a line").click()
    opened.get_by_label("Line", exact=True).fill("33")
    opened.get_by_role("button", name="Show its keys").click()
    expect(opened.locator("#keys")).to_contain_text("inside tasks.readiness")
    expect(opened.locator("#keys")).to_contain_text("why it is done")
    text.fill(PLAYBOOK.replace("due: week 1 fri", "due: week 2 fri").replace('"1.0"', '"1.1"'))
    opened.get_by_role("button", name="Keep it as a version").click()
    opened.wait_for_url("**/playbooks/two-sites/1.1")
    opened.goto(f"{served.address}/playbooks/two-sites/changes")
    expect(opened.locator("#words")).to_contain_text("week 2 fri")


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (820, "light"), (390, "dark")])
def test_no_page_of_playbooks_has_a_fault_that_axe_finds(
    served: Served, page: Pages, violations: Violations, width: int, theme: str
) -> None:
    opened = page(width, 900, theme=theme)
    served.enter(opened, "dir")
    paths = ("new", "edit", "two-sites/1.0/edit", "two-sites/versions", "two-sites/changes", "two-sites/1.0/dates")
    for path in paths:
        opened.goto(f"{served.address}/playbooks/{path}")
        assert violations(opened) == [], path
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, path
    opened.get_by_role("button", name="Show the dates").click()
    expect(opened.get_by_role("heading", name="Week 2")).to_be_visible()
    assert violations(opened) == []
    opened.goto(f"{served.address}/playbooks/two-sites/1.0/edit")
    write_after(opened, "    title: Technical readiness")
    opened.keyboard.press("Enter")
    opened.keyboard.press("Control+ ")
    expect(opened.get_by_role("option").first).to_be_visible()
    expect(opened.locator("#checked")).to_contain_text("needs a version of its own")
    assert violations(opened) == []
