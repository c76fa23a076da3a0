"""Work is signed for by a second person, and a signature is void on every screen once what was signed has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlmodel import select

from app.models import Signature
from app.rules.signoffs import FRESH
from tests.browser.conftest import Violations
from tests.browser.sites import Pages, Site, soon, tab_to
from tests.cast import PASSWORD, PLAYBOOK


def test_a_signature_from_todays_page_is_void_after_a_change_and_given_again(
    page: Pages, either_site: Callable[[str], Site], violations: Violations
) -> None:
    site = either_site(PLAYBOOK)
    task = site.task("migration")
    lead, director = page(1280, 900), page(1440, 900)
    site.open(director, "dir", "/today")
    expect(director.get_by_text("Waiting for you to sign")).to_have_count(0)
    site.open(lead, "itl", f"/tasks/{task}")
    lead.get_by_role("button", name="It is done").click()
    expect(director.get_by_text("Waiting for you to sign")).to_be_visible(timeout=soon())
    expect(lead.get_by_role("button", name="I sign for it")).to_have_count(0)
    assert violations(director) == []

    director.get_by_role("button", name="I sign for it").click()
    given = "Approved as Operations director, today 09:00, by password"
    expect(lead.get_by_text(given)).to_be_visible(timeout=soon())
    expect(director.get_by_role("status").get_by_text("Signed.")).to_be_visible()
    expect(director.get_by_text("Waiting for you to sign")).to_have_count(0)
    director.goto(f"{site.served.address}/tasks/{task}")
    expect(director.get_by_text(given)).to_be_visible()

    site.follow(director)
    somebody_corrects_it(site, page(820, 1100), task)
    for screen in (director, lead):
        void = screen.locator(".signature[data-state=void]")
        expect(void).to_contain_text("Void since today 09:00", timeout=soon())
        expect(void).to_contain_text("https://wiki.example.org/second-run")
    assert violations(director) == []

    site.now += FRESH + timedelta(minutes=1)
    director.get_by_role("button", name="I sign for it").click()
    expect(director.get_by_text("a signature is yours alone")).to_be_visible()
    director.get_by_label("Your password, once more").fill("not the password of anybody")
    director.get_by_role("button", name="I sign for it").click()
    expect(director.get_by_text("This is not your password. Nothing was signed.")).to_be_visible()
    assert violations(director) == []
    director.get_by_label("Your password, once more").fill(PASSWORD)
    director.get_by_role("button", name="I sign for it").click()
    for screen in (director, lead):
        expect(screen.locator(".signature[data-state=stands]")).to_be_visible(timeout=soon())
        expect(screen.locator(".signature[data-state=void]")).to_be_visible()
    with site.database.reading() as session:
        assert len(session.exec(select(Signature)).all()) == 2  # the void one is kept


def somebody_corrects_it(site: Site, page: Page, task: int) -> None:
    """The manager adds to the evidence of finished work; returns as soon as the change is stored."""
    site.open(page, "opm", f"/tasks/{task}")
    page.get_by_role("link", name="Correct what was recorded").click()
    page.locator("summary", has_text="Add a link").click()
    page.get_by_label("Address").fill("https://wiki.example.org/second-run")
    with page.expect_response("**/evidence/link"):
        page.get_by_role("button", name="Add the link").click()


def test_signing_by_the_keyboard_alone(page: Pages, site: Site) -> None:
    site.complete("migration", who="itl")
    director = site.open(page(1440, 900), "dir", "/today")
    tab_to(director, director.get_by_role("button", name="I sign for it"))
    director.keyboard.press("Enter")
    expect(director.get_by_text("Waiting for you to sign")).to_have_count(0)
    director.goto(f"{site.served.address}/tasks/{site.task('migration')}")
    expect(director.locator(".signature[data-state=stands]")).to_be_visible()
    tab_to(director, director.locator("summary", has_text="Take it back"))
    director.keyboard.press("Enter")
    tab_to(director, director.get_by_label("Why you take it back"))
    director.keyboard.type("The wrong report was attached.")
    tab_to(director, director.get_by_role("button", name="Take my signature back"))
    director.keyboard.press("Enter")
    expect(director.locator(".signature[data-state=withdrawn]")).to_contain_text("The wrong report was attached.")


def test_signing_without_script_asks_for_the_password_when_the_sign_in_is_old(page: Pages, site: Site) -> None:
    site.complete("migration", who="itl")
    director = page(390, 844, java_script_enabled=False)
    site.open_without_script(director, "dir", "/today")
    site.now += FRESH + timedelta(minutes=1)
    director.get_by_role("button", name="I sign for it").click()
    director.get_by_label("Your password, once more").fill(PASSWORD)
    director.get_by_role("button", name="I sign for it").click()
    expect(director.locator(".signature[data-state=stands]")).to_contain_text("Dana Whitfield")
