"""A rollout over the API: drafted, set up, started, read, moved, closed."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from app.models import Event
from app.worker import tick
from tests.api.conftest import Programs
from tests.cast import NOW, PLAYBOOK, SITES
from tests.queries.test_counts import counting

R = "/rollouts/two-sites"


def put(programs: Programs, path: str, body: Any = None, who: str = "dir", at: str = R) -> Any:
    _, seen = programs.read(who, at)
    return programs(who).put(path, headers=seen, json=body)


def test_a_rollout_goes_from_a_text_to_running(programs: Programs) -> None:
    text = PLAYBOOK.replace("id: two-sites", "id: move-again").encode()
    yaml = {"Content-Type": "application/yaml"}
    kept = programs("dir").post("/playbooks", content=text, headers=yaml)
    assert kept.status_code == 201, kept.text
    same = programs("dir").post("/playbooks", content=text, headers=yaml)
    assert same.json()["id"] == kept.json()["id"]
    body = {"title": "Second move", "playbook": kept.json()["id"]}
    drafts = [programs("dir").post("/rollouts", json=body, headers={"Idempotency-Key": "second"}) for _ in range(2)]
    assert drafts[0].headers["location"] == drafts[1].headers["location"] == "/api/v1/rollouts/second-move"
    draft = "/rollouts/second-move"
    assert put(programs, f"{draft}/start-day", {"start": "2027-01-04"}, at=draft).status_code == 200
    assert put(programs, f"{draft}/locations", {"locations": list(SITES)}, at=draft).status_code == 200
    holders = [{"role": "champion", "person": programs.site.cast.people["chA"], "location": "alder"}]
    assert put(programs, f"{draft}/holders", {"people": holders}, at=draft).status_code == 200
    started = put(programs, f"{draft}/start", at=draft)
    assert (started.status_code, started.json()["state"]) == (200, "starting")
    with programs.site.database.writing() as session:
        tick(session, NOW)
    assert programs("dir").get(f"{draft}/progress").json()["state"] == "running"
    assert len(programs("chA").get(f"{draft}/tasks?limit=200").json()["items"]) == 8


def test_a_draft_is_not_overwritten(drafting: Programs) -> None:
    _, seen = drafting.read("dir", R)
    assert drafting("dir").put(f"{R}/start-day", headers=seen, json={"start": "2027-01-11"}).status_code == 200
    late = drafting("dir").put(f"{R}/start-day", headers=seen, json={"start": "2027-01-18"})
    assert (late.status_code, late.json()["who"], late.json()["what"]) == (412, "Dana Whitfield", "start_set")
    assert late.json()["etag"] == drafting("dir").get(R).headers["etag"]
    wrong = put(drafting, f"{R}/start-day", {"start": "1999-01-04"})
    assert (wrong.status_code, wrong.json()["errors"][0]["at"]) == (422, "start")


def test_figures_are_refused_until_there_are_any(drafting: Programs) -> None:
    assert drafting("dir").get(f"{R}/board").status_code == 409


def test_the_figures_of_a_rollout(programs: Programs) -> None:
    board = programs("dir").get(f"{R}/board").json()
    assert [one["location"] for one in board["locations"]] == ["birch", "alder"]
    cell = next(one for one in board["locations"][1]["cells"] if one["workstream"] == "technical")
    assert (cell["done"], cell["total"], cell["state"]) == (0, 6, "todo")
    alder = programs("chA").get(f"{R}/readiness/alder").json()
    assert (alder["roll"]["gate"], alder["roll"]["met"], len(alder["roll"]["bars"])) == ("go", 0, 1)
    behind = programs("chA").get(f"{R}/readiness/alder/ready/tasks").json()["items"]
    assert len(behind) == 7
    assert programs("chA").get(f"{R}/readiness/birch").status_code == 404
    assert programs("dir").get(f"{R}/burn-up").json()["total"] == 15
    assert programs("dir").get(f"{R}/needs").json() == {"tasks": [], "total": 0}
    gates = programs("chA").get(f"{R}/gates").json()["items"]
    assert {one["location"] for one in gates} <= {"alder", None}


def test_a_task_is_moved_as_it_was_shown(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}/move"
    plan = programs("dir").post(path, json={"due": "2027-01-20"}).json()
    assert (plan["done"], [one["after"] for one in plan["shifts"] if one["task"]][:1]) == (False, ["2027-01-20"])
    assert programs("chA").post(path, json={"due": "2027-01-20"}).status_code == 403
    other = programs("dir").post(path, json={"due": "2027-01-21", "shown": plan["shown"], "reason": "late"})
    assert (other.status_code, other.json()["type"]) == (412, "/api/v1/#stale")
    done = programs("dir").post(path, json={"due": "2027-01-20", "shown": plan["shown"], "reason": "late"})
    assert (done.status_code, done.json()["done"]) == (200, True), done.text
    assert programs("chA").get(path.removesuffix("/move")).json()["due"] == "2027-01-20"


def test_a_reading_token_asks_what_would_move_and_moves_nothing(programs: Programs) -> None:
    reader, task = programs("dir", reads_only=True), f"/tasks/{programs.site.task('scanners')}/move"
    steps = ((task, {"due": "2027-01-20"}), (f"{R}/locations/birch/cutover", {"cutover": "2027-02-09 07:00"}),
             (f"{R}/locations/birch/drop", {}), (f"{R}/locations/birch/facts", {"name": "Birch Hill"}))  # fmt: skip
    for path, body in steps:
        plan = reader.post(path, json=body)
        assert (plan.status_code, plan.json()["done"]) == (200, False), plan.text
        done = reader.post(path, json={**body, "shown": plan.json()["shown"], "reason": "so it is"})
        assert (done.status_code, done.json()["type"]) == (403, "/api/v1/#reads-only")
    with programs.site.database.reading() as session:
        assert session.exec(select(Event).where(col(Event.verb).endswith("moved"))).all() == []


def test_doing_what_was_shown_computes_the_plan_no_oftener_than_showing_it(programs: Programs) -> None:
    path, counts = f"/tasks/{programs.site.task('scanners')}/move", []
    body = {"due": "2027-01-20"}
    for more in ({}, {"reason": "late"}):
        with counting(programs.site.database) as sent:
            plan = programs("dir").post(path, json={**body, **more})
        assert plan.json()["done"] is bool(more)
        body["shown"] = plan.json()["shown"]
        counts.append(sum("FROM pin JOIN task" in statement for statement in sent))
    assert counts == [2, 2]  # as it stands, and as it would be


def test_another_reason_is_not_taken_for_the_same_pause_or_end(programs: Programs) -> None:
    place = f"{R}/locations/alder"
    for reason, status in (("Flood", 200), ("Flood", 200), ("Fire", 409)):
        answer = put(programs, f"{place}/pause", {"reason": reason}, at=place)
        assert answer.status_code == status, answer.text
    assert "Dana Whitfield paused it" in answer.json()["detail"]
    assert answer.json()["missing"] == ["Flood"]
    form = {"reason": "Fire"}
    page = programs.site.client("dir").post(f"{place}/pause", data=form)
    assert (page.status_code, "Dana Whitfield paused it" in page.text, "Fire" in page.text) == (409, True, True)
    for note, status in (("All live", 200), ("All live", 200), ("Given up", 409)):
        answer = put(programs, f"{R}/closing", {"note": note})
        assert answer.status_code == status, answer.text
    assert "Dana Whitfield closed it" in answer.json()["detail"]
    page = programs.site.client("dir").post(f"{R}/close", data={"version": "1", "note": "Given up"})
    assert (page.status_code, "Dana Whitfield closed it" in page.text) == (409, True)


def test_a_cutover_is_moved_and_a_location_leaves_and_comes_back(programs: Programs) -> None:
    for act, body in (("cutover", {"cutover": "2027-02-09 07:00"}), ("drop", {}), ("return", {})):
        path = f"{R}/locations/birch/{act}"
        plan = programs("dir").post(path, json=body)
        assert plan.status_code == 200, plan.text
        done = programs("dir").post(path, json={**body, "shown": plan.json()["shown"], "reason": "so it is"})
        assert (done.status_code, done.json()["done"]) == (200, True), done.text
        shown = {one["slug"] for one in programs("dir").get(f"{R}/locations").json()["items"]}
        assert shown == ({"alder"} if act == "drop" else {"alder", "birch"})


def test_a_location_stands_still_and_goes_on(programs: Programs) -> None:
    place = f"{R}/locations/alder"
    paused = put(programs, f"{place}/pause", {"reason": "Flood"}, at=place)
    assert (paused.status_code, paused.json()["paused_at"]) == (200, "2027-01-05T15:00:00Z")
    assert programs("dir").delete(f"{place}/pause").status_code == 428
    gone_on = programs("dir").delete(f"{place}/pause", headers={"If-Match": paused.headers["etag"]})
    assert (gone_on.status_code, gone_on.json()["paused_at"]) == (200, None)


def test_a_rollout_is_closed_reopened_and_followed(programs: Programs) -> None:
    assert put(programs, f"{R}/closing", {"note": "Well done"}).json()["state"] == "closed"
    _, seen = programs.read("chA", f"/tasks/{programs.site.task('scanners')}")
    task = f"/tasks/{programs.site.task('scanners')}/completion"
    assert programs("chA").put(task, headers=seen).status_code == 409
    body = {"title": "The next", "playbook": programs.site.cast.playbook, "locations": True}
    following = programs("dir").post(f"{R}/next", json=body)
    assert (following.status_code, len(following.json()["locations"])) == (201, 2)
    assert put(programs, f"{R}/reopening", {"reason": "One more"}).json()["state"] == "running"


def test_a_playbook_is_judged_with_every_mistake(programs: Programs) -> None:
    yaml = {"Content-Type": "application/yaml"}
    judged = programs("dir").post("/playbooks/check", content=b"muster: 2\n", headers=yaml)
    assert (judged.status_code, judged.json()["ok"]) == (200, False)
    refused = programs("dir").post("/playbooks", content=b"muster: 2\n", headers=yaml)
    assert (refused.status_code, refused.json()["type"]) == (422, "/api/v1/#mistakes")
    assert refused.json()["mistakes"] == judged.json()["mistakes"]
    other = PLAYBOOK.replace("Two sites move", "Two sites went").encode()
    taken = programs("dir").post("/playbooks", content=other, headers=yaml)
    assert (taken.status_code, taken.json()["stands"], taken.json()["offer"]) == (409, "1.0", "1.1")
    assert programs("dir").post("/playbooks", content=b"x", headers={"Content-Type": "text/html"}).status_code == 415
    assert programs("dir").post("/playbooks", content=b"x" * 1_000_001, headers=yaml).status_code == 413


def test_a_playbook_is_read_compared_and_dated(programs: Programs) -> None:
    one = "/playbooks/two-sites/1.0"
    assert programs("chA").get(f"{one}/text").text == PLAYBOOK
    assert programs("ch0").get(one).status_code == 404
    newer = PLAYBOOK.replace('version: "1.0"', 'version: "1.1"').replace("Put up posters", "Hang posters").encode()
    programs("dir").post("/playbooks", content=newer, headers={"Content-Type": "application/yaml"})
    changes = programs("dir").get("/playbooks/two-sites/1.1/changes?since=1.0").json()["items"]
    assert [(one["entry"], one["new"]) for one in changes] == [("posters", "Hang posters")]
    body = {"start": "2027-01-04", "locations": list(SITES), "at": "alder"}
    dated = programs("dir").post(f"{one}/preview?limit=3", json=body)
    assert dated.status_code == 200, dated.text
    assert (dated.json()["end"], len(dated.json()["items"])) == ("2027-02-28", 3)
    more = programs("dir").post(dated.json()["next"].removeprefix("/api/v1"), json=body).json()["items"]
    assert more[0]["entry"] not in {item["entry"] for item in dated.json()["items"]}
    wrong = programs("dir").post(f"{one}/preview", json={**body, "locations": [{"id": "x"}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["at"]) == (422, "locations")
