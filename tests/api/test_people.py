"""People, comments, whose a task is, leave and the feed, over the API."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from starlette.testclient import TestClient

from tests.api.conftest import Programs

R = "/rollouts/two-sites"


def test_somebody_is_invited_and_given_a_role_and_loses_it(programs: Programs) -> None:
    invited = programs("dir").post("/invitations", json={"name": "Nils Berg", "email": "nils@example.org"})
    assert invited.status_code == 201, invited.text
    assert invited.json()["link"].startswith("http://testserver/invitations/")
    person = invited.json()["person"]["id"]
    given = programs("dir").post(f"{R}/memberships", json={"person": person, "role": "champion", "location": "alder"})
    assert (given.status_code, given.json()["location"]) == (201, "alder")
    path = f"{R}/memberships/{given.json()['id']}"
    assert programs("dir").delete(path, headers={"If-Match": '"0-0123456789abcdef"'}).status_code == 412
    assert programs("dir").delete(path, headers={"If-Match": given.headers["etag"]}).status_code == 204
    assert programs("dir").get(path).status_code == 404
    own = {"person": programs.site.cast.people["dir"], "role": "cto"}
    assert programs("dir").post(f"{R}/memberships", json=own).status_code == 403
    assert programs("dir").post(f"{R}/memberships", json={**own, "location": "nowhere"}).status_code == 422


def test_an_account_is_taken_out_of_use_and_back(programs: Programs) -> None:
    path = f"/people/{programs.site.cast.people['chB']}"
    client = programs("chB")
    assert client.get("/me").status_code == 200
    _, seen = programs.read("adm", path)
    out = programs("adm").put(f"{path}/deactivation", headers=seen)
    assert (out.status_code, out.json()["active"]) == (200, False)
    assert client.get("/me").status_code == 401
    assert programs("adm").delete(f"{path}/deactivation", headers=seen).status_code == 412
    back = programs("adm").delete(f"{path}/deactivation", headers={"If-Match": out.headers["etag"]})
    assert (back.status_code, back.json()["active"]) == (200, True)


def test_a_right_everywhere_is_given_and_taken(programs: Programs) -> None:
    path = f"/people/{programs.site.cast.people['opm']}/rights"
    given = programs("dir").post(path, json={"role": "manager"})
    assert (given.status_code, given.json()["access"]) == (201, "manager")
    one = f"{path}/{given.json()['id']}"
    assert programs("dir").get(one).headers["etag"] == given.headers["etag"]
    assert programs("dir").delete(one, headers={"If-Match": given.headers["etag"]}).status_code == 204
    assert programs("dir").get(path).json()["items"] == []


def test_a_comment_is_written_once_read_and_taken_away(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}/comments"
    headers = {"Idempotency-Key": "remark"}
    written = [
        programs("chA").post(path, json={"text": "Please look, @Omar Haddad"}, headers=headers) for _ in range(2)
    ]
    assert [one.status_code for one in written] == [201, 201]
    (shown,) = programs("dir").get(path).json()["items"]
    assert (shown["text"], shown["called"]) == ("Please look, @Omar Haddad", [programs.site.cast.people["opm"]])
    comment = f"/comments/{shown['id']}"
    assert programs("opm").put(f"{comment}/seen").status_code == 204
    assert programs("dir").delete(comment).status_code == 403
    assert programs("chB").get(comment).status_code == 404
    assert programs("exe").get(comment).status_code == 403
    assert programs("chA").delete(comment).status_code == 204
    assert programs("chA").get(comment).status_code == 404
    assert programs("chA").put(comment).status_code == 200


def test_a_task_is_added_corrected_and_given_to_somebody(programs: Programs) -> None:
    body = {"title": "Order cables", "due": "2027-01-15", "location": "alder", "role": "champion"}
    added = [programs("chA").post(f"{R}/tasks", json=body, headers={"Idempotency-Key": "c"}) for _ in range(2)]
    assert added[0].status_code == 201, added[0].text
    assert added[0].headers["location"] == added[1].headers["location"]
    path = added[0].headers["location"].removeprefix("/api/v1")
    seen = {"If-Match": added[0].headers["etag"]}
    details = {"title": "Order long cables", "due": None}
    corrected = programs("chA").put(f"{path}/details", headers=seen, json=details)
    assert (corrected.json()["title"], corrected.json()["due"]) == ("Order long cables", None)
    omar = programs.site.cast.people["opm"]
    seen = {"If-Match": corrected.headers["etag"]}
    given = programs("chA").put(f"{path}/assignment", headers=seen, json={"person": omar})
    assert given.json()["assigned_to"] == omar
    back = programs("chA").delete(f"{path}/assignment", headers={"If-Match": given.headers["etag"]})
    assert back.json()["assigned_to"] is None


def test_many_tasks_are_changed_in_one_step_or_none(programs: Programs) -> None:
    tasks = [programs.site.task(entry) for entry in ("scanners", "posters")]
    picked = [{"id": id_, "version": programs.site.version(id_)} for id_ in tasks]
    stale = [picked[0], {**picked[1], "version": 0}]
    refused = programs("dir").post(f"{R}/many/completion", json={"tasks": stale})
    assert (refused.status_code, refused.json()["ids"]) == (412, [tasks[1]])
    assert programs.site.version(tasks[0]) == 1
    done = programs("dir").post(f"{R}/many/completion", json={"tasks": picked})
    assert (done.status_code, [one["id"] for one in done.json()["tasks"]]) == (200, tasks)
    other = programs.site.task("cabling")
    body = {"tasks": [{"id": other, "version": 1}], "person": programs.site.cast.people["itl"]}
    assert programs("dir").post(f"{R}/many/assignment", json=body).json()["tasks"] == [{"id": other, "version": 2}]
    body = {"tasks": [{"id": other, "version": 2}], "reason": "No cables"}
    assert programs("dir").post(f"{R}/many/skip", json=body).json()["tasks"] == [{"id": other, "version": 3}]


def test_a_leave_is_recorded_covered_and_ended(programs: Programs) -> None:
    days = {"first": "2027-01-11", "last": "2027-01-15"}
    recorded = programs("chA").post("/leaves", json=days)
    assert recorded.status_code == 201, recorded.text
    path = f"/leaves/{recorded.json()['id']}"
    assert programs("chB").get(path).status_code == 404
    _, seen = programs.read("dir", path)
    bengt = programs.site.cast.people["chB"]
    covered = programs("dir").put(f"{path}/cover", headers=seen, json={"person": bengt})
    assert (covered.status_code, covered.json()["cover"]) == (200, bengt)
    assert programs("chA").delete(path, headers=seen).status_code == 412
    assert programs("chA").delete(path, headers={"If-Match": covered.headers["etag"]}).status_code == 204
    assert programs("chA").get("/leaves").json()["items"] == []


def test_of_many_who_saw_the_same_leave_one_names_the_cover(programs: Programs) -> None:
    days = {"first": "2027-01-11", "last": "2027-01-15"}
    path = f"/leaves/{programs('chA').post('/leaves', json=days).json()['id']}"
    _, seen = programs.read("dir", path)
    covers = [programs.site.cast.people[who] for who in ("chB", "chAB", "itl", "cto", "opm", "exe")]
    gate, token = Barrier(len(covers)), programs.token("dir")

    def name(number: int) -> int:
        client = TestClient(programs.site.app, base_url="http://testserver/api/v1")
        headers = {**seen, "Authorization": f"Bearer {token}"}
        gate.wait(timeout=30)
        return client.put(f"{path}/cover", headers=headers, json={"person": covers[number]}).status_code

    with ThreadPoolExecutor(len(covers)) as pool:
        assert sorted(pool.map(name, range(len(covers)))) == [200] + [412] * (len(covers) - 1)


def test_a_step_takes_no_task_of_another_rollout(programs: Programs) -> None:
    body = {"title": "The next", "playbook": programs.site.cast.playbook}
    other = programs("dir").post(f"{R}/next", json=body).json()["slug"]
    picked = [{"id": programs.site.task(entry), "version": 1} for entry in ("scanners", "posters")]
    for act, more in (("assignment", {"person": None}), ("completion", {}), ("skip", {"reason": "x"})):
        refused = programs("dir").post(f"/rollouts/{other}/many/{act}", json={"tasks": picked, **more})
        assert (refused.status_code, refused.json()["type"]) == (404, "/api/v1/#not-found")
        form = {"task": [f"{one['id']}-1" for one in picked], "person": "role", "reason": "x"}
        word = {"assignment": "assignment", "completion": "completion", "skip": "setting-aside"}[act]
        assert programs.site.client("dir").post(f"/rollouts/{other}/plan/{word}", data=form).status_code == 404
    assert [programs.site.version(one["id"]) for one in picked] == [1, 1]


def test_the_feed_names_to_the_assignee_who_did_what_on_the_task(programs: Programs) -> None:
    scanners, posters = programs.site.task("scanners"), programs.site.task("posters")
    exe, champion = programs.site.cast.people["exe"], programs.site.cast.people["chA"]
    _, seen = programs.read("dir", f"/tasks/{scanners}")
    given = programs("dir").put(f"/tasks/{scanners}/assignment", headers=seen, json={"person": exe})
    assert given.status_code == 200, given.text
    for task in (scanners, posters):
        _, seen = programs.read("chA", f"/tasks/{task}")
        assert programs("chA").put(f"/tasks/{task}/completion", headers=seen).status_code == 200
    items = programs("exe").get("/events?rollout=two-sites&limit=200").json()["items"]
    done = {one["subject"]: one["by"] for one in items if one["verb"] == "task.completed"}
    assert done == {scanners: champion, posters: None}


def test_the_feed_goes_on_where_it_ended_and_tells_only_what_one_may_know(programs: Programs) -> None:
    def read(who: str, address: str) -> tuple[list[dict[str, object]], str]:
        items: list[dict[str, object]] = []
        while True:
            page = programs(who).get(address).json()
            items += page["items"]
            address = page["next"].removeprefix("/api/v1")
            if not page["more"]:
                return items, address

    programs("chA"), programs("chB"), programs("dir")
    _, since_a = read("chA", "/events?limit=3")
    _, since_b = read("chB", "/events?rollout=two-sites")
    path = f"/tasks/{programs.site.task('scanners')}"
    _, seen = programs.read("chA", path)
    programs("chA").put(f"{path}/completion", headers=seen)
    (one,), _ = read("chA", since_a)
    assert (one["verb"], one["by"], one["location"]) == (
        "task.completed", programs.site.cast.people["chA"], programs.site.cast.locations["alder"],
    )  # fmt: skip
    assert read("chB", since_b)[0] == []
    everything, _ = read("dir", "/events?limit=200")
    ids = [item["id"] for item in everything]
    assert ids == sorted(set(ids))  # type: ignore[type-var]
    assert programs("ch0").get("/events?rollout=two-sites").status_code == 404
