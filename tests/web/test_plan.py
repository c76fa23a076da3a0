"""The plan as a list: filters in its address, views under a name, and many tasks at once, all without script."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import select

from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.completion import complete_task
from app.models import Assignment, Completion, Event, Skip
from tests.cast import NOW
from tests.web.conftest import Site

PLAN = "/rollouts/two-sites/plan"


def titles(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'class="task__title">([^<]+)<', page)]


def sentence(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return unescape(" ".join(re.sub(r"<[^>]+>", "", found[1]).split()))


def chosen(page: str) -> list[str]:
    return re.findall(r'name="task" value="([^"]+)"', page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "15 open tasks. None of them is late or blocked."),
        ("?location=alder", "Seven open tasks at Alder. None of them is late or blocked."),
        ("?location=shared&state=all", "One task for all centres. None of them is late or blocked."),
        ("?wave=pilot&critical=yes", "Two open tasks that can veto in Pilot. None of them is late or blocked."),
        ("?person=me&state=late", "No late tasks of yours."),
        ("?role=it-lead&state=all", "Five tasks for the role IT lead. None of them is late or blocked."),
        (
            "?since=2027-01-18&until=2027-02-28",
            "Two open tasks due from Mon 18 Jan until Sun 28 Feb. None of them is late or blocked.",
        ),
        ("?person=unowned", "No open tasks that nobody holds."),
        ("?workstream=none&week=5", "Two open tasks without a workstream in week 5. None of them is late or blocked."),
        ("?person=nobody&since=never", "No open tasks of nobody here."),
    ],
)  # fmt: skip
def test_the_plan_opens_with_what_it_shows(site: Site, query: str, said: str) -> None:
    assert sentence(site.client("dir").get(f"{PLAN}{query}").text) == said


def test_the_sentence_tells_what_is_wrong(site: Site) -> None:
    site.now = NOW + timedelta(days=14)
    site.client("chA").post(f"/tasks/{site.task('posters')}/block", data={"version": "1", "reason": "No wall"})
    page = site.client("chA").get(PLAN).text
    assert sentence(page) == "Eight open tasks. Six are late, one blocked."
    assert '<em class="say" data-status="late">Six are late</em>' in page


def test_who_holds_each_task_stands_on_its_line(site: Site) -> None:
    site.now = NOW + timedelta(days=5)
    page = site.client("dir").get(f"{PLAN}?location=alder&q=printers").text
    assert "Alder, Abena Boateng and Chiara Amato" in page
    with site.database.writing() as session:
        by = site.cast.viewer(session, "dir")
        assign_tasks(session, {site.task("scanners"): 1}, site.cast.people["cto"], by=by, now=NOW)
    page = site.client("dir").get(f"{PLAN}?location=alder&q=printers").text
    assert "Alder, Carla Toivonen" in page
    assert titles(site.client("cto").get(f"{PLAN}?person=me").text) == ["Label printers and scanners work"]
    assert "Label printers and scanners work" in site.client("cto").get("/today").text
    key = site.cast.people["cto"]
    assert titles(site.client("dir").get(f"{PLAN}?person={key}").text) == ["Label printers and scanners work"]
    assert "Label printers and scanners work" not in site.client("chA").get("/today").text


def test_boxes_are_chosen_by_address(site: Site) -> None:
    client = site.client("dir")
    page = client.get(f"{PLAN}?location=alder").text
    assert len(chosen(page)) == 7
    assert len(re.findall(r'type="checkbox" name="task"[^>]* checked', page)) == 0
    page = client.get(f"{PLAN}?location=alder&pick=page").text
    assert len(re.findall(r'type="checkbox" name="task"[^>]* checked', page)) == 7
    assert 'name="all"' not in page
    assert 'name="task"' not in site.client("exe").get(PLAN).text


def test_a_step_shows_first_what_will_happen_to_which_and_why_not(site: Site) -> None:
    client, cto = site.client("dir"), str(site.cast.people["cto"])
    site.client("chA").post(f"/tasks/{site.task('scanners')}/completion", data={"version": "1"})
    tasks = [str(site.task(entry)) for entry in ("scanners", "photos", "posters")]
    page = client.post(f"{PLAN}/bulk", data={"act": "assign", "person": cto, "task": tasks, "filter": "location=alder"})
    assert page.status_code == 200
    assert sentence(page.text) == "2 tasks go to Carla Toivonen; 1 stays as it is."
    assert "finished already" in page.text
    assert chosen(page.text) == [f"{site.task('photos')}-1", f"{site.task('posters')}-1"]
    with site.database.reading() as session:
        assert session.exec(select(Assignment)).all() == []


def test_a_step_is_done_once_however_often_it_is_sent(site: Site) -> None:
    client, cto = site.client("dir"), str(site.cast.people["cto"])
    form = {"person": cto, "filter": "location=alder",
            "task": [f"{site.task(entry)}-1" for entry in ("photos", "posters")]}  # fmt: skip
    first = client.post(f"{PLAN}/assignment", data=form)
    assert (first.status_code, first.headers["location"]) == (303, f"{PLAN}?location=alder&state=open&did=assigned-2")
    assert "2 tasks have a new owner." in client.get(first.headers["location"]).text
    again = client.post(f"{PLAN}/assignment", data=form)
    assert again.headers["location"].endswith("did=assigned-0")
    with site.database.reading() as session:
        assert len(session.exec(select(Event).where(Event.verb == "task.assigned")).all()) == 2


def test_whoever_was_quicker_is_named_and_nothing_changed(site: Site) -> None:
    client, form = site.client("dir"), [f"{site.task(entry)}-1" for entry in ("scanners", "posters")]
    site.client("chA").post(f"/tasks/{site.task('scanners')}/completion", data={"version": "1"})
    answer = client.post(f"{PLAN}/setting-aside", data={"task": form, "reason": "Not here"})
    assert answer.status_code == 409
    assert "Nothing was changed: 1 of 2 tasks stand in the way." in answer.text
    assert "Chiara Amato changed this in the meantime: completed." in answer.text
    assert "Not here" in answer.text
    with site.database.reading() as session:
        assert session.exec(select(Skip)).all() == []


def test_done_is_said_only_of_what_wants_nothing_more(site: Site) -> None:
    client = site.client("chA")
    page = client.post(f"{PLAN}/bulk", data={"act": "complete", "all": "yes", "filter": "state=open"}).text
    assert sentence(page).startswith("4 tasks are done; ")
    assert "still wanted: Attach a photo to “Photograph the server room”." in unescape(page)
    assert "somebody else's to do" in unescape(page)
    answer = client.post(f"{PLAN}/completion", data={"task": chosen(page), "filter": "state=open"})
    assert answer.headers["location"] == f"{PLAN}?state=open&did=completed-4"
    with site.database.reading() as session:
        done = session.exec(select(Completion.task_id)).all()
    assert set(done) == {site.task(entry) for entry in ("scanners", "cabling", "posters", "migration")}


def test_setting_aside_wants_a_reason(site: Site) -> None:
    client, task = site.client("opm"), f"{site.task('scanners')}-1"
    page = client.post(f"{PLAN}/bulk", data={"act": "skip", "task": task.partition("-")[0]}).text
    assert 'name="reason"' in page
    assert client.post(f"{PLAN}/setting-aside", data={"task": task, "reason": " "}).status_code == 422
    answer = client.post(f"{PLAN}/setting-aside", data={"task": task, "reason": "No printers here"})
    assert answer.headers["location"].endswith("did=skipped-1")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"act": "complete"}, "Choose at least one task."),
        ({"act": "assign", "task": "1"}, "Choose who gets them."),
        ({"act": "assign", "task": "x", "person": "role"}, "Choose at least one task."),
    ],
)
def test_what_is_missing_is_asked_for(site: Site, form: dict[str, str], said: str) -> None:
    answer = site.client("dir").post(f"{PLAN}/bulk", data=form)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_champion_is_shown_and_gives_nothing_of_another_centre(site: Site) -> None:
    client, foreign = site.client("chA"), site.task("scanners", "birch")
    page = client.post(f"{PLAN}/bulk", data={"act": "complete", "task": [str(foreign), str(site.task("posters"))]}).text
    assert titles_of_listing(page) == ["Put up posters"]
    answer = client.post(f"{PLAN}/assignment", data={"task": f"{foreign}-1", "person": str(site.cast.people["chA"])})
    assert answer.status_code == 404
    people = client.get(PLAN).text
    assert "Bengt Holm" not in people


def titles_of_listing(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'class="listing__text"><a href="[^"]+">([^<]+)<', page)]


def test_views_are_kept_opened_renamed_and_forgotten(site: Site) -> None:
    client = site.client("dir")
    answer = client.post(f"{PLAN}/views", data={"name": "Alder, late", "filter": "location=alder&state=late&evil=1"})
    assert answer.headers["location"] == f"{PLAN}?location=alder&state=late"
    page = client.get(PLAN).text
    assert f'<a href="{PLAN}?location=alder&amp;state=late">Alder, late</a>' in page
    key = re.findall(r"/plan/views/([0-9]+)/name", page)[0]
    taken = client.post(f"{PLAN}/views", data={"name": "Alder, late", "filter": "state=all"})
    assert (taken.status_code, "You have a view called Alder, late already." in taken.text) == (422, True)
    client.post(f"{PLAN}/views/{key}/name", data={"name": "Late at Alder", "filter": "state=all"})
    assert ">Late at Alder</a>" in client.get(PLAN).text
    assert site.client("opm").post(f"{PLAN}/views/{key}/removal").status_code == 404
    client.post(f"{PLAN}/views/{key}/removal", data={"filter": ""})
    assert "Late at Alder" not in client.get(PLAN).text


def test_a_word_of_the_address_says_nothing_it_was_not_meant_to(site: Site) -> None:
    client = site.client("dir")
    for did in ("assigned-<b>", "stolen-12", "assigned-", "-", "completed-1e3"):
        assert 'class="toast"' not in client.get(f"{PLAN}?did={did}").text
    assert "1 task is done." in client.get(f"{PLAN}?did=completed-1").text


def test_a_page_of_the_plan_counts_what_lies_beyond(site: Site) -> None:
    with site.database.writing() as session:
        task = site.cast.task(session, "scanners")
        complete_task(session, task.id or 0, seen=1, by=site.cast.viewer(session, "chA"), now=NOW)
    assert sentence(site.client("dir").get(f"{PLAN}?page=9").text) == "14 open tasks. None of them is late or blocked."
    assert titles(site.client("dir").get(f"{PLAN}?page=9").text) == []
