"""What is read: figures as of the day of closing, cursors, views, search, the timeline, playbooks to begin with."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from app.actions.jobs import fail_job
from app.queries.rollouts.draft import start_of
from tests.api.conftest import Programs
from tests.cast import NAMES, NOW

R = "/rollouts/two-sites"
FIGURES = ("board", "burn-up", "needs", "tasks", "timeline", "readiness/alder", "readiness/alder/ready/tasks")


def put(programs: Programs, path: str, body: Any = None, at: str = R) -> Any:
    _, seen = programs.read("dir", at)
    return programs("dir").put(path, headers=seen, json=body)


def test_no_figure_and_no_list_is_told_before_the_plan_is_whole(drafting: Programs) -> None:
    assert {page: drafting("dir").get(f"{R}/{page}").status_code for page in FIGURES} == dict.fromkeys(FIGURES, 409)
    assert put(drafting, f"{R}/start").json()["state"] == "starting"
    assert {page: drafting("dir").get(f"{R}/{page}").status_code for page in FIGURES} == dict.fromkeys(FIGURES, 409)


def test_the_figures_of_a_closed_rollout_stay_those_of_its_last_day(programs: Programs) -> None:
    programs.site.now = NOW + timedelta(days=9)
    assert put(programs, f"{R}/closing", {"note": "Given up"}).status_code == 200
    then = {page: programs("dir").get(f"{R}/{page}").json() for page in FIGURES}
    programs.site.now = NOW + timedelta(days=25)
    assert {page: programs("dir").get(f"{R}/{page}").json() for page in FIGURES} == then
    assert {one["state"] for one in then["tasks"]["items"]} != {"late"}
    rollout = programs("dir").get(R).json()
    assert (rollout["closed_at"], rollout["closed_note"]) == ("2027-01-14T15:00:00Z", "Given up")
    body = {"title": "The next", "playbook": programs.site.cast.playbook}
    following = programs("dir").post(f"{R}/next", json=body).json()
    assert following["follows"] == rollout["id"]
    lines = {one["slug"]: one for one in programs("dir").get("/rollouts").json()["items"]}
    assert (lines["the-next"]["follows"], lines["two-sites"]["closed_at"]) == (rollout["id"], rollout["closed_at"])


def test_a_cursor_of_no_list_is_refused_though_the_list_is_empty(programs: Programs) -> None:
    none = base64.urlsafe_b64encode(b"other:3").decode().rstrip("=")
    for path in ("/leaves", f"{R}/views", f"{R}/mail", f"{R}/tasks", "/me/messages"):
        answer = programs("dir").get(f"{path}?cursor={none}")
        assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "cursor"), path


def test_a_failed_start_is_tried_again_by_whoever_saw_it_fail(drafting: Programs) -> None:
    _, old = drafting.read("dir", R)
    started = put(drafting, f"{R}/start")
    with drafting.site.database.writing() as session:
        job = start_of(session, drafting.site.cast.rollout)
        assert job is not None
        fail_job(session, job.job, "broken", now=NOW, final=True)
    late = drafting("dir").put(f"{R}/start", headers=old)
    assert (late.status_code, late.json()["what"]) == (412, "started")
    assert drafting("dir").get(f"{R}/progress").json()["job"] == "failed"
    assert drafting("dir").put(f"{R}/start", headers={"If-Match": started.headers["etag"]}).status_code == 200
    assert drafting("dir").get(f"{R}/progress").json()["job"] == "waiting"


def test_a_draft_starts_on_a_day_of_its_playbook(drafting: Programs) -> None:
    book = drafting("dir").get("/playbooks/two-sites/1.0/text").text.replace('"1.0"', '"1.1"', 1)
    book = book.replace("calendar: {", "calendar: {start_day: mon, ")
    kept = drafting("dir").post("/playbooks", content=book.encode(), headers={"Content-Type": "application/yaml"})
    assert kept.status_code == 201, kept.text
    assert put(drafting, f"{R}/playbook", {"playbook": kept.json()["id"]}).status_code == 200
    wrong = put(drafting, f"{R}/start-day", {"start": "2027-01-06"})
    assert (wrong.status_code, wrong.json()["errors"][0]["at"]) == (422, "start")
    assert "is no Monday: take Monday 4 January or Monday 11 January" in wrong.json()["errors"][0]["message"]
    assert put(drafting, f"{R}/start-day", {"start": "2027-01-11"}).status_code == 200


def test_a_view_is_kept_renamed_and_kept_no_longer(programs: Programs) -> None:
    body = {"name": "Mine, late", "query": "person=me&state=late&nonsense=1"}
    kept = programs("chA").post(f"{R}/views", json=body)
    assert (kept.status_code, kept.json()["query"]) == (201, "person=me&state=late")
    path = kept.headers["location"].removeprefix("/api/v1")
    assert programs("chA").post(f"{R}/views", json=body).headers["location"] == kept.headers["location"]
    assert programs("chA").post(f"{R}/views", json={**body, "query": ""}).status_code == 422
    seen = {"If-Match": kept.headers["etag"]}
    renamed = programs("chA").put(path, headers=seen, json={"name": "Late"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Late")
    assert "Late" in programs.site.client("chA").get(f"{R}/plan").text
    assert programs("chB").get(path).status_code == 404
    assert programs("chA").delete(path, headers=seen).status_code == 412
    assert programs("chA").delete(path, headers={"If-Match": renamed.headers["etag"]}).status_code == 204
    assert programs("chA").get(f"{R}/views").json()["items"] == []


def test_search_finds_what_one_may_see(programs: Programs) -> None:
    found = programs("chA").get("/search?q=scan").json()["found"]
    assert [(one["kind"], one["location"], one["id"]) for one in found] == [
        ("task", "alder", programs.site.task("scanners"))
    ]
    assert {one["location"] for one in programs("dir").get("/search?q=scan").json()["found"]} == {"alder", "birch"}
    assert programs("chA").get("/search?q=birch").json() == {"found": []}
    assert programs("chA").get("/search").json() == {"found": []}
    assert programs("dir").get("/search?q=chiara").json()["found"][0]["title"] == NAMES["chA"]


def test_the_timeline_folds_places_and_shows_the_tasks_of_one(programs: Programs) -> None:
    whole = programs("dir").get(f"{R}/timeline").json()
    assert {(one["location"], one["total"]) for one in whole["places"]} == {("alder", 7), ("birch", 7), (None, 1)}
    assert sum(day["tasks"] for one in whole["places"] for day in one["days"]) == 15
    assert (whole["tasks"], {one["kind"] for one in whole["marks"]}) == ([], {"gate"})
    assert whole["chain"]["work"][-1]["entry"] == "migration"
    alder = programs("chA").get(f"{R}/timeline?location=alder").json()
    assert (alder["places"], len(alder["tasks"])) == ([], 7)
    assert all((one["first_due"], one["location"]) == (one["due"], "alder") for one in alder["tasks"])
    assert programs("chA").get(f"{R}/timeline?location=birch").json()["tasks"] == []
    assert {one["location"] for one in programs("chA").get(f"{R}/timeline").json()["places"]} == {"alder", None}


def test_a_playbook_that_comes_with_the_product_is_kept_as_it_is(programs: Programs) -> None:
    names = [one["name"] for one in programs("dir").get("/playbooks/shipped").json()["playbooks"]]
    assert "ray-medical" in names
    kept, again = (programs("dir").post("/playbooks/shipped", json={"name": "ray-medical"}) for _ in range(2))
    assert (kept.status_code, kept.json()["playbook"]) == (201, "ray-medical")
    assert again.json()["id"] == kept.json()["id"]
    assert programs("dir").post("/playbooks/shipped", json={"name": "schema"}).status_code == 404
    assert programs("chA").post("/playbooks/shipped", json={"name": "ray-medical"}).status_code == 403
