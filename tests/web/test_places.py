"""A director adds, pauses, drops and describes centres in the browser, without any script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.models import Job, Location, Membership, Pause, Person
from app.worker import tick
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK
from tests.web.conftest import Site

PLACES = "/rollouts/two-sites/locations"
BOOK = PLAYBOOK.replace("locations: 2}", "locations: 2 .. 3}")
ARCHIVE = "  archive: {title: Archive it, owner: champion, due: week 3, where: {legacy: true}}\n  migration: {"
CEDAR = {
    "name-0": "Cedar", "zone-0": "America/Denver", "wave-0": "pilot", "attribute-0-legacy": "no",
    "reason": "They asked.", "role-1": "champion", "location-1": "", "name-1": "Noor Zaman",
    "email-1": "ch0@example.org",
}  # fmt: skip


@pytest.fixture
def open_site(bare_site: Site) -> Site:
    """The cast in a rollout whose wave has room for one more."""
    bare_site.cast = casting.running(bare_site.database, BOOK)
    return bare_site


def shown(text: str) -> str:
    """The fingerprint that a preview carries."""
    found = re.search(r'name="shown" value="([0-9a-f]+)"', text)
    assert found is not None, text
    return found[1]


def location(site: Site, slug: str) -> Location:
    with site.database.reading() as session:
        return session.exec(select(Location).where(Location.slug == slug)).one()


def run(site: Site) -> None:
    with site.database.writing() as session:
        tick(session, NOW)


def test_a_centre_is_added_after_its_preview(open_site: Site) -> None:
    client = open_site.client("dir")
    assert "Which centre joins?" in client.get(f"{PLACES}/new").text
    first = client.post(f"{PLACES}/new", data=CEDAR)
    assert first.status_code == 200 and "Cedar goes live Mon 8 Feb, 07:00 Mountain." in first.text
    done = client.post(f"{PLACES}/new", data={**CEDAR, "shown": shown(first.text)})
    assert (done.status_code, done.headers["location"]) == (303, "/rollouts/two-sites/manage")
    for page in ("manage", "board", "readiness"):
        text = client.get(f"/rollouts/two-sites/{page}").text
        assert (page, "Cedar" in text, "Being planned" in text) == (page, True, True)
    run(open_site)
    for page in ("manage", "board", "readiness"):
        text = client.get(f"/rollouts/two-sites/{page}").text
        assert (page, "Cedar" in text, "Being planned" in text) == (page, True, False)
    with open_site.database.reading() as session:
        held = session.exec(
            select(Person.name)
            .join(Membership, Membership.person_id == Person.id)  # type: ignore[arg-type]
            .where(Membership.location_id == location(open_site, "cedar").id)
        ).all()
    assert held == ["Noor Zaman"]


def test_a_form_that_lacks_something_says_what_and_keeps_the_rest(open_site: Site) -> None:
    client = open_site.client("dir")
    for change, told in (
        ({"name-0": ""}, "Say what it is called."),
        ({"wave-0": ""}, "Choose its wave."),
        ({"zone-0": "Nowhere/Else"}, "Nowhere/Else"),
        ({"name-0": "Alder"}, "There is a location alder already"),
        ({"reason": "", "shown": "x"}, "Say something here."),
        ({"email-1": "nobody", "shown": "x"}, "Give the name and the e-mail address."),
    ):
        answer = client.post(f"{PLACES}/new", data={**CEDAR, **change})
        assert (change, answer.status_code) == (change, 422)
        assert told in answer.text and 'value="Noor Zaman"' in answer.text
    assert "The plan has changed since you looked" in client.post(f"{PLACES}/new", data={**CEDAR, "shown": "x"}).text
    with open_site.database.reading() as session:
        assert len(session.exec(select(Location)).all()) == 2


def test_a_wave_without_room_shows_why_and_has_no_way_on(site: Site) -> None:
    answer = site.client("dir").post(f"{PLACES}/new", data=CEDAR)
    assert "Pilot takes 2 locations, 3 are assigned to it" in answer.text
    assert re.search(r"<button[^>]* disabled>Add Cedar</button>", answer.text)


def test_a_plan_that_failed_says_so_and_is_tried_again(open_site: Site) -> None:
    client = open_site.client("dir")
    client.post(f"{PLACES}/new", data={**CEDAR, "shown": shown(client.post(f"{PLACES}/new", data=CEDAR).text)})
    with open_site.database.writing() as session:
        job = session.exec(select(Job).where(Job.state == "waiting")).one()
        job.state, job.next_at, job.error = "failed", None, "No room on the disk."
        session.add(job)
    assert "No room on the disk." in client.get("/rollouts/two-sites/manage").text
    assert client.post(f"{PLACES}/cedar/retry").status_code == 303
    run(open_site)
    assert location(open_site, "cedar").planned_at == NOW


def test_a_centre_stands_still_and_the_board_says_why(site: Site) -> None:
    client = site.client("dir")
    assert client.post(f"{PLACES}/birch/pause", data={"reason": ""}).status_code == 422
    done = client.post(f"{PLACES}/birch/pause", data={"reason": "The river came in."})
    assert (done.status_code, done.headers["location"]) == (303, f"{PLACES}/birch")
    site.now = NOW + timedelta(days=40)
    site._clients.clear()
    said = "Paused since Tue 5 Jan: The river came in."
    for who in ("opm", "itl"):
        assert said in site.client(who).get("/rollouts/two-sites/board").text
    assert said in site.client("exe").get("/rollouts/two-sites/readiness").text
    assert "Label printers and scanners work" not in site.client("chB").get("/today").text
    assert "The river came in." in site.client("dir").get(f"{PLACES}/birch/pause").text
    done = site.client("dir").post(f"{PLACES}/birch/resumption", data={"then": "cutover"})
    assert done.headers["location"] == f"{PLACES}/birch/cutover"
    assert "Label printers and scanners work" in site.client("chB").get("/today").text
    with site.database.reading() as session:
        assert session.exec(select(Pause.ended_at)).one() is not None


def test_a_centre_leaves_and_comes_back(site: Site) -> None:
    client = site.client("dir")
    first = client.get(f"{PLACES}/birch/leave").text
    assert "Does Birch leave this rollout?" in first
    assert "Pilot takes 2 locations, 1 is assigned to it" in first
    data = {"reason": "It was sold.", "shown": shown(first)}
    assert client.post(f"{PLACES}/birch/leave", data={**data, "reason": ""}).status_code == 422
    assert client.post(f"{PLACES}/birch/leave", data={**data, "shown": "x"}).status_code == 409
    assert client.post(f"{PLACES}/birch/leave", data=data).headers["location"] == "/rollouts/two-sites/manage"
    assert "left Tue 5 Jan: It was sold." in client.get("/rollouts/two-sites/manage").text
    assert "Birch" not in client.get("/rollouts/two-sites/board").text
    task = site.client("chB").get(f"/tasks/{site.task('scanners', 'birch')}")
    assert task.status_code == 200 and "completion" not in task.text
    again = client.get(f"{PLACES}/birch/leave").text
    done = client.post(f"{PLACES}/birch/rejoining", data={"reason": "It was not.", "shown": shown(again)})
    assert done.headers["location"] == "/rollouts/two-sites/manage"
    assert "Birch" in client.get("/rollouts/two-sites/board").text


def test_the_last_centre_is_not_let_go(site: Site) -> None:
    client = site.client("dir")
    page = client.get(f"{PLACES}/birch/leave").text
    client.post(f"{PLACES}/birch/leave", data={"reason": "x", "shown": shown(page)})
    refused = client.get(f"{PLACES}/alder/leave")
    assert refused.status_code == 409 and "It is the last location of this rollout." in refused.text


def test_a_stated_fact_decides_after_its_preview(bare_site: Site) -> None:
    bare_site.cast = casting.running(bare_site.database, PLAYBOOK.replace("  migration: {", ARCHIVE))
    client, path = bare_site.client("dir"), f"{PLACES}/birch/facts"
    assert "Everything the playbook asks is known of Birch." in client.get(path).text
    form = {"name-0": "Birch Hill", "attribute-0-legacy": "yes", "reason": "We went there."}
    first = client.post(path, data=form)
    assert "Archive it, Birch" in first.text
    assert client.post(path, data={**form, "shown": shown(first.text)}).headers["location"] == f"{PLACES}/birch"
    row = location(bare_site, "birch")
    assert (row.name, row.attributes) == ("Birch Hill", {"legacy": True})
    only = client.post(path, data={"name-0": "Birch", "attribute-0-legacy": "yes"})
    assert only.status_code == 303 and location(bare_site, "birch").name == "Birch"
    assert client.post(path, data={"name-0": "", "attribute-0-legacy": "yes"}).status_code == 422


def test_text_that_people_typed_is_data(site: Site) -> None:
    client = site.client("dir")
    client.post(f"{PLACES}/birch/pause", data={"reason": "<script>x</script>"})
    for page in ("/rollouts/two-sites/board", "/rollouts/two-sites/manage", f"{PLACES}/birch/pause"):
        text = client.get(page).text
        assert "<script>x" not in text and "&lt;script&gt;x" in text
