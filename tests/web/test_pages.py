"""The board, the readiness, the plan, and what every page has in common."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.db import Database
from app.main import create_app
from app.settings import Settings
from tests.cast import NOW
from tests.web.conftest import Site

PAGES = (
    "/rollouts", "/today", "/account", "/playbooks", "/playbooks/new", "/playbooks/two-sites/1.0", "/people",
    "/playbooks/edit", "/playbooks/two-sites/1.0/edit", "/playbooks/two-sites/1.0/dates",
    "/playbooks/two-sites/versions", "/playbooks/two-sites/changes",
    "/rollouts/two-sites/board", "/rollouts/two-sites/readiness", "/rollouts/two-sites/plan",
    "/rollouts/two-sites/readiness/alder", "/rollouts/two-sites/readiness/alder/ready", "/rollouts/two-sites/people",
)  # fmt: skip


@pytest.mark.parametrize("path", [*PAGES, "/sign-in", "/nowhere", "/setup/unknown"])
def test_every_page_has_the_strict_headers(site: Site, path: str) -> None:
    headers = site.client("dir").get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_holds_one_heading_a_main_and_nothing_inline(site: Site, path: str) -> None:
    answer = site.client("dir").get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert answer.text.count("<main") == 1
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", answer.text)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", answer.text)


def test_the_board_says_in_one_sentence_who_opens_and_how_they_stand(site: Site) -> None:
    page = site.client("dir").get("/rollouts/two-sites/board").text
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert heading is not None
    said = " ".join(re.sub(r"<[^>]+>", "", heading[1]).split())
    assert said == "Two centres open on the new system in 34 days; Birch is on track. Its one criterion is still open."
    assert "T\u221234\u00a0d" in page


def test_the_board_of_a_script_is_the_same_element_alone(site: Site) -> None:
    fragment = site.client("dir").get("/rollouts/two-sites/board", headers={"HX-Request": "true"}).text
    assert fragment.lstrip().startswith('<div id="board"')
    assert "<html" not in fragment
    assert 'hx-trigger="live"' in fragment


def test_late_critical_work_vetoes_the_gate_and_asks_for_the_director(site: Site) -> None:
    site.now = NOW + timedelta(days=14)
    page = site.client("dir").get("/rollouts/two-sites/board").text
    assert "not ready" in page
    assert "One criterion stands in the way." in page
    assert "Measure the line" in page[page.index('id="needs"') :]
    readiness = site.client("exe").get("/rollouts/two-sites/readiness").text
    assert "0 of 1 met, 1 veto" in readiness
    assert "A centre is ready when every criterion of its next gate is met." in readiness
    assert "%" not in re.sub(r"<[^>]+>", "", readiness)


def test_every_bar_opens_its_items(site: Site) -> None:
    client = site.client("exe")
    page = client.get("/rollouts/two-sites/readiness").text
    bars = set(re.findall(r'class="roll__bar"[^>]*href="([^"]+)"', page))
    assert bars == {f"/rollouts/two-sites/readiness/{at}/ready" for at in ("alder", "birch")}
    behind = client.get("/rollouts/two-sites/readiness/alder/ready").text
    assert behind.count('<li class="task"') == 7


def test_a_live_centre_comes_last_and_counts_on(site: Site) -> None:
    site.now = NOW + timedelta(days=40)
    page = site.client("exe").get("/rollouts/two-sites/readiness").text
    assert "All two centres are" in page
    assert "T+6\u00a0d" in page


def test_a_champion_sees_the_own_centre_and_no_trace_of_the_other(site: Site) -> None:
    client = site.client("chA")
    for path in ("/rollouts/two-sites/board", "/rollouts/two-sites/readiness", "/rollouts/two-sites/plan", "/today"):
        page = client.get(path).text
        assert "Alder" in page
        assert "Birch" not in page
        assert "Bengt Holm" not in page


def test_an_executive_sees_states_but_not_what_people_wrote(site: Site) -> None:
    task = site.task("scanners")
    site.client("chA").post(f"/tasks/{task}/block", data={"version": "1", "reason": "A secret about the printer"})
    for path in ("/rollouts/two-sites/board", "/rollouts/two-sites/plan", f"/tasks/{task}"):
        page = site.client("exe").get(path).text
        assert "Blocked" in page
        assert "A secret about the printer" not in page


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?location=alder&workstream=technical&q=line", ["Measure the line"]),
        ("?location=shared&state=all", ["Choose one sign-on provider"]),
        ("?location=birch&week=5", ["Migration test"]),
        ("?state=done", []),
        ("?location=nowhere", []),
        ("?week=abc&q=posters&location=alder", ["Put up posters"]),
    ],
)
def test_the_plan_is_filtered_by_its_address(site: Site, query: str, titles: list[str]) -> None:
    page = site.client("dir").get(f"/rollouts/two-sites/plan{query}").text
    assert re.findall(r'class="task__title">([^<]+)<', page) == titles
    assert ("No task is like that" in page) == (not titles)


def test_first_pages_differ_by_access(site: Site) -> None:
    first = {
        who: site.client(who).get("/").headers["location"] for who in ("dir", "opm", "exe", "chA", "itl", "ch0", "adm")
    }
    board, readiness = "/rollouts/two-sites/board", "/rollouts/two-sites/readiness"
    assert first == {
        "dir": board, "opm": board, "exe": readiness, "chA": "/today", "itl": "/today", "ch0": "/rollouts",
        "adm": "/people",
    }  # fmt: skip


def test_the_pages_of_a_draft_lead_to_its_set_up_or_say_so(draft_site: Site) -> None:
    board = draft_site.client("dir").get("/rollouts/two-sites/board")
    assert board.headers["location"] == "/rollouts/two-sites/progress"
    progress = draft_site.client("dir").get("/rollouts/two-sites/progress")
    assert progress.headers["location"] == "/rollouts/two-sites/set-up/preview"
    assert "Being set up" in draft_site.client("chA").get("/rollouts/two-sites/progress").text
    assert "Nothing is yours yet" in draft_site.client("chA").get("/today").text


def test_the_set_up_of_a_running_rollout_is_closed(site: Site) -> None:
    answer = site.client("dir").get("/rollouts/two-sites/set-up/start")
    assert answer.status_code == 409
    assert "has started" in answer.text


def test_a_fault_is_a_page_without_its_details(site: Site) -> None:
    from starlette.testclient import TestClient

    def broken() -> None:
        raise RuntimeError("a secret of the machine")

    site.app.state.database = broken
    client = TestClient(site.app, raise_server_exceptions=False)
    client.cookies.set("muster", "x")
    answer = client.get("/rollouts")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_health_tells_the_process_from_the_database(site: Site, tmp_path: Path) -> None:
    assert site.client().get("/healthz").status_code == 200
    assert site.client().get("/readyz").status_code == 200
    from starlette.testclient import TestClient

    lost = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    client = TestClient(create_app(Settings(data=tmp_path, worker="separate"), lost))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_stylesheets_and_scripts_are_served(site: Site) -> None:
    page = site.client("dir").get("/rollouts/two-sites/board").text
    for address in re.findall(r'(?:href|src)="(/static/[^"#]+)', page):
        answer = site.client().get(address)
        assert answer.status_code == 200, address
        assert answer.headers["cache-control"] == "no-cache"


def test_over_https_the_cookie_and_the_headers_say_so(sqlite_url: str, tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    settings = Settings(database_url=sqlite_url, data=tmp_path, worker="separate", secure_cookies=True)
    client = TestClient(create_app(settings), base_url="https://testserver")
    assert "max-age" in client.get("/sign-in").headers["strict-transport-security"]


def test_a_finished_task_whose_answer_does_not_pass_stays_on_the_owners_list(site: Site) -> None:
    site.now = NOW + timedelta(days=10)
    task, champion = site.task("line-speed"), site.client("chA")
    champion.post(f"/tasks/{task}/answer", data={"version": "1", "answer": "62"})
    champion.post(f"/tasks/{task}/completion", data={"version": "2"})
    today = champion.get("/today").text
    assert "the answer does not pass" in today[today.index('id="today"') :]


def test_today_counts_down_for_people_of_the_whole_network_too(site: Site) -> None:
    assert "34 days to first patient at Birch." in site.client("itl").get("/today").text
    assert "34 days to first patient." in site.client("chA").get("/today").text
