"""Tasks over the API: the same changes as on the pages, and no change without a version."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Programs


def walk(programs: Programs, who: str = "chA") -> tuple[str, dict[str, Any], dict[str, str]]:
    path = f"/tasks/{programs.site.task('walk-through')}"
    return path, *programs.read(who, path)


def test_a_task_is_completed_with_the_version_that_was_seen(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}"
    before, version = programs.read("chA", path)
    done = programs("chA").put(f"{path}/completion", headers=version)
    assert done.status_code == 200, done.text
    assert (before["state"], done.json()["state"]) == ("todo", "done")
    assert done.json()["version"] == before["version"] + 1
    assert done.json()["completed_by"] == programs.site.cast.people["chA"]
    assert programs("chA").get(path).headers["etag"] == done.headers["etag"]


def test_nothing_is_changed_without_a_version(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}"
    refused = programs("chA").put(f"{path}/completion")
    assert refused.status_code == 428
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/api/v1/#version-wanted"
    assert programs("chA").get(path).json()["state"] == "todo"


def test_the_second_of_two_is_told_who_when_and_what(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('line-speed')}"
    _, seen = programs.read("chA", path)
    first = programs("dir").put(f"{path}/answer", headers=seen, json={"value": "250"})
    assert first.status_code == 200, first.text
    second = programs("chA").put(f"{path}/answer", headers=seen, json={"value": "90"})
    told = second.json()
    assert second.status_code == 412
    assert (told["type"], told["who"], told["what"]) == ("/api/v1/#stale", "Dana Whitfield", "answered")
    assert told["when"] == "2027-01-05T15:00:00+00:00"
    assert told["etag"] == programs("chA").get(path).headers["etag"]
    assert programs("chA").get(path).json()["answers"][0]["value"] == 250
    again = programs("chA").put(f"{path}/answer", headers={"If-Match": told["etag"]}, json={"value": "90"})
    assert again.status_code == 200
    assert again.json()["answers"][0] | {"at": ""} == {
        "path": "", "value": 90, "judged": "fail", "by": "Chiara Amato", "at": "",
    }  # fmt: skip


def test_two_programs_tick_different_lines_from_the_same_version(programs: Programs) -> None:
    path, _, seen = walk(programs)
    assert programs("chA").put(f"{path}/checklist/front-desk", headers=seen).status_code == 200
    assert programs("dir").put(f"{path}/checklist/reading-room.screens", headers=seen).status_code == 200
    checked = {line["path"]: line["checked_by"] for line in programs("dir").get(path).json()["checklist"]}
    assert checked["front-desk"] == "Chiara Amato"
    assert checked["reading-room.screens"] == "Dana Whitfield"
    undone = programs("chA").delete(f"{path}/checklist/reading-room.screens", headers=seen)
    assert undone.status_code == 412


def test_what_is_missing_is_listed(programs: Programs) -> None:
    path, _, seen = walk(programs)
    refused = programs("chA").put(f"{path}/completion", headers=seen)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/api/v1/#refused"
    assert len(refused.json()["missing"]) >= 3


def test_a_line_is_answered_and_a_wrong_answer_is_told_without_repeating_it(programs: Programs) -> None:
    path, _, seen = walk(programs)
    given = {"path": "reading-room.phones", "value": "pass"}
    assert programs("chA").put(f"{path}/answer", headers=seen, json=given).status_code == 200
    _, seen = programs.read("chA", path)
    wrong = programs("chA").put(f"{path}/answer", headers=seen, json=given | {"value": "secret-9f1"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["at"] == "answer"
    assert "secret-9f1" not in wrong.text


def test_a_task_is_blocked_and_goes_on(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}"
    _, seen = programs.read("chA", path)
    other = programs.site.task("sso", "")
    given = {"reason": "No power", "task": other, "expected": "2027-01-20"}
    blocked = programs("chA").put(f"{path}/block", headers=seen, json=given)
    assert blocked.status_code == 200, blocked.text
    assert blocked.json()["state"] == "blocked"
    assert blocked.json()["block"]["reason"] == "No power"
    assert blocked.json()["block"]["expected"] == "2027-01-20"
    freed = programs("chA").delete(f"{path}/block", headers={"If-Match": blocked.headers["etag"]})
    assert (freed.status_code, freed.json()["block"]) == (200, None)


def test_a_block_waits_for_nobody_who_is_not_there(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}"
    _, seen = programs.read("chA", path)
    for person in (99999, programs.site.cast.people["chB"]):
        given = {"reason": "No power", "waits_for": "the electrician", "person": person}
        refused = programs("chA").put(f"{path}/block", headers=seen, json=given)
        assert (refused.status_code, refused.json()["errors"][0]["at"]) == (422, "waits_for")


def test_a_task_is_set_aside_and_taken_up_again(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('posters')}"
    _, seen = programs.read("chA", path)
    aside = programs("chA").put(f"{path}/skip", headers=seen, json={"reason": "No walls"})
    assert (aside.status_code, aside.json()["state"], aside.json()["skip"]["reason"]) == (200, "done", "No walls")
    again = programs("chA").delete(f"{path}/completion", headers={"If-Match": aside.headers["etag"]})
    assert (again.status_code, again.json()["skip"]) == (200, None)


def test_a_token_never_signs(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('migration')}"
    _, seen = programs.read("itl", path)
    done = programs("itl").put(f"{path}/completion", headers=seen)
    assert done.json()["wanted"] == {"kind": "sign_off", "roles": ["director"]}
    refused = programs("dir").post(
        f"{path}/signatures", headers={"If-Match": done.headers["etag"]}, json={"kind": "sign_off"}
    )
    assert refused.status_code == 403
    assert refused.json()["type"] == "/api/v1/#proof-wanted"
    assert programs("dir").get(path).json()["signatures"] == []


def test_a_file_is_attached_fetched_taken_away_and_put_back(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('walk-through')}"
    _, seen = programs.read("chA", path)
    kept = programs("chA").post(f"{path}/evidence", headers=seen, files={"file": ("notes.txt", b"all is well")})
    assert kept.status_code == 201, kept.text
    (piece,) = kept.json()["evidence"]
    assert (piece["kind"], piece["file_name"], piece["size"]) == ("file", "notes.txt", 11)
    content = programs("chA").get(piece["content"].removeprefix("/api/v1"))
    assert (content.content, content.headers["content-type"]) == (b"all is well", "text/plain; charset=utf-8")
    assert content.headers["content-disposition"].startswith("attachment")
    place = f"{path}/evidence/{piece['id']}"
    gone = programs("chA").delete(place, headers={"If-Match": kept.headers["etag"]})
    assert (gone.status_code, gone.json()["evidence"]) == (200, [])
    back = programs("chA").put(place, headers={"If-Match": gone.headers["etag"]})
    assert [one["id"] for one in back.json()["evidence"]] == [piece["id"]]
    other = f"/tasks/{programs.site.task('scanners')}"
    _, seen = programs.read("chA", other)
    assert programs("chA").delete(f"{other}/evidence/{piece['id']}", headers=seen).status_code == 404


def test_the_same_intent_attaches_one_link(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('walk-through')}"
    _, seen = programs.read("chA", path)
    headers = {**seen, "Idempotency-Key": "one-and-only"}
    for url in ("https://example.org/a", "https://example.org/a"):
        answer = programs("chA").post(f"{path}/links", headers=headers, json={"url": url})
        assert answer.status_code == 201, answer.text
    assert len(programs("chA").get(path).json()["evidence"]) == 1


def test_who_sees_the_plan_but_not_the_texts_gets_no_text(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}"
    _, seen = programs.read("chA", path)
    programs("chA").put(f"{path}/block", headers=seen, json={"reason": "canary", "waits_for": "canary"})
    shown = programs("exe").get(path)
    assert (shown.json()["detail"], shown.json()["block"]["reason"]) == (False, None)
    assert "canary" not in shown.text
    assert programs("exe").get(f"{path}/history").status_code == 403
    history = programs("chA").get(f"{path}/history").json()["items"]
    assert [one["verb"] for one in history] == ["task.blocked"]


def test_the_list_is_paged_in_an_order_that_does_not_move(programs: Programs) -> None:
    seen, address = [], "/rollouts/two-sites/tasks?limit=4"
    while address:
        answer = programs("dir").get(address)
        page = answer.json()
        assert len(page["items"]) <= 4
        seen += [one["id"] for one in page["items"]]
        assert answer.headers.get("link", "") == (f'<{page["next"]}>; rel="next"' if page["next"] else "")
        address = (page["next"] or "").removeprefix("/api/v1")
    assert seen == sorted(set(seen))
    whole = programs("dir").get("/rollouts/two-sites/tasks?limit=200").json()["items"]
    assert [one["id"] for one in whole] == seen
    own = programs("chA").get("/rollouts/two-sites/tasks?limit=200").json()["items"]
    assert {one["location"] for one in own} == {"alder", None}


@pytest.mark.parametrize(
    ("query", "status"),
    [("limit=0", 400), ("limit=201", 400), ("limit=1_0", 400), ("limit=%2B5", 400), ("cursor=AAAA", 422),
     ("nonsense=1", 400), ("limit=5&limit=6", 400), ("week=99999", 400), ("since=2027-1-1", 400),
     ("workstream=%00", 400), ("state=nonsense", 200)],
)  # fmt: skip
def test_a_query_is_read_strictly(programs: Programs, query: str, status: int) -> None:
    answer = programs("dir").get(f"/rollouts/two-sites/tasks?{query}")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
        status, "application/json" if status == 200 else "application/problem+json",
    )  # fmt: skip


def test_a_cursor_of_another_list_is_refused(programs: Programs) -> None:
    other = programs("dir").get("/rollouts/two-sites/locations?limit=1").json()["next"]
    cursor = other.partition("cursor=")[2]
    assert programs("dir").get(f"/rollouts/two-sites/tasks?cursor={cursor}").status_code == 422


def test_the_filters_are_those_of_the_plan(programs: Programs) -> None:
    def titles(query: str, who: str = "dir") -> set[str]:
        items = programs(who).get(f"/rollouts/two-sites/tasks?{query}").json()["items"]
        return {one["entry"] for one in items}

    assert titles("location=shared") == {"sso"}
    assert titles("critical=true") == {"line-speed"}
    assert titles("q=PHOTOGRAPH") == {"photos"}
    assert titles("state=wait&location=alder") == {"migration"}
    assert titles("role=it-lead") == {"sso", "cabling", "migration"}
    assert titles("person=me", "itl") == {"sso", "cabling", "migration"}
    assert titles("until=2027-01-08") == {"sso"}


def test_an_unchanged_thing_is_not_sent_again(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}"
    for address in (path, "/today", "/rollouts/two-sites", "/rollouts/two-sites/board", "/rollouts/two-sites/tasks"):
        first = programs("chA").get(address)
        again = programs("chA").get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), address
