"""What is done to tasks: blocked as before, many asked about first, signatures taken back, and what waits for one."""

from __future__ import annotations

from app.actions.signoffs.signing import sign_task
from app.actions.tasks.completion import complete_task
from tests.api.conftest import Programs
from tests.cast import NOW

R = "/rollouts/two-sites"


def test_a_task_is_blocked_again_as_it_was(programs: Programs) -> None:
    path, omar = f"/tasks/{programs.site.task('scanners')}", programs.site.cast.people["opm"]
    _, seen = programs.read("chA", path)
    assert programs("chA").put(f"{path}/block/again", headers=seen).status_code == 409
    stop = {"reason": "No labels", "person": omar, "expected": "2027-01-08"}
    blocked = programs("chA").put(f"{path}/block", headers=seen, json=stop)
    assert (blocked.json()["block"]["person"], blocked.json()["block"]["waits_for"]) == (omar, "Omar Haddad")
    lifted = programs("chA").delete(f"{path}/block", headers={"If-Match": blocked.headers["etag"]})
    assert lifted.json()["block"] is None
    again = programs("chA").put(f"{path}/block/again", headers={"If-Match": lifted.headers["etag"]})
    names = ("reason", "person", "expected")
    assert [again.json()["block"][name] for name in names] == [stop[name] for name in names]
    assert programs("exe").get(path).json()["block"]["person"] is None


def test_many_tasks_are_asked_about_before_anything_changes(programs: Programs) -> None:
    site = programs.site
    tasks = {entry: site.task(entry) for entry in ("scanners", "line-speed", "posters")}
    body = {"tasks": [{"id": id_, "version": site.version(id_)} for id_ in tasks.values()], "dry": True}
    asked = programs("chA", reads_only=True).post(f"{R}/many/completion", json=body).json()
    assert asked["done"] is False
    assert {one["id"] for one in asked["tasks"]} == {tasks["scanners"], tasks["posters"]}
    assert [(one["id"], one["reason"][:12]) for one in asked["left"]] == [(tasks["line-speed"], "still wanted")]
    assert all(one["completed_at"] is None for one in programs("chA").get(f"{R}/tasks").json()["items"])
    refused = programs("chA", reads_only=True).post(f"{R}/many/completion", json={"tasks": asked["tasks"]})
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/#reads-only")
    done = programs("chA").post(f"{R}/many/completion", json={"tasks": asked["tasks"]}).json()
    assert (done["done"], {one["id"] for one in done["tasks"]}) == (True, {one["id"] for one in asked["tasks"]})
    skip = programs("chA").post(f"{R}/many/skip", json={**body, "reason": "x"}).json()
    assert {one["reason"] for one in skip["left"]} == {"finished already", "critical, so it cannot be set aside"}
    give = {**body, "person": site.cast.people["chB"]}
    assert programs("chA").post(f"{R}/many/assignment", json=give).json()["tasks"] == []


def test_a_signature_is_taken_back_without_a_proof_and_by_its_signer_alone(programs: Programs) -> None:
    site = programs.site
    with site.database.writing() as session:
        task = site.cast.task(session, "migration")
        complete_task(session, task.id or 0, seen=task.version, by=site.cast.viewer(session, "itl"), now=NOW)
        key = task.id
    (waiting,) = programs("dir").get("/today").json()["to_sign"]
    assert (waiting["task"], waiting["kind"], waiting["roles"]) == (key, "sign_off", ["director"])
    with site.database.writing() as session:
        sign_task(session, key or 0, kind="sign_off", seen=2, by=site.cast.proven(session, "dir"), now=NOW)
    assert programs("dir").get("/today").json()["to_sign"] == []
    task_of, seen = programs.read("dir", f"/tasks/{key}")
    path = f"/signatures/{task_of['signatures'][0]['id']}/withdrawal"
    assert programs("dir").put(path, json={"reason": "Too early"}).status_code == 428
    assert programs("opm").put(path, headers=seen, json={"reason": "Too early"}).status_code == 403
    assert programs("dir").put(path, headers=seen, json={"reason": " "}).status_code == 422
    withdrawn = programs("dir").put(path, headers=seen, json={"reason": "Too early"})
    assert withdrawn.status_code == 200, withdrawn.text
    (line,) = withdrawn.json()["signatures"]
    assert (line["stands"], line["withdrawn_reason"]) == (False, "Too early")
    assert programs("dir").put(path, headers=seen, json={"reason": "Too early"}).status_code == 200


def test_a_day_tells_who_calls_and_is_cut_to_what_was_asked(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}/comments"
    for text in ("Look, @Omar Haddad", "And here, @Omar Haddad"):
        assert programs("chA").post(path, json={"text": text}).status_code == 201
    day = programs("opm").get("/today?limit=1").json()
    assert ([one["text"] for one in day["calls"]], day["totals"]["calls"]) == (["Look, @Omar Haddad"], 2)
    assert all(len(part) <= 1 for part in day.values() if isinstance(part, list))
    whole, one = (programs("itl").get(f"/today?limit={limit}").json() for limit in (200, 1))
    assert len(whole["awaited"]) == whole["totals"]["awaited"] == one["totals"]["awaited"]
    assert len(one["awaited"]) == min(1, len(whole["awaited"]))


def test_evidence_that_is_known_is_not_sent_again(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('photos')}"
    _, seen = programs.read("chA", path)
    attached = programs("chA").post(f"{path}/evidence", headers=seen, files={"file": ("a.txt", b"a figure")})
    assert attached.status_code == 201, attached.text
    content = attached.json()["evidence"][0]["content"].removeprefix("/api/v1")
    first = programs("chA").get(content)
    assert (first.status_code, first.content) == (200, b"a figure")
    again = programs("chA").get(content, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
