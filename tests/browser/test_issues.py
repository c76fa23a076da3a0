"""Issues in a browser: a chosen photo outlives a refusal, the bell follows on every page, texts are taken away."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from app.actions.issues.reporting import report_issue
from app.actions.issues.talking import say
from app.actions.people.memberships import remove_membership
from app.actions.tasks.assignments import assign_tasks
from app.models import Issue, IssueFile, IssueNote, Membership
from tests.browser.conftest import Violations
from tests.browser.sites import Pages, Site, photo, soon
from tests.cast import NOW

FORM = "/rollouts/two-sites/issues/new?location=alder"
PATIENT = "Wrong label, MRN 48213377"


def chosen(page: Page) -> list[str]:
    found: list[str] = page.locator("#f-file").evaluate("input => [...input.files].map(file => file.name)")
    return found


def report(site: Site) -> int:
    with site.database.writing() as session:
        by, place = site.cast.viewer(session, "chA"), site.cast.locations["alder"]
        row = report_issue(
            session, site.cast.rollout, location_id=place, title="Labels print twice", details="Mrs Example waits",
            severity="normal", by=by, now=NOW,
        )  # fmt: skip
        say(session, row.id or 0, text="Mrs Example still waits", by=by, now=NOW)
        return row.id or 0


def give(site: Site, entry: str) -> None:
    """Chiara gets a task, and with it a line in her inbox."""
    with site.database.writing() as session:
        task, by = site.cast.task(session, entry), site.cast.viewer(session, "dir")
        assign_tasks(session, {task.id or 0: task.version}, site.cast.people["chA"], by=by, now=NOW)


def test_a_photo_outlives_a_warning_and_travels_with_the_report(page: Pages, site: Site, tmp_path: Path) -> None:
    champion = site.open(page(390, 844), "chA", FORM)
    champion.get_by_label("What is wrong").fill(PATIENT)
    champion.locator("#f-file").set_input_files(photo(tmp_path))
    champion.get_by_role("button", name="Report it").click()
    expect(champion.get_by_text("Nothing is stored yet")).to_be_visible()
    assert chosen(champion) == ["server room.png"]
    expect(champion.get_by_text("Choose the photo again")).to_have_count(0)
    expect(champion.get_by_label("What is wrong")).to_have_value(PATIENT)
    champion.get_by_label("It names no patient").check()
    champion.get_by_role("button", name="Report it").click()
    champion.wait_for_url("**/issues/1")
    expect(champion.get_by_role("link", name="server room.png")).to_be_visible()
    with site.database.reading() as session:
        assert len(session.exec(select(Issue)).all()) == len(session.exec(select(IssueFile)).all()) == 1


def test_without_script_the_page_says_that_it_must_be_chosen_again(page: Pages, site: Site, tmp_path: Path) -> None:
    champion = site.open_without_script(page(390, 844, java_script_enabled=False), "chA", FORM)
    champion.get_by_label("What is wrong").fill(PATIENT)
    champion.locator("#f-file").set_input_files(photo(tmp_path))
    champion.get_by_role("button", name="Report it").click()
    expect(champion.get_by_text("Choose the photo again: it could not be kept.")).to_be_visible()


def test_who_may_no_longer_report_is_told_so(page: Pages, site: Site) -> None:
    champion = site.open(page(), "chA", FORM)
    champion.get_by_label("What is wrong").fill("No paper")
    with site.database.writing() as session:
        held = session.exec(select(Membership.id).where(Membership.person_id == site.cast.people["chA"])).one()
        remove_membership(session, held or 0, by=site.cast.viewer(session, "dir"), now=NOW)
    champion.get_by_role("button", name="Report it").click()
    expect(champion.get_by_role("heading", level=1)).not_to_contain_text("What is wrong")
    expect(champion.locator("main")).to_contain_text("404")


@pytest.mark.parametrize("path", ["/rollouts/two-sites/plan", "/account", FORM])
def test_the_bell_follows_within_a_second_on_every_page(page: Pages, site: Site, path: str) -> None:
    screen = site.open(page(), "chA", path)
    bell = screen.locator(".top .bell")
    expect(bell).to_have_accessible_name("Inbox")
    asked: list[str] = []
    screen.on("request", lambda request: asked.append(request.url) if "/inbox" in request.url else None)
    give(site, "photos")
    expect(bell).to_have_accessible_name("Inbox, 1 not seen", timeout=soon())
    give(site, "line-speed")
    expect(bell).to_have_accessible_name("Inbox, 2 not seen", timeout=soon())
    other = screen.context.new_page()
    other.goto(f"{site.served.address}/inbox")
    other.get_by_role("button", name="Mark all as seen").click()
    expect(other.get_by_text("Everything is seen.")).to_be_visible()
    screen.bring_to_front()
    expect(bell).to_have_accessible_name("Inbox", timeout=soon())
    assert len(asked) == 3, asked
    bell.click()
    screen.wait_for_url("**/inbox")


def test_an_open_inbox_follows_what_is_seen_elsewhere(page: Pages, site: Site) -> None:
    give(site, "photos")
    screen = site.open(page(), "chA", "/inbox")
    expect(screen.get_by_text("1 not seen", exact=True)).to_be_visible()
    other = screen.context.new_page()
    other.goto(f"{site.served.address}/inbox")
    other.get_by_role("button", name="Mark all as seen").click()
    screen.bring_to_front()
    expect(screen.get_by_text("Everything is seen.")).to_be_visible(timeout=soon() + 500)


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_a_text_is_chosen_and_taken_away(
    page: Pages, site: Site, violations: Violations, width: int, theme: str
) -> None:
    found = report(site)
    screen = site.open(page(width, 900, theme), "opm", f"/issues/{found}")
    screen.locator("summary", has_text="A patient is named here").click()
    screen.get_by_label("The note of Chiara Amato").check()
    assert violations(screen) == []
    over = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0
    screen.get_by_role("button", name="Take it away for good").click()
    expect(screen.locator("#history")).to_contain_text("took a note away for good")
    with site.database.reading() as session:
        assert session.exec(select(IssueNote.said)).one() == "Taken away: it named a patient."


def test_two_quick_clicks_write_one_note_and_the_next_note_is_another(page: Pages, site: Site) -> None:
    found = report(site)
    screen = site.open(page(), "opm", f"/issues/{found}")
    screen.get_by_label("Say how it stands").fill("On it")
    screen.get_by_role("button", name="Say it").dblclick()
    expect(screen.locator("#notes .comment")).to_have_count(2)
    screen.get_by_label("Say how it stands").fill("Done soon")
    screen.get_by_role("button", name="Say it").click()
    expect(screen.locator("#notes .comment")).to_have_count(3)
    screen.wait_for_timeout(500)
    with site.database.reading() as session:
        assert [one.said for one in session.exec(select(IssueNote))][1:] == ["On it", "Done soon"]
