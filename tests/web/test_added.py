"""Adding work by hand, and several files at once, over HTTP."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from app.models import Evidence, Task
from tests.web.conftest import Site

PIXEL = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
NEW = "/rollouts/two-sites/tasks"


def test_a_task_is_added_and_stands_among_the_others(site: Site) -> None:
    client = site.client("chA")
    page = client.get(f"{NEW}/new?location=alder")
    assert page.status_code == 200
    assert "For all centres" not in page.text
    token = re.search(r'name="token" value="([^"]+)"', page.text)
    assert token is not None
    form = {"title": "Move the fridge", "how": "By the *back* door", "due": "2027-01-08", "location": "alder",
            "owner": "role:champion", "workstream": "technical", "token": token[1]}  # fmt: skip
    sent = [client.post(NEW, data=form) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    assert sent[0].headers["location"] == sent[1].headers["location"]
    task = client.get(sent[0].headers["location"]).text
    for words in ("Added by hand", "Move the fridge", "<em>back</em>", "Change what it says", "Remove it"):
        assert words in task
    assert "Move the fridge" in client.get("/today").text
    assert "Move the fridge" in site.client("exe").get("/rollouts/two-sites/plan").text
    assert "<em>back</em>" not in site.client("exe").get(sent[0].headers["location"]).text
    assert "Move the fridge" not in site.client("chB").get("/rollouts/two-sites/plan").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": ""}, "Say something here."),
        ({"owner": "role:nobody"}, "Choose who does it."),
        ({"owner": "person:999999999999"}, "Choose who does it."),
        ({"owner": "person:4000000000"}, "Choose somebody who holds a role there."),
        ({"due": "soon"}, "Write a day"),
    ],
)
def test_a_fault_keeps_what_was_typed(site: Site, given: dict[str, str], words: str) -> None:
    form = {"title": "Move it", "how": "Slowly", "location": "alder", "owner": "role:champion", **given}
    answer = site.client("chA").post(NEW, data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Slowly" in answer.text
    with site.database.reading() as session:
        assert session.exec(select(Task).where(Task.added)).all() == []


def test_its_texts_are_changed_by_its_author(site: Site) -> None:
    form = {"title": "Move it", "location": "alder", "owner": "role:champion"}
    address = site.client("chA").post(NEW, data=form).headers["location"]
    changed = {"version": "1", "title": "Move both", "how": "", "due": "2027-01-11"}
    assert site.client("chAB").post(f"{address}/details", data=changed).status_code == 403
    assert "Change what it says" not in site.client("chAB").get(address).text
    assert site.client("chA").post(f"{address}/details", data=changed).status_code == 303
    assert "Move both" in site.client("chA").get(address).text
    assert site.client("chA").post(f"{address}/setting-aside", data={"version": "2", "reason": "x"}).status_code == 303


def test_several_photos_come_at_once_and_wanted_shrinks(site: Site) -> None:
    task, client = site.task("photos"), site.client("chA")
    assert "Wanted: photo." in client.get(f"/tasks/{task}").text
    files = [("file", (f"{number}.png", PIXEL + bytes([number]))) for number in range(3)]
    answer = client.post(f"/tasks/{task}/evidence", data={"version": "1", "kind": "photo"}, files=files)
    assert answer.status_code == 303
    page = client.get(f"/tasks/{task}").text
    assert "Wanted:" not in page
    assert [f"{number}.png" in page for number in range(3)] == [True] * 3


def test_one_file_that_cannot_be_taken_stops_them_all(site: Site) -> None:
    task = site.task("photos")
    files = [("file", ("a.png", PIXEL)), ("file", ("b.png", b"just text"))]
    answer = site.client("chA").post(f"/tasks/{task}/evidence", data={"version": "1", "kind": "photo"}, files=files)
    assert answer.status_code == 422
    with site.database.reading() as session:
        assert session.exec(select(Evidence)).all() == []


@pytest.mark.parametrize(("who", "status"), [("chB", 404), ("cto", 403), ("", 303)])
def test_a_file_of_somebody_who_may_not_is_never_kept(site: Site, who: str, status: int) -> None:
    task = site.task("photos")
    answer = site.client(who).post(f"/tasks/{task}/evidence", data={"version": "1"}, files={"file": ("a.png", PIXEL)})
    assert answer.status_code == status
    assert not site.app.state.store.folder.exists()
