"""Runs for programs: their steps go on, are held up and set right by the same changes as on the pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.runs.conftest import Night

AT = "2027-01-05T{}:00Z"


def test_a_step_is_begun_finished_and_checked_by_version(night: Night) -> None:
    night.rehearse()
    path = night.step("freeze")
    found, seen = night.read("itl", path)
    assert (found["state"], found["version"], found["may_start"], found["yours"]) == ("todo", 0, True, True)
    assert night("itl").put(f"{path}/start", json={}).status_code == 428
    begun = night("itl").put(f"{path}/start", json={}, headers=seen)
    assert (begun.status_code, begun.json()["state"]) == (200, "running")
    assert begun.headers["etag"].startswith(f'"{begun.json()["version"]}-')
    assert night("itl").put(f"{path}/start", json={}, headers=seen).json() == begun.json()
    night.minute(25)
    stale = night("opm").put(f"{path}/completion", json={}, headers=seen)
    assert (stale.status_code, stale.json()["who"], stale.json()["what"]) == (412, begun.json()["people"][0], "started")
    now = {"If-Match": stale.json()["etag"]}
    done = night("itl").put(f"{path}/completion", json={"note": "All of them"}, headers=now)
    assert (done.status_code, done.json()["state"]) == (200, "check")
    assert night.send("itl", "freeze", "verification").status_code == 403
    night.minute(28)
    checked = night.act("chA", "freeze", "verification")
    assert (checked["state"], [one["kind"] for one in checked["entries"]]) == (
        "done", ["started", "finished", "verified"],
    )  # fmt: skip


def test_a_step_has_its_four_times(night: Night) -> None:
    begin = night.rehearse()["zero_at"]
    night.act("itl", "freeze", "start")
    night.minute(40)
    night.act("itl", "freeze", "completion")
    night.minute(41)
    night.act("chA", "freeze", "verification")
    first, second, *_ = night.seen_run()["steps"]
    assert (first["baseline_begins"], first["planned_begins"], first["started_at"]) == (begin, begin, begin)
    assert [first[name][11:16] for name in ("planned_ends", "finished_at", "verified_at", "forecast_ends")] == [
        "15:30", "15:40", "15:41", "15:41",
    ]  # fmt: skip
    times = ("baseline_begins", "planned_begins", "forecast_begins", "started_at")
    assert [second[name] and second[name][11:16] for name in times] == ["15:30", "15:30", "15:41", None]


def test_what_a_step_waits_for_is_said_and_whoever_leads_goes_out_of_order(night: Night) -> None:
    night.rehearse()
    refused = night.send("itl", "patients", "start")
    assert (refused.status_code, refused.json()["missing"]) == (409, ["for “Freeze settings” to be done"])
    assert night.send("itl", "patients", "start", why="We are late").status_code == 409
    assert night.act("opm", "patients", "start", why="We are late")["state"] == "running"
    missing = night.send("opm", "patients", "completion")
    assert (missing.status_code, missing.json()["missing"]) == (409, ["the answer"])
    night.minute(60)
    done = night.act("opm", "patients", "completion", value="412", happened=AT.format("15:50"))
    (_, entry) = done["entries"]
    assert (entry["answer"], entry["paper"], done["finished_at"]) == (412, True, AT.format("15:50"))


def test_rounds_are_done_one_by_one(night: Night) -> None:
    night.rehearse()
    night.act("opm", "pulse", "start", why="To try it")
    assert night.send("opm", "freeze", "rounds").status_code == 409
    found = night.act("opm", "pulse", "rounds", note="Calm")
    assert (found["round"], found["repeat"]["at_least"], found["entries"][-1]["round"]) == (2, 2, 1)
    assert night.act("opm", "pulse", "completion")["state"] == "done"


def test_a_block_moves_the_forecast_and_opens_an_issue(night: Night) -> None:
    before = night.rehearse()["forecast_end"]
    night.act("itl", "freeze", "start")
    night.minute(10)
    until = AT.format("16:00")
    said = {"reason": "The console hangs", "severity": "normal", "until": until}
    assert night.send("itl", "freeze", "block", **{**said, "until": AT.format("14:00")}).status_code == 422
    assert night.send("itl", "freeze", "block", **{**said, "reason": "MRN 4471820"}).status_code == 422
    blocked = night.act("itl", "freeze", "block", **said)
    assert (blocked["state"], blocked["expected_at"]) == ("blocked", until)
    run = night.seen_run()
    assert (run["position"]["colour"], run["blocked"], run["forecast_end"] > before) == ("amber", 1, True)
    assert night("opm").get(f"/issues/{blocked['entries'][-1]['issue']}").status_code == 200
    night.minute(20)
    assert night.act("itl", "freeze", "unblocking", note="It answers again")["lost"] == 10.0


def test_a_step_is_skipped_taken_up_again_and_handed_over(night: Night) -> None:
    night.rehearse()
    assert night.send("itl", "freeze", "skipping", reason="No time").status_code == 409
    assert night.act("opm", "tell", "skipping", reason="All know")["state"] == "skipped"
    assert night.send("chA", "tell", "reopening", reason="They do not").status_code == 403
    assert night.act("opm", "tell", "reopening", reason="They do not")["state"] == "todo"
    chiara = night.site.cast.people["chA"]
    given = night.act("opm", "orders", "holder", person=chiara)
    assert (given["holder"], given["holder_name"], given["entries"][-1]["to"]) == (chiara, "Chiara Amato", chiara)
    assert night.read("chA", night.step("orders"))[0]["yours"]
    assert night.send("opm", "orders", "holder", person=night.site.cast.people["off"]).status_code == 422


def test_a_finished_step_is_sent_back(night: Night) -> None:
    night.rehearse()
    night.act("itl", "freeze", "completion")
    assert night.send("chA", "freeze", "return", reason=" ").status_code == 422
    assert night.act("chA", "freeze", "return", reason="One is open")["state"] == "running"


def test_an_hour_is_set_right_by_a_second_entry(night: Night) -> None:
    night.rehearse()
    entry = night.act("itl", "freeze", "start")["entries"][0]["id"]
    night.minute(10)
    path = f"{night.run}/entries/{entry}/corrections"
    said = {"happened": AT.format("15:04"), "why": "Pressed too early"}
    assert night("chA").post(path, json=said).status_code == 403
    key = {"Idempotency-Key": "right"}
    fixed = [night("itl").post(path, json=said, headers=key) for _ in range(2)]
    assert [one.status_code for one in fixed] == [201, 201]
    assert fixed[0].json()["started_at"] == AT.format("15:04")
    log = night.read("opm", f"{night.run}/entries?limit=1")[0]
    last = night("opm").get(log["next"].removeprefix("/api/v1")).json()
    (line,) = last["items"]
    assert (line["kind"], line["corrects"], line["was"], last["next"]) == ("corrected", entry, AT.format("15:00"), None)
    ahead = {**said, "happened": AT.format("16:00")}
    assert night("itl").post(path, json=ahead).status_code == 422


def test_notes_and_proofs(night: Night) -> None:
    night.rehearse()
    path = night.step("freeze")
    key = {"Idempotency-Key": "noted"}
    for _ in range(2):
        noted = night("itl").post(f"{path}/notes", json={"text": "It is calm"}, headers=key)
        assert (noted.status_code, [one["why"] for one in noted.json()["entries"]]) == (201, ["It is calm"])
    assert night("opm").post(f"{night.run}/notes", json={"text": "All here"}).status_code == 201
    assert night("exe").post(f"{night.run}/notes", json={"text": "x"}).status_code == 403
    linked = night("itl").post(f"{path}/evidence/links", json={"url": "https://example.org/shot"})
    sent = night("itl").post(f"{path}/evidence", files={"file": ("shot.txt", b"frozen")})
    assert (linked.status_code, sent.status_code) == (201, 201)
    link, file = sent.json()["files"]
    assert (link["url"], file["file_name"], file["size"]) == ("https://example.org/shot", "shot.txt", 6)
    content = file["content"].removeprefix("/api/v1")
    assert night("itl").get(content).content == b"frozen"
    assert night("exe").get(content).status_code == 403
    for _ in range(2):
        removed = night("itl").delete(f"{night.run}/files/{file['id']}")
        assert (removed.status_code, removed.json()["files"]) == (200, [link])
    assert night("itl").get(content).status_code == 404


def test_what_was_typed_is_for_those_who_work_there(night: Night) -> None:
    night.rehearse()
    night.act("opm", "tell", "skipping", reason="A secret reason")
    night("opm").post(f"{night.run}/notes", json={"text": "A secret note"})
    night("opm").post(f"{night.step('tell')}/evidence/links", json={"url": "https://example.org/secret"})
    night("opm").put(f"{night.run}/ending", json={"reason": "A secret end"})
    for path in (night.run, f"{night.run}/entries", night.step("tell"), f"{night.run}/review"):
        assert "secret" not in night("exe").get(path).text
    run, step = night.seen_run("exe"), night.read("exe", night.step("tell"))[0]
    assert (run["detail"], run["outcome"], run["outcome_reason"]) == (False, "abandoned", None)
    assert (step["entries"][0]["why"], step["files"], step["entries"][0]["kind"]) == (None, [], "skipped")
    assert night.seen_run("chA")["outcome_reason"] == "A secret end"
    assert night("chB").get(night.run).status_code == 404


def test_a_run_that_is_over_is_corrected_and_not_gone_on_with(night: Night) -> None:
    night.rehearse()
    entry = night.act("itl", "freeze", "start")["entries"][0]["id"]
    night.minute(5)
    assert night("itl").put(f"{night.run}/ending", json={"reason": "x"}).status_code == 403
    assert night("opm").put(f"{night.run}/ending", json={}).status_code == 422
    for reason in ("No power", "Another word"):
        ended = night("opm").put(f"{night.run}/ending", json={"reason": reason})
        assert (ended.status_code, ended.json()["outcome_reason"]) == (200, "No power")
    night.minute(10)
    refused = night.send("itl", "freeze", "completion")
    assert (refused.status_code, refused.json()["missing"]) == (409, [])
    assert not any(night.read("itl", night.step("freeze"))[0][name] for name in ("may_finish", "may_block"))
    assert night("itl").post(f"{night.step('freeze')}/notes", json={"text": "Late"}).status_code == 201
    said = {"happened": AT.format("15:02"), "why": "The clock"}
    assert night("itl").post(f"{night.run}/entries/{entry}/corrections", json=said).status_code == 201
    assert night("opm").post(f"{night.run}/links", json={"title": "Hall"}).status_code == 409


def test_a_token_never_turns_a_run_round(night: Night) -> None:
    run = night.rehearse()
    assert (run["back_out"]["decides"], run["back_out"]["takes"], run["back_out"]["safe_for"] > 0) == (
        "director", 15.0, True,
    )  # fmt: skip
    path, why = f"{night.run}/way-back", {"reason": "No way"}
    refused = night("dir").put(path, json=why)
    assert (refused.status_code, refused.json()["type"].partition("#")[2]) == (403, "proof-wanted")
    other = night("opm").put(path, json=why)
    assert (other.status_code, other.json()["type"].partition("#")[2]) == (403, "forbidden")
    assert night.seen_run("dir")["returning_at"] is None


def test_links_to_the_wall_are_shown_once_and_ended(night: Night) -> None:
    night.rehearse()
    key = {"Idempotency-Key": "hall"}
    made = night("opm").post(f"{night.run}/links", json={"title": "Hall"}, headers=key)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    address = made.json()["link"].partition("/wall/")[2]
    assert night.site.client("").get(f"/wall/{address}").status_code == 200
    again = night("opm").post(f"{night.run}/links", json={"title": "Hall"}, headers=key)
    assert again.json() == {**made.json(), "link": None}
    (line,) = night("opm").get(f"{night.run}/links").json()["items"]
    assert (line["title"], line["ended_at"], address in str(line)) == ("Hall", None, False)
    for act in (night("chA").get, night("itl").get):
        assert act(f"{night.run}/links").status_code == 403
    path = f"{night.run}/links/{line['id']}"
    assert night("itl").delete(path).status_code == 403
    ended = [night("opm").delete(path).json() for _ in range(2)]
    assert ended[0] == ended[1]
    assert ended[0]["ended_at"] == night.site.now.isoformat().replace("+00:00", "Z")
    assert night.site.client("").get(f"/wall/{address}").status_code == 404


@pytest.mark.parametrize(
    ("act", "given", "status"),
    [
        ("start", {"happened": "2027-01-05T08:00:00"}, 400),
        ("start", {"happened": "0001-01-01T00:00:00+14:00"}, 422),
        ("start", {"happened": AT.format("20:00")}, 422),
        ("start", {"why": "MRN 4471820"}, 422),
        ("start", {"nothing": 1}, 400),
        ("completion", {"note": "MRN 4471820"}, 422),
        ("block", {"reason": "x", "until": "9999-12-31T23:59:59-14:00"}, 422),
        ("block", {"reason": "x"}, 400),
        ("holder", {"person": 0}, 400),
    ],
)
def test_what_cannot_be_taken_is_refused(night: Night, act: str, given: dict[str, Any], status: int) -> None:
    night.rehearse()
    answer = night.send("opm", "freeze", act, **given)
    assert answer.status_code == status, answer.text


def test_t_of_a_rehearsal_that_keeps_hours_moves_with_a_reason(night: Night) -> None:
    before = night.rehearse(how="hours", zero=AT.format("22:00"))
    run = f"/runs/{before['id']}"
    moved = {"zero": AT.format("22:30"), "why": "The crew comes later"}
    assert before["may_retime"] and night("itl").put(f"{run}/zero", json=moved).status_code == 403
    assert night("opm").put(f"{run}/zero", json={**moved, "why": ""}).status_code == 422
    assert night("opm").put(f"{run}/zero", json={"why": "x"}).status_code == 422
    after = night("opm").put(f"{run}/zero", json=moved).json()
    assert (before["zero_at"][11:16], after["zero_at"][11:16]) == ("22:00", "22:30")
    first, was = after["steps"][0], before["steps"][0]
    assert (first["baseline_begins"], first["planned_begins"][14:16]) == (was["planned_begins"], "30")


def test_a_check_from_paper_keeps_its_hour(night: Night) -> None:
    night.rehearse()
    night.act("itl", "freeze", "completion")
    night.minute(60)
    checked = night.act("chA", "freeze", "verification", happened=AT.format("15:20"))
    assert checked["entries"][-1]["happened_at"][11:16] == "15:20" and checked["entries"][-1]["paper"]
