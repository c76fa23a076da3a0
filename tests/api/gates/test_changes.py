"""Gates for programs, changed: answers, proofs, the vote and conditions; what only a person proves is refused."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from app.actions.gates.conditions import accept_condition
from app.models import GateAnswer, GateCondition, GatePack, GateVote
from tests.api.gates.conftest import Held
from tests.cast import NOW
from tests.gating import decide, gate_id, vote

UNTIL = "2027-01-10T12:00:00Z"


def asking(held: Held, **given: Any) -> dict[str, Any]:
    owner = held.site.cast.people["itl"]
    return {"what": "Two lines wait", "instead": "A line of 4G", "owner": owner, "expires_at": UNTIL, **given}


def asked(held: Held, **given: Any) -> str:
    """The address of a condition that was asked for."""
    gate = held.gate()
    answer = held("opm").post(f"{gate}/conditions", json=asking(held, **given))
    assert answer.status_code == 201, answer.text
    return f"{gate}/conditions/{answer.json()['conditions'][-1]['id']}"


def accept(held: Held, condition: str) -> None:
    """As on the page."""
    with held.site.database.writing() as session:
        gate, by = gate_id(session, held.site.cast), held.site.cast.proven(session, "dir")
        accept_condition(session, gate, int(condition.rpartition("/")[2]), by=by, now=NOW)


def test_a_criterion_is_answered_by_its_owner_and_corrected_by_version(held: Held) -> None:
    path = f"{held.gate()}/answers/safe"
    found, seen = held.read("chA", path)
    assert (found["id"], found["value"], found["may_answer"], seen["If-Match"][:3]) == (0, None, True, '"0-')
    body = {"value": "no", "note": "The line fell"}
    assert held("chA").put(path, json=body).status_code == 428
    assert held("cto").put(path, json=body, headers=seen).status_code == 403
    assert held("chB").put(path, json=body, headers=seen).status_code == 404
    given = held("chA").put(path, json=body, headers=seen)
    assert (given.status_code, given.json()["value"], given.json()["by_name"]) == (200, False, "Chiara Amato")
    assert held("chAB").put(path, json=body, headers=seen).json() == given.json()
    stale = held("opm").put(path, json={"value": "yes"}, headers=seen)
    assert (stale.status_code, stale.json()["who"], stale.json()["etag"]) == (
        412, "Chiara Amato", held("opm").get(path).headers["etag"],
    )  # fmt: skip
    assert held("opm").put(path, json={"value": "perhaps"}, headers=seen).status_code == 422
    now = {"If-Match": given.headers["etag"]}
    assert held("opm").put(path, json={"value": "yes"}, headers=now).json()["value"] is True
    with held.site.database.reading() as session:
        assert [one.replaced_at is None for one in session.exec(select(GateAnswer).order_by(col(GateAnswer.id)))] == [
            False,
            True,
        ]


def test_answers_to_others_do_not_outdate_each_other(held: Held) -> None:
    safe, fast = (f"{held.gate()}/answers/{name}" for name in ("safe", "fast"))
    (_, first), (_, second) = held.read("chA", safe), held.read("itl", fast)
    assert held("chA").put(safe, json={"value": "yes"}, headers=first).status_code == 200
    assert held("itl").put(fast, json={"value": "900"}, headers=second).status_code == 200


def test_what_is_measured_is_answered_by_nobody(held: Held) -> None:
    _, seen = held.read("dir", f"{held.gate()}/answers/safe")
    for name, status in (("calm", 422), ("none", 404)):
        assert held("dir").get(f"{held.gate()}/answers/{name}").status_code == 404
        assert (
            held("dir").put(f"{held.gate()}/answers/{name}", json={"value": "yes"}, headers=seen).status_code == status
        )


def test_what_people_wrote_is_for_whoever_may_read_it(held: Held) -> None:
    held.open()
    asked(held)
    for who, read in (("chA", True), ("cto", True), ("exe", False)):
        found = held(who).get(held.gate()).json()
        shown = [found["answers"][0]["value"], found["conditions"][0]["what"], found["conditions"][0]["instead"]]
        assert (found["detail"], [one is not None for one in shown]) == (read, [read] * 3)
        assert held(who).get(f"{held.gate()}/answers/safe").json()["value"] == (True if read else None)


def test_text_that_looks_like_a_patients_is_refused(held: Held) -> None:
    _, seen = held.read("chA", f"{held.gate()}/answers/safe")
    body = {"value": "yes", "note": "MRN 48213377"}
    refused = held("chA").put(f"{held.gate()}/answers/safe", json=body, headers=seen)
    assert refused.status_code == 422 and "48213377" not in refused.text
    assert held("chA").put(f"{held.gate()}/answers/safe", json={**body, "no_patient": True}, headers=seen).is_success
    for value in (["MRN 48213377"], [{"name": "MRN 48213377"}]):
        refused = held("chA").put(f"{held.gate()}/answers/safe", json={"value": value}, headers=seen)
        assert (refused.status_code, refused.json()["errors"][0]["at"]) == (422, "value")


def test_files_and_links_prove_an_answer(held: Held) -> None:
    gate = held.gate()
    path = f"{gate}/answers/safe"
    sent, again = (held("chA").post(f"{path}/files", files={"file": ("seen.txt", b"at ten")}) for _ in range(2))
    assert (sent.status_code, again.json()["files"]) == (201, sent.json()["files"])
    linked = held("chA").post(f"{path}/links", json={"url": "https://example.org/report"})
    file, link = linked.json()["files"]
    assert (file["file_name"], file["size"], link["url"], link["content"]) == (
        "seen.txt", 6, "https://example.org/report", None,
    )  # fmt: skip
    content = file["content"].removeprefix("/api/v1")
    fetched = held("chA").get(content)
    assert (fetched.content, fetched.headers["content-disposition"]) == (
        b"at ten", f'attachment; filename="gate-proof-{file["id"]}.txt"',
    )  # fmt: skip
    assert held("chA").get(content, headers={"If-None-Match": fetched.headers["etag"]}).status_code == 304
    assert held("exe").get(content).status_code == 403
    assert held("exe").get(gate).json()["files"] == []
    assert held("chA").post(f"{path}/links", json={"url": "http://example.org"}).status_code == 422
    for who, status in (("cto", 403), ("chB", 404)):
        assert held(who).post(f"{path}/links", json={"url": "https://example.org"}).status_code == status
        assert held(who).post(f"{path}/files", files={"file": ("a.txt", b"a")}).status_code == status
        assert held(who).delete(f"{gate}/files/{file['id']}").status_code == status
    assert [len(held("chA").delete(f"{gate}/files/{file['id']}").json()["files"]) for _ in range(2)] == [1, 1]
    assert held("chA").get(content).status_code == 404


def test_a_vote_is_opened_and_called_off_by_version(held: Held) -> None:
    gate = held.gate()
    _, seen = held.read("opm", gate)
    held.answer("chA", "safe", "yes")
    assert held("opm").put(f"{gate}/voting").status_code == 428
    stale = held("opm").put(f"{gate}/voting", headers=seen)
    assert (stale.status_code, stale.json()["who"]) == (412, "Chiara Amato")
    seen = {"If-Match": stale.json()["etag"]}
    assert held("chA").put(f"{gate}/voting", headers=seen).status_code == 403
    opened = held("opm").put(f"{gate}/voting", headers=seen)
    assert (opened.json()["state"], opened.json()["pack"]["frozen_by"]) == ("vote open", "Omar Haddad")
    assert held("opm").put(f"{gate}/voting", headers=seen).json()["packs"] == opened.json()["packs"]
    assert held("opm").delete(f"{gate}/voting", headers=seen).status_code == 412
    now = {"If-Match": opened.headers["etag"]}
    assert held("chA").delete(f"{gate}/voting", headers=now).status_code == 403
    closed = held("opm").delete(f"{gate}/voting", headers=now)
    assert (closed.json()["state"], closed.json()["pack"]) == ("not held", None)
    assert held("opm").delete(f"{gate}/voting", headers=now).json()["version"] == closed.json()["version"]


@pytest.mark.parametrize("act", ["votes", "decisions", "acceptance"])
def test_what_only_a_person_proves_is_refused_to_every_token(held: Held, act: str) -> None:
    condition, gate = asked(held), held.open()
    path, body, who, other = {
        "votes": (f"{gate}/votes", {"vote": "go", "pack": 1}, "chA", "exe"),
        "decisions": (f"{gate}/decisions", {"outcome": "deferred", "reason": "The line is late"}, "dir", "chA"),
        "acceptance": (f"{condition}/acceptance", None, "dir", "opm"),
    }[act]
    method = "PUT" if act == "acceptance" else "POST"
    refused = held(who).request(method, path, json=body)
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/#proof-wanted")
    forbidden = held(other).request(method, path, json=body)
    assert (forbidden.status_code, forbidden.json()["type"]) == (403, "/api/v1/#forbidden")
    assert held("chB").request(method, path, json=body).status_code == 404
    found, _ = held.read("chA", gate)
    assert (found["count"]["cast"], found["decisions"], found["conditions"][0]["state"]) == (0, [], "asked")


def test_a_decision_names_the_one_that_it_saw(held: Held) -> None:
    gate = held.gate()
    with held.site.database.writing() as session:
        made = decide(session, held.site.cast, gate_id(session, held.site.cast), "no-go").decision
        key = made.id if made else 0
    body = {"outcome": "deferred", "reason": "The line is late"}
    stale = held("dir").post(f"{gate}/decisions", json={**body, "seen": 0})
    assert (stale.status_code, stale.json()["who"], stale.json()["what"]) == (412, "Dana Whitfield", "decided")
    for seen in ({}, {"seen": key}):
        refused = held("dir").post(f"{gate}/decisions", json={**body, **seen})
        assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/#proof-wanted")


def test_evidence_that_changed_is_frozen_anew_though_the_answer_is_a_refusal(held: Held) -> None:
    gate = held.open()
    with held.site.database.writing() as session:
        vote(session, held.site.cast, gate_id(session, held.site.cast), "chA")
    held.answer("itl", "fast", "40")
    refused = held("itl").post(f"{gate}/votes", json={"vote": "go", "pack": 1})
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/#refused")
    assert [line.partition(":")[0] for line in refused.json()["missing"]] == ["criteria › fast", "proofs › answer fast"]
    found, _ = held.read("chA", gate)
    assert (found["pack"]["number"], found["count"]["cast"], found["fallen"][0]["name"]) == (2, 0, "Chiara Amato")
    old = held("itl").post(f"{gate}/votes", json={"vote": "go", "pack": 1})
    assert (old.status_code, len(old.json()["missing"])) == (409, 2)
    with held.site.database.reading() as session:
        assert len(session.exec(select(GatePack)).all()) == 2


def test_a_vote_is_taken_back_without_a_proof_and_by_its_voter_alone(held: Held) -> None:
    gate = held.open()
    with held.site.database.writing() as session:
        vote(session, held.site.cast, gate_id(session, held.site.cast), "chA")
        key = session.exec(select(GateVote.id)).one()
    path = f"{gate}/votes/{key}/withdrawal"
    assert held("dir").put(path).status_code == 403
    assert held("chB").put(path).status_code == 404
    assert held("chA").put(f"{gate}/votes/99999/withdrawal").status_code == 404
    assert [held("chA").put(path).json()["count"]["cast"] for _ in range(2)] == [0, 0]


def test_a_condition_is_asked_for_once_for_a_key(held: Held) -> None:
    path, key = f"{held.gate()}/conditions", {"Idempotency-Key": "k"}
    first, again = (held("chA").post(path, json=asking(held), headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    (line,) = again.json()["conditions"]
    assert (line["state"], line["owner_name"], line["asked_by"]) == ("asked", "Ivo Tanaka", "Chiara Amato")
    assert held("chA").post(path, json=asking(held, what="Else"), headers=key).status_code == 409
    for wrong in ({"criterion": "none"}, {"expires_at": "2028-01-01T00:00:00Z"}, {"owner": 99_999}, {"what": " "}):
        assert held("chA").post(path, json=asking(held, **wrong)).status_code == 422
    assert held("exe").post(path, json=asking(held)).status_code == 403
    assert held("chB").post(path, json=asking(held)).status_code == 404
    assert held("dir").post(f"{held.gate('go')}/conditions", json=asking(held)).status_code == 409
    with held.site.database.reading() as session:
        assert len(session.exec(select(GateCondition)).all()) == 1


@pytest.mark.parametrize("until", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_an_end_beyond_all_calendars_is_refused(held: Held, until: str) -> None:
    refused = held("chA").post(f"{held.gate()}/conditions", json=asking(held, expires_at=until))
    assert (refused.status_code, refused.json()["errors"][0]["at"]) == (422, "expires")


def test_a_condition_is_refused_by_whoever_decides(held: Held) -> None:
    path = f"{asked(held)}/refusal"
    assert held("opm").put(path, json={"reason": "Too long"}).status_code == 403
    assert held("dir").put(path, json={"reason": " "}).status_code == 422
    for _ in range(2):
        found = held("dir").put(path, json={"reason": "Too long"}).json()["conditions"][0]
        assert (found["state"], found["refusal"], found["refused_by"]) == ("refused", "Too long", "Dana Whitfield")
    assert held("dir").put(f"{held.gate()}/conditions/99999/refusal", json={"reason": "x"}).status_code == 404


def test_a_condition_is_met_by_its_owner(held: Held) -> None:
    condition = asked(held, criterion="fast")
    path = f"{condition}/meeting"
    assert held("itl").put(path, json={"how": "Two lines are in"}).status_code == 409
    accept(held, condition)
    assert held("chA").put(path, json={"how": "x"}).status_code == 403
    assert {one["id"]: one["stands"] for one in held("chA").get(held.gate()).json()["criteria"]}["fast"] == "waived"
    for _ in range(2):
        found = held("itl").put(path, json={"how": "Two lines are in"}).json()["conditions"][0]
        assert (found["state"], found["met_how"], found["met_by"]) == ("met", "Two lines are in", "Ivo Tanaka")


def test_a_token_that_only_reads_changes_nothing(held: Held) -> None:
    refused = held("opm", reads_only=True).post(f"{held.gate()}/conditions", json=asking(held))
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/#reads-only")
