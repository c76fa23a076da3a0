"""A run on people's own devices: one large button, screens that follow, and no word of what was not written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import select

from app.models import RunEntry
from tests.browser.conftest import Violations
from tests.browser.sites import Pages, Site, site_of, soon
from tests.running import RUN, rehearse

TABS = 64
"""How high the tabs of a phone are."""


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, live_server: Callable[[Any], str]) -> Iterator[Site]:
    with site_of(sqlite_url, tmp_path, live_server, RUN) as found:
        yield found


@pytest.fixture
def run(site: Site) -> str:
    """The address of a rehearsal in which nothing has happened."""
    with site.database.writing() as session:
        return f"/runs/{rehearse(session, site.cast).id}"


def kinds(site: Site) -> list[str]:
    with site.database.reading() as session:
        return list(session.exec(select(RunEntry.kind).order_by(RunEntry.id)))  # type: ignore[arg-type]


def own(page: Page) -> Any:
    return page.locator(".run__own")


def test_the_next_step_passes_from_one_phone_to_the_other(
    page: Pages, site: Site, run: str, violations: Violations
) -> None:
    doer, checker = site.open(page(390, 844), "itl", run), site.open(page(390, 844), "chA", run)
    box = own(doer).get_by_role("button", name="Start").bounding_box()
    assert box is not None and box["y"] + box["height"] < 844 - TABS and box["height"] >= 44
    assert own(doer).evaluate("e => e.getBoundingClientRect().top") < 200
    own(doer).get_by_role("button", name="Start").click()
    expect(own(doer).get_by_role("button", name="Done")).to_be_visible()
    expect(checker.locator("#running")).to_contain_text("Freeze settings", timeout=soon())
    own(doer).get_by_role("button", name="Done").click()
    expect(own(checker).get_by_role("button", name="It is right")).to_be_visible(timeout=soon())
    assert violations(checker) == []
    own(checker).get_by_role("button", name="It is right").click()
    expect(own(doer).get_by_role("button", name="Start")).to_be_visible(timeout=soon())
    assert kinds(site) == ["started", "finished", "verified"]


def test_a_press_without_connection_leaves_the_form_and_says_so(page: Pages, site: Site, run: str) -> None:
    phone = site.open(page(390, 844), "itl", run)
    phone.context.set_offline(True)
    own(phone).get_by_role("button", name="Start").click()
    expect(own(phone)).to_contain_text("Not sent.")
    expect(own(phone).get_by_role("button", name="Start")).to_be_visible()
    expect(phone.get_by_text("No connection since")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_text("No connection since")).to_be_hidden()
    expect(own(phone)).to_contain_text("Not sent.")
    assert kinds(site) == []
    own(phone).get_by_role("button", name="Send").evaluate("one => { one.click(); one.click() }")
    expect(own(phone).get_by_role("button", name="Done")).to_be_visible()
    assert kinds(site) == ["started"]


def test_a_press_whose_answer_was_lost_counts_once(page: Pages, site: Site, run: str) -> None:
    phone = site.open(page(390, 844), "itl", run)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    phone.route("**/start", lose_the_answer, times=1)
    own(phone).get_by_role("button", name="Start").click()
    # Where the stream was quicker than the browser's own error, the step runs here already.
    expect(own(phone).get_by_role("button", name="Done").or_(own(phone).get_by_text("Not sent."))).to_be_visible()
    phone.reload()
    expect(own(phone).get_by_role("button", name="Done")).to_be_visible()
    assert kinds(site) == ["started"]


def test_the_minutes_go_on_by_themselves(page: Pages, site: Site, run: str) -> None:
    screen = page(1440, 900)
    screen.clock.install()
    site.open(screen, "opm", run)
    expect(screen.locator(".tclock__t")).to_have_text("T+00:00")
    site.now += timedelta(minutes=1)
    screen.clock.run_for(61_000)
    expect(screen.locator(".tclock__t")).to_have_text("T+00:01")


def test_what_is_typed_on_a_step_stays_while_others_go_on(page: Pages, site: Site, run: str) -> None:
    doer, lead = site.open(page(390, 844), "itl", f"{run}/steps/freeze"), site.open(page(1440, 900), "opm", run)
    doer.get_by_role("button", name="Start").click()
    doer.locator("#f-completion-note").fill("Two desks still open")
    lead.locator("summary", has_text="Write a note in the log").click()
    lead.get_by_label("Note").fill("All are there")
    lead.get_by_role("button", name="Write it down").click()
    expect(lead.locator("#log")).to_contain_text("All are there")
    doer.wait_for_timeout(1000)
    expect(doer.locator("#f-completion-note")).to_have_value("Two desks still open")
    doer.get_by_role("button", name="Done", exact=True).click()
    expect(doer.get_by_role("heading", level=1)).to_contain_text("1. Freeze settings")
    expect(doer.locator("#log")).to_contain_text("Two desks still open")
