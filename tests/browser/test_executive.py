"""The executive with a tablet: the sentence, the reason, the tasks behind it, and that it changes."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Violations
from tests.browser.sites import WEEK_3, Pages, Site, soon, tab_to
from tests.cast import PLAYBOOK

READINESS = "/rollouts/two-sites/readiness"


def test_from_the_sentence_to_the_tasks_and_back_to_a_better_sentence(
    page: Pages, open_site: Callable[[str], Site], violations: Violations
) -> None:
    site = open_site(PLAYBOOK.replace("tasks: [readiness, migration]", "tasks: [scanners]"))
    site.now = WEEK_3
    tablet = site.open(page(820, 1180, has_touch=True), "exe", READINESS)
    say = tablet.get_by_role("heading", level=1)
    expect(say).to_contain_text("not ready")
    tablet.locator("#centre-alder").get_by_role("link", name="0 of 1 met").tap()
    tablet.get_by_role("link", name="Readiness done", exact=True).tap()
    late = tablet.get_by_role("listitem").filter(has_text="Label printers and scanners work")
    expect(late).to_contain_text("Late")
    expect(tablet.get_by_text("0 of 1").first).to_be_visible()
    assert violations(tablet) == []
    site.follow(tablet)
    site.complete("scanners", who="chA")
    expect(tablet.get_by_text("1 of 1").first).to_be_visible(timeout=soon())
    tablet.get_by_role("navigation", name=re.compile("Where|crumb", re.I)).get_by_role("link", name="Readiness").tap()
    tablet.wait_for_url(f"**{READINESS}")
    site.follow(tablet)
    before = say.inner_text()
    site.complete("scanners", "birch", who="chB")
    expect(say).not_to_have_text(before, timeout=soon())
    expect(say).not_to_contain_text("not ready")


def test_the_reason_is_reached_by_the_keyboard_alone_and_without_script(page: Pages, site: Site) -> None:
    site.now = WEEK_3
    desk = site.open(page(1440, 900), "exe", READINESS)
    tab_to(desk, desk.locator("#centre-alder").get_by_role("link", name="0 of 1 met"))
    desk.keyboard.press("Enter")
    tab_to(desk, desk.get_by_role("link", name="Readiness done", exact=True))
    desk.keyboard.press("Enter")
    tab_to(desk, desk.get_by_role("link", name=re.compile("^Label printers")))
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/tasks/{site.task('scanners')}")

    plain = page(820, 1180, java_script_enabled=False)
    site.open_without_script(plain, "exe", READINESS)
    plain.locator("#centre-alder").get_by_role("link", name="0 of 1 met").click()
    plain.get_by_role("link", name="Readiness done", exact=True).click()
    plain.get_by_role("link", name=re.compile("^Label printers")).click()
    plain.wait_for_url(f"**/tasks/{site.task('scanners')}")
