"""A closed rollout is read and not changed, on every page; the next one begins from it."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlmodel import select

from app.models import Rollout
from tests.cast import NOW
from tests.web.conftest import Site

BASE = "/rollouts/two-sites"
HARMLESS = re.compile(r'action="(/sign-out|/account[^"]*|/rollouts/two-sites/(plan/views|reopening|next|people)[^"]*)"')


def close(site: Site, **form: str) -> str:
    client = site.client("dir")
    found = re.search(r'name="version" value="(\d+)"', client.get(f"{BASE}/close").text)
    assert found is not None
    answer = client.post(f"{BASE}/close", data={"version": found[1], "note": "All are live.", **form})
    return f"{answer.status_code} {answer.headers.get('location', '')}"


def much_later(site: Site) -> None:
    """A month on, when everybody signs in anew."""
    site.now = NOW + timedelta(days=30)
    site._clients.clear()


def forms(text: str) -> list[str]:
    """The addresses of the forms that change something."""
    found = re.findall(r'<form[^>]*method="post"[^>]*action="[^"]*"|<form[^>]*action="[^"]*"[^>]*method="post"', text)
    return [one for one in found if not HARMLESS.search(one)]


def test_closing_says_what_is_open_and_wants_a_note(site: Site) -> None:
    page = site.client("dir").get(f"{BASE}/close").text
    assert "Work is still open. Close" in page
    assert "7 tasks open" in page
    assert close(site, note="") == "422 "
    assert close(site, version="0") == "409 "
    assert close(site) == f"303 {BASE}/close"
    assert "Take it up again" in site.client("dir").get(f"{BASE}/close").text


def test_every_page_of_a_closed_rollout_says_so_and_has_no_form(site: Site) -> None:
    close(site)
    much_later(site)
    task = f"/tasks/{site.task('scanners')}"
    for who in ("dir", "opm", "chA", "exe"):
        client = site.client(who)
        paths = ("board", "plan", "plan/timeline", "readiness", "shared", "locations/alder")
        for page in (*(f"{BASE}/{path}" for path in paths), task):
            answer = client.get(page)
            assert (page, answer.status_code) == (page, 200)
            assert "This rollout was closed on Tuesday 5 January 2027." in answer.text
            assert (page, who, forms(answer.text)) == (page, who, [])
    answer = site.client("chA").post(f"{task}/completion", data={"version": "1"})
    assert answer.status_code == 409 and "It can be read, not changed." in answer.text
    assert site.client("dir").get(f"{BASE}/locations/new").status_code == 409


def test_its_pages_speak_of_the_moment_at_which_it_was_closed(site: Site) -> None:
    close(site)
    before = site.client("dir").get(f"{BASE}/board").text
    much_later(site)
    later = site.client("dir").get(f"{BASE}/board").text
    assert "Tuesday 5 January" in later
    assert before.count('data-status="late"') == later.count('data-status="late"')


def test_the_list_says_that_it_is_closed_and_the_day_leads_elsewhere(site: Site) -> None:
    close(site)
    text = site.client("dir").get("/rollouts").text
    assert "Closed" in text and f'href="{BASE}/board"' in text
    assert "Label printers" not in site.client("chA").get("/today").text
    page = site.client("dir").get("/?x=1")
    assert page.headers["location"] == f"{BASE}/board"


def test_it_is_taken_up_again(site: Site) -> None:
    close(site)
    client = site.client("dir")
    with site.database.reading() as session:
        version = session.get_one(Rollout, site.cast.rollout).version
    again = {"version": str(version), "reason": "One is not live."}
    assert client.post(f"{BASE}/reopening", data={**again, "reason": ""}).status_code == 422
    assert client.post(f"{BASE}/reopening", data=again).headers["location"] == f"{BASE}/manage"
    assert "This rollout was closed" not in client.get(f"{BASE}/board").text


def test_the_next_one_begins_from_it_and_both_say_so(site: Site) -> None:
    client = site.client("dir")
    form = {"title": "The next two", "playbook": str(site.cast.playbook), "locations": "yes", "people": "yes"}
    assert client.post(f"{BASE}/next", data={**form, "title": ""}).status_code == 422
    assert client.post(f"{BASE}/next", data={**form, "playbook": "999"}).status_code == 422
    assert client.post(f"{BASE}/next", data=form).headers["location"] == "/rollouts/the-next-two/set-up/start"
    assert "follows this one" in client.get(f"{BASE}/manage").text
    assert "came before" in client.get("/rollouts/the-next-two/manage").text
    assert "follows Two sites" in client.get("/rollouts").text
    with site.database.reading() as session:
        assert session.exec(select(Rollout.follows_id).where(Rollout.slug == "the-next-two")).one() == site.cast.rollout


def test_a_draft_has_nothing_to_close(draft_site: Site) -> None:
    client = draft_site.client("dir")
    assert "has not started yet" in client.get(f"{BASE}/close").text
    assert "has not started yet" in client.get(f"{BASE}/next").text
    assert client.post(f"{BASE}/close", data={"version": "1", "note": "x"}).status_code == 409
