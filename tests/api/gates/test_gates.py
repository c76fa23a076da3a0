"""Gates for programs, read: the list, one whole, the frozen evidence and the records of decisions."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

from app.actions.gates.conditions import accept_condition, ask_condition
from app.worker.gates import watch
from tests.api.gates.conftest import Held
from tests.cast import NOW
from tests.gating import decide, gate_id, vote
from tests.queries.test_counts import counting

LIST = "/rollouts/two-sites/gates"


def test_gates_are_listed_with_their_filters_and_where_they_stand(held: Held) -> None:
    items = held("dir").get(LIST).json()["items"]
    assert [(one["gate"], one["location"], one["state"]) for one in sorted(items, key=lambda one: one["gate"])] == [
        ("go", "alder", "not held"), ("go", "birch", "not held"), ("network-go", None, "not held"),
        ("review", "alder", "not held"), ("review", "birch", "not held"),
    ]  # fmt: skip
    assert {one["location"] for one in held("chA").get(LIST).json()["items"]} == {"alder", None}
    held.open()
    (one,) = held("chA").get(f"{LIST}?location=alder&gate=review").json()["items"]
    assert one | {"id": 0} == {
        "id": 0, "rollout": "two-sites", "gate": "review", "title": "Readiness review", "location": "alder",
        "wave": "", "due": "2027-01-29", "state": "vote open", "decided_at": None,
    }  # fmt: skip
    (network,) = held("chB").get(f"{LIST}?location=network").json()["items"]
    assert (network["gate"], network["location"]) == ("network-go", None)
    assert held("chA").get(f"{LIST}?location=birch").status_code == 422
    first = held("dir").get(f"{LIST}?limit=2").json()
    assert len(first["items"]) == 2
    assert len(held("dir").get(first["next"].removeprefix("/api/v1")).json()["items"]) == 2


def test_a_list_of_one_and_of_three_ask_the_same_number_of_queries(held: Held) -> None:
    held.open()
    client, counts = held("dir"), []
    client.get(LIST)
    for query in ("?gate=network-go", "?limit=3"):
        with counting(held.site.database) as sent:
            counts.append((len(client.get(f"{LIST}{query}").json()["items"]), len(sent)))
    assert counts == [(1, counts[0][1]), (3, counts[0][1])]


def test_a_gate_of_which_nothing_is_recorded_is_read_whole(held: Held) -> None:
    found, seen = held.read("chA", held.gate())
    assert seen["If-Match"].startswith('"0-')
    assert (found["version"], found["state"], found["detail"], found["pack"]) == (0, "not held", True, None)
    shown = ("id", "needed", "measured", "stands", "critical")
    assert [tuple(one[name] for name in shown) for one in found["criteria"]] == [
        ("safe", "yes", "not answered yet", "not met", True),
        ("fast", "answered", "not answered yet", "not met", False),
        ("calm", "none open", "none open", "met", True),
        ("few", "at most 1 open", "none open", "met", False),
    ]  # fmt: skip
    assert (found["may_answer"], found["may_vote"], found["may_prepare"]) == (["safe"], ["champion"], False)
    assert [(one["role"], one["must"], one["people"]) for one in found["seats"]] == [
        ("champion", True, ["Abena Boateng", "Chiara Amato"]), ("it-lead", False, ["Ivo Tanaka"]),
        ("cto", False, ["Carla Toivonen"]),
    ]  # fmt: skip
    ways = {one["outcome"]: one["missing"] for one in found["outcomes"]}
    assert ways["go"][0] == "no vote is open" and ways["deferred"] == []
    assert found["rule"].startswith("2 of 3 votes must be cast, Site champion among them")
    assert [(one["criterion"], one["type"], one["id"], one["value"]) for one in found["answers"]] == [
        ("safe", "yes-no", 0, None), ("fast", "number", 0, None),
    ]  # fmt: skip
    assert held("chB").get(held.gate()).status_code == 404
    assert held("chB").get("/gates/99999").status_code == 404


def test_an_open_vote_tells_its_evidence_and_what_changed_since(held: Held) -> None:
    gate = held.open()
    with held.site.database.writing() as session:
        vote(session, held.site.cast, gate_id(session, held.site.cast), "chA", "no-go", comment="The line is slow")
    found, _ = held.read("opm", gate)
    assert (found["state"], found["pack"]["number"], found["opened_by"]) == ("vote open", 1, "Omar Haddad")
    assert (found["count"]["cast"], found["count"]["against"], found["changes"]) == (1, 1, [])
    cast = found["seats"][0]["vote"]
    assert (cast["vote"], cast["name"], cast["comment"]) == ("no-go", "Chiara Amato", "The line is slow")
    assert held("exe").get(gate).json()["seats"][0]["vote"]["comment"] is None
    body = {"title": "No images", "location": "alder", "severity": "critical"}
    issue = held("chA").post("/rollouts/two-sites/issues", json=body).json()["id"]
    found, _ = held.read("opm", gate)
    assert [one["what"] for one in found["changes"]] == ["criteria › calm", f"open › calm issue {issue}"]
    assert {(one["was"], one["now"]) for one in held("exe").get(gate).json()["changes"]} == {(None, None)}
    (item,) = found["open"]
    assert item == {
        "criterion": "calm", "kind": "issue", "id": issue, "title": None, "number": 1, "severity": "critical",
    }  # fmt: skip


def test_the_frozen_evidence_has_the_hash_that_was_told(held: Held) -> None:
    gate = held.open()
    pack = held("chA").get(gate).json()["pack"]
    frozen = held("chA").get(pack["content"].removeprefix("/api/v1"))
    assert frozen.headers["content-type"] == "application/json"
    assert sha256(frozen.content).hexdigest() == pack["sha256"] == frozen.headers["x-content-sha256"]
    assert frozen.json()["criteria"]["fast"]["measured"] == "900\u00a0Mbps"
    tag = {"If-None-Match": frozen.headers["etag"]}
    assert held("chA").get(f"{gate}/packs/1", headers=tag).status_code == 304
    assert held("exe").get(f"{gate}/packs/1").status_code == 403
    assert held("chB").get(f"{gate}/packs/1").status_code == 404
    assert held("chA").get(f"{gate}/packs/2").status_code == 404


def test_the_record_of_a_decision_has_the_hash_that_was_told(held: Held) -> None:
    gate, cast = held.open(), held.site.cast
    with held.site.database.writing() as session:
        key = gate_id(session, cast)
        vote(session, cast, key, "chA")
        vote(session, cast, key, "itl")
        decide(session, cast, key)
    found, _ = held.read("chA", gate)
    (decision,) = found["decisions"]
    assert (found["state"], decision["outcome"], decision["name"], decision["pack"]) == (
        "go",
        "go",
        "Dana Whitfield",
        1,
    )
    record = held("chA").get(decision["record"].removeprefix("/api/v1"))
    assert sha256(record.content).hexdigest() == decision["sha256"] == record.headers["x-content-sha256"]
    assert json.loads(record.content)["evidence_sha256"] == found["packs"][0]["sha256"]
    assert held("exe").get(f"/decisions/{decision['id']}/record.json").status_code == 403
    assert held("chB").get(f"/decisions/{decision['id']}/record.json").status_code == 404
    assert held("chA").get("/decisions/99999/record.json").status_code == 404
    (line,) = held("chA").get(f"{LIST}?gate=review").json()["items"]
    assert (line["state"], line["decided_at"]) == ("go", "2027-01-05T15:00:00Z")


def test_a_go_that_fell_is_closed_again(held: Held) -> None:
    gate, cast = held.open(), held.site.cast
    with held.site.database.writing() as session:
        key, until = gate_id(session, cast), NOW + timedelta(days=1)
        asked = ask_condition(session, key, what="A line", instead="4G", owner=cast.people["itl"], expires_at=until,
                              by=cast.viewer(session, "opm"), now=NOW)  # fmt: skip
        accept_condition(session, key, asked.id or 0, by=cast.proven(session, "dir"), now=NOW)
        vote(session, cast, key, "chA")
    with held.site.database.writing() as session:
        vote(session, cast, key, "chA")
        vote(session, cast, key, "itl")
        decide(session, cast, key, "go-with-conditions")
    assert held("chA").get(gate).json()["state"] == "go-with-conditions"
    held.site.now = NOW + timedelta(days=2)
    with held.site.database.writing() as session:
        watch(session, held.site.now)
    found, _ = held.read("chA", gate)
    assert (found["state"], found["conditions"][0]["state"]) == ("closed again", "expired")
    assert found["decisions"][0]["fell_at"] == "2027-01-07T15:00:00Z"


def test_what_happened_is_told_to_whoever_reads_there(held: Held) -> None:
    gate = held.open()
    verbs = [one["verb"] for one in held("chA").get(f"{gate}/history").json()["items"]]
    assert verbs == ["gate.answered", "gate.answered", "gate.vote_opened"]
    assert held("exe").get(f"{gate}/history").status_code == 403
    feed = held("exe").get("/events?limit=200").json()["items"]
    assert {one["kind"] for one in feed if one["verb"] == "gate.vote_opened"} == {"gate"}
