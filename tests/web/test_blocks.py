"""A block says what it waits for and until when, loudly after that day; a conflict shows both and lets one choose."""

from __future__ import annotations

import re
from datetime import timedelta

from app.models import Task
from tests.web.conftest import Site


def blocked(site: Site, task: int, who: str = "chA", **form: str) -> None:
    answer = site.client(who).post(
        f"/tasks/{task}/block", data={"version": str(site.version(task)), "reason": "No images arrive", **form}
    )
    assert answer.status_code == 303, answer.text


def test_what_it_waits_for_is_said_on_page_day_and_board(site: Site) -> None:
    task = site.task("line-speed")
    blocked(site, task, waits_for="Meridian Imaging's firewall rule", expected="2027-01-08")
    words = "aits for Meridian Imaging&#39;s firewall rule, expected Fri 8 Jan"
    for who, address in (("chA", f"/tasks/{task}"), ("chA", "/today"), ("dir", "/rollouts/two-sites/board")):
        assert words in site.client(who).get(address).text, address
    site.now += timedelta(days=8)
    site.sign_everybody_in_anew()
    for who, address in (("chA", f"/tasks/{task}"), ("chA", "/today"), ("dir", "/rollouts/two-sites/board")):
        assert "5 days over" in site.client(who).get(address).text.lower(), address


def test_those_who_may_not_read_hear_only_until_when(site: Site) -> None:
    task = site.task("line-speed")
    blocked(site, task, waits_for="the secret van", expected="2027-01-08")
    for address in (f"/tasks/{task}", "/rollouts/two-sites/plan"):
        page = site.client("exe").get(address).text
        assert "secret van" not in page
        assert "xpected Fri 8 Jan" in page


def test_another_task_is_found_without_a_script_and_nothing_typed_is_lost(site: Site) -> None:
    task, client = site.task("line-speed"), site.client("chA")
    form = {"version": "1", "reason": "No line yet", "expected": "2027-01-08", "find": "CABLING", "part": "find"}
    page = client.post(f"/tasks/{task}/block", data=form)
    assert page.status_code == 200
    cabling = site.task("cabling")
    assert re.findall(r'name="waits_task" value="([0-9]*)"', page.text) == [str(cabling), ""]
    assert "No line yet" in page.text
    assert 'value="2027-01-08"' in page.text
    assert site.version(task) == 1
    none = client.post(f"/tasks/{task}/block", data={**form, "find": "zzz"})
    assert "No open task is called like that." in none.text
    blocked(site, task, waits_task=str(cabling))
    page_text = client.get(f"/tasks/{task}").text
    assert "It waits for “Have the cabling checked”." in page_text
    assert "held by Ivo Tanaka" in page_text
    assert "Measure the line" in client.get(f"/tasks/{cabling}").text


def test_what_it_waits_for_is_done_and_says_so_and_stays_blocked(site: Site) -> None:
    task, awaited = site.task("line-speed"), site.task("posters")
    blocked(site, task, waits_task=str(awaited))
    site.client("chAB").post(f"/tasks/{awaited}/completion", data={"version": "1"})
    page = site.client("chA").get(f"/tasks/{task}").text
    assert "What it waits for is done." in page
    assert "It can go on" in page


def test_the_search_finds_nothing_of_a_foreign_location(site: Site) -> None:
    task = site.task("scanners", "birch")
    with site.database.writing() as session:
        session.get_one(Task, task).title = "Unheard of"
    form = {"version": "1", "reason": "x", "find": "unheard", "part": "find"}
    assert "Unheard" not in site.client("chA").post(f"/tasks/{site.task('scanners')}/block", data=form).text
    assert "Unheard" in site.client("dir").post(f"/tasks/{site.task('scanners')}/block", data=form).text


def test_a_conflict_shows_theirs_as_it_stands_and_sends_mine_again(site: Site) -> None:
    task = site.task("line-speed")
    site.client("dir").post(f"/tasks/{task}/answer", data={"version": "1", "answer": "140"})
    answer = site.client("chA").post(f"/tasks/{task}/answer", data={"version": "1", "answer": "62"})
    assert answer.status_code == 409
    assert "<span>Theirs</span><span>140</span>" in answer.text
    assert "<span>Yours</span><span>62</span>" in answer.text
    mine = re.search(r'<form id="use-mine" method="post" action="([^"]+)".*?</form>', answer.text, re.DOTALL)
    assert mine is not None
    fields = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', mine[0]))
    assert fields == {"version": "2", "path": "", "answer": "62"}
    assert site.client("chA").post(mine[1], data=fields).status_code == 303
    assert "62\u00a0Mbps, does not pass" in site.client("chA").get(f"/tasks/{task}").text


def test_a_conflict_of_blocks_says_both_reasons(site: Site) -> None:
    task = site.task("scanners")
    blocked(site, task, who="dir", waits_for="the van")
    answer = site.client("chA").post(f"/tasks/{task}/block", data={"version": "1", "reason": "No printer"})
    assert answer.status_code == 409
    assert "<span>Theirs</span><span>No images arrive. It waits for the van." in answer.text
    assert "<span>Yours</span><span>No printer</span>" in answer.text
