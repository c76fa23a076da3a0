"""A whole night by two people on two browsers, from the gate that asks for it to its review, and one that goes back.

How soon each screen shows what the other did is measured in the browsers and printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.sites import Pages, Site, site_of, soon
from tests.cast import PASSWORD
from tests.gating import gate_id
from tests.running import RUN

REHEARSED = "      rehearsed: {title: Rehearsed, rehearsal: night, pass: at most 1, critical: true}\n"
ASKING = RUN.replace("      ready:", f"{REHEARSED}      ready:")
NOTE_SENDING = "() => document.addEventListener('submit', () => { window.sentAt = Date.now() }, true)"
SHOWN_AT = """([place, said, until]) => new Promise(done => {
  const end = Date.now() + until;
  const look = () => {
    const there = (document.querySelector(place)?.textContent ?? "").replace(/\\s+/g, " ").includes(said);
    if (there || Date.now() > end) done(there ? Date.now() : 0); else setTimeout(look, 10);
  };
  look();
})"""
HEAD, PATIENCE = ".run__head", 10_000


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path, live_server: Callable[[Any], str]) -> Iterator[Site]:
    with site_of(sqlite_url, tmp_path, live_server, ASKING) as found:
        yield found


class Two:
    """The director at a desk and the champion on a phone, both in the room of one run."""

    def __init__(self, site: Site, page: Pages) -> None:
        self.site = site
        self.director = site.open(page(1440, 900), "dir", "/today")
        self.champion = site.open(page(390, 844), "chA", "/today")
        self.seen: list[tuple[str, float]] = []

    def both_at(self, address: str) -> None:
        for one in (self.director, self.champion):
            one.goto(address)
            self.site.follow(one)
            one.evaluate(NOTE_SENDING)

    def press(self, who: Page, button: Locator, said: str, place: str = HEAD) -> None:
        """One presses, and the words come to stand on both screens: on the other's within so many milliseconds."""
        self.site.now += timedelta(minutes=1)
        button.click()
        other = self.champion if who is self.director else self.director
        shown = other.evaluate(SHOWN_AT, [place, said, PATIENCE])
        assert shown, f"the other screen never showed “{said}”"
        assert who.evaluate(SHOWN_AT, [place, said, PATIENCE]), f"the own screen never showed “{said}”"
        self.seen.append((said, shown - who.evaluate("window.sentAt")))

    def row(self, who: Page, step: str) -> Locator:
        """Where a step stands among those that run or come next."""
        return who.locator("#running li, #next li").filter(has_text=step)

    def do(self, who: Page, step: str, done: int, then: str = "") -> None:
        """Begin a step and finish it; `then` is what the screens say of it, if it is not over by that."""
        after = then or f"{done + 1} of 8 steps done"
        for button, said in (("Start", f"{done} of 8 steps done, 1 running"), ("Done", after)):
            self.press(who, self.row(who, step).get_by_role("button", name=button, exact=True), said)

    def on_its_page(self, who: Page, step: str, fill: Callable[[Page], Locator], said: str, place: str = HEAD) -> None:
        """What asks for more than a press is done on the page of the step, which leads back to the room."""
        room = who.url
        who.goto(f"{room}/steps/{step}")
        who.evaluate(NOTE_SENDING)
        self.site.now += timedelta(minutes=1)
        fill(who).click()
        other = self.champion if who is self.director else self.director
        shown = other.evaluate(SHOWN_AT, [place, said, PATIENCE])
        assert shown, f"the other screen never showed “{said}”"
        self.seen.append((said, shown - who.evaluate("window.sentAt")))
        who.goto(room)
        self.site.follow(who)
        who.evaluate(NOTE_SENDING)


def rehearse(two: Two) -> str:
    """From the gate that asks for it, by what stands behind its criterion."""
    desk = two.director
    desk.goto(gate_of(two.site))
    expect(desk.get_by_text("not rehearsed yet").first).to_be_visible()
    desk.get_by_role("link", name="Rehearsed").first.click()
    desk.get_by_role("row").filter(has_text="Alder").get_by_role("link", name="Cutover").first.click()
    desk.get_by_role("button", name="Rehearse it").click()
    expect(desk.locator(".run__head")).to_contain_text("0 of 8 steps done")
    return desk.url


def gate_of(site: Site) -> str:
    with site.database.reading() as session:
        return f"{site.served.address}/gates/{gate_id(session, site.cast, 'go')}"


def block(page: Page) -> Locator:
    page.locator("summary", has_text="It cannot go on").click()
    form = page.locator("#block")
    form.get_by_label("What is in the way").fill("The console hangs")
    form.get_by_label("How grave it is").select_option("normal")
    form.get_by_label("It should be over by").fill("10:30")
    return form.get_by_role("button", name="It is blocked")


def answered(page: Page) -> Locator:
    page.locator("#completion").get_by_label("Answer").fill("412")
    return page.locator("#completion").get_by_role("button", name="Done", exact=True)


def passed(page: Page) -> Locator:
    page.locator("#completion").get_by_text("Pass", exact=True).click()
    return page.locator("#completion").get_by_role("button", name="Done", exact=True)


def one_round(page: Page) -> Locator:
    return page.locator("#completion").get_by_role("button", name="One more round")


def last_round(page: Page) -> Locator:
    return page.locator("#completion").get_by_role("button", name="It is over")


def test_a_rehearsal_from_its_gate_to_its_review(page: Pages, site: Site) -> None:
    two = Two(site, page)
    desk, phone = two.director, two.champion
    two.both_at(rehearse(two))
    two.do(desk, "Freeze settings", 0, "1 to be checked")
    two.press(phone, phone.locator(".run__own").get_by_role("button", name="It is right"), "1 of 8 steps done")
    two.press(desk, two.row(desk, "Patients").get_by_role("button", name="Start"), "1 running, none blocked")
    two.on_its_page(desk, "patients", block, "1 blocked")
    two.press(desk, two.row(desk, "Patients").get_by_role("button", name="It goes on"), "1 running, none blocked")
    two.on_its_page(desk, "patients", answered, "2 of 8 steps done")
    two.do(desk, "Orders", 2)
    two.do(phone, "Tell everybody", 3)
    two.press(phone, two.row(phone, "Try a study").get_by_role("button", name="Start"), "4 of 8 steps done, 1 running")
    two.on_its_page(phone, "try-out", passed, "5 of 8 steps done")
    two.press(phone, two.row(phone, "Pulse").get_by_role("button", name="Start"), "5 of 8 steps done, 1 running")
    two.on_its_page(phone, "pulse", one_round, "round 2", "#running")
    two.on_its_page(phone, "pulse", last_round, "6 of 8 steps done")
    two.do(phone, "First patient", 6)
    two.do(desk, "Settings open", 7)
    two.press(desk, desk.get_by_role("button", name="End the run"), "The run is over.", "#run")
    desk.get_by_role("link", name="Its review").click()
    expect(desk.locator("main")).to_contain_text("One step was blocked for 1 minute.")
    expect(desk.get_by_role("link", name="Issue 1").first).to_be_visible()
    desk.goto(gate_of(site))
    expect(desk.locator("main")).to_contain_text("1 blocked")
    report(two)


def go_back(page: Page) -> Locator:
    page.locator("summary", has_text="Decide to go back").click()
    form = page.locator("#back")
    form.get_by_label("Why").fill("The images are incomplete")
    if form.get_by_label("Your password, once more").count():
        form.get_by_label("Your password, once more").fill(PASSWORD)
    return form.get_by_role("button", name="Go back")


def test_a_rehearsal_that_goes_back(page: Pages, site: Site) -> None:
    two = Two(site, page)
    desk, phone = two.director, two.champion
    two.both_at(rehearse(two))
    two.do(desk, "Freeze settings", 0, "1 to be checked")
    two.press(phone, phone.locator(".run__own").get_by_role("button", name="It is right"), "1 of 8 steps done")
    two.press(desk, go_back(desk), "The run goes back.", "#run")
    for number, step in enumerate(("Tell everyone", "Settings open again")):
        two.press(desk, two.row(desk, step).get_by_role("button", name="Start"), f"{number} of 2 steps done, 1 running")
        two.press(
            desk, two.row(desk, step).get_by_role("button", name="Done", exact=True), f"{number + 1} of 2 steps done"
        )
    two.press(desk, desk.get_by_role("button", name="End the run"), "The run is over.", "#run")
    desk.get_by_role("link", name="Its review").click()
    expect(desk.locator("main")).to_contain_text("The images are incomplete")
    desk.goto(gate_of(site))
    expect(desk.get_by_text("not rehearsed yet").first).to_be_visible()
    report(two)


def report(two: Two) -> None:
    took = sorted(ms for _, ms in two.seen)
    middle, last = took[len(took) // 2], took[-1]
    print(f"{len(took)} changes on the other screen after {middle:.0f} ms (median), {last:.0f} ms (the slowest)")
    late = {said: ms for said, ms in two.seen if ms > soon()}
    assert not late
