"""Lessons over the API: the same changes as on the pages, and no words for strangers."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Programs
from tests.cast import PLAYBOOK

LIST = "/rollouts/two-sites/lessons"
CHANGE = {"do": "add-task", "title": "Count the labels", "group": "readiness"}


def learn(programs: Programs, who: str = "chA", place: str = "alder", **given: Any) -> tuple[str, dict[str, str]]:
    """A lesson: its address, and the header that a change of it needs."""
    body = {"said": "Labels print twice", "subject": "location", "id": programs.site.cast.locations[place], **given}
    made = programs(who).post(LIST, json=body)
    assert made.status_code == 201, made.text
    return made.headers["location"].removeprefix("/api/v1"), {"If-Match": made.headers["etag"]}


def propose(programs: Programs, lesson: str, **given: Any) -> tuple[str, dict[str, str], dict[str, Any]]:
    made = programs("dir").post(f"{lesson}/proposals", json={**CHANGE, **given})
    assert made.status_code == 201, made.text
    return made.headers["location"].removeprefix("/api/v1"), {"If-Match": made.headers["etag"]}, made.json()


def test_the_same_words_are_one_lesson(programs: Programs) -> None:
    first, _ = learn(programs)
    assert learn(programs)[0] == first
    found, _ = programs.read("chA", first)
    assert (found["said"], found["state"], found["location"], found["by"]) == (
        "Labels print twice", "waiting", "alder", "Chiara Amato",
    )  # fmt: skip
    assert programs("chB").get(first).status_code == 404
    assert programs("exe").get(first).json()["said"] is None
    assert [one["id"] for one in programs("dir").get(LIST).json()["items"]] == [found["id"]]
    assert programs("chB").get(LIST).json()["items"] == []


def test_what_looks_like_a_patient_is_refused_unless_said_otherwise(programs: Programs) -> None:
    body = {"said": "MRN 00482913 was booked twice"}
    refused = programs("dir").post(LIST, json=body)
    assert refused.status_code == 422 and "00482913" not in refused.text
    assert programs("dir").post(LIST, json={**body, "no_patient": True}).status_code == 201


def test_a_lesson_is_judged_and_passed_on(programs: Programs) -> None:
    lesson, seen = learn(programs)
    assert programs("chA").put(f"{lesson}/judgement", headers=seen, json={"outcome": "noted"}).status_code == 403
    noted = programs("opm").put(f"{lesson}/judgement", headers=seen, json={"outcome": "noted"})
    assert (noted.status_code, noted.json()["state"]) == (200, "noted"), noted.text
    stale = programs("dir").put(f"{lesson}/judgement", headers=seen, json={"outcome": "dismissed", "reason": "No"})
    assert stale.status_code == 412
    told = programs("opm").put(f"{lesson}/passing-on")
    assert told.json()["told_at"] is not None
    found = programs("chB").get(lesson).json()
    assert (found["said"], found["location"], found["by"]) == ("Labels print twice", None, "Somebody at another centre")
    gone = programs("chA").put(f"{lesson}/redaction", json={"part": "said"})
    assert gone.json()["said"] == "Taken away: it named a patient."


def test_a_proposal_becomes_a_version(programs: Programs) -> None:
    lesson, _ = learn(programs)
    proposal, seen, whole = propose(programs, lesson)
    assert (whole["base"], whole["outdated"], whole["matters"]) == ("1.0", False, ["birch", "alder"])
    assert [(one["kind"], one["entry"]) for one in whole["changes"]] == [("added", "count-the-labels")]
    other, other_seen = learn(programs, "chB", "birch")
    number = proposal.rpartition("/")[2]
    joined = programs("dir").put(f"{other}/proposal/{number}", headers=other_seen)
    assert joined.json()["state"] == "proposed", joined.text
    more = {"do": "change-task", "entry": "scanners", "how": "Print ten."}
    grown = programs("dir").post(f"{proposal}/changes", headers=seen, json=more)
    assert grown.status_code == 200 and len(grown.json()["changes"]) == 2, grown.text
    assert programs("opm").put(f"{proposal}/acceptance", headers=seen, json={}).status_code == 403
    assert programs("dir").put(f"{proposal}/acceptance", headers=seen, json={}).status_code == 412
    latest = {"If-Match": grown.headers["etag"]}
    accepted = programs("dir").put(f"{proposal}/acceptance", headers=latest, json={"reason": "Cheap"})
    assert (accepted.json()["outcome"], accepted.json()["result"]) == ("accepted", "1.1"), accepted.text
    assert programs("dir").get("/playbooks/two-sites/1.1/text").text == grown.json()["text"]
    assert programs.read("chA", lesson)[0]["state"] == "accepted"
    listed = programs("chA").get("/rollouts/two-sites/proposals").json()["items"]
    assert [(one["number"], one["outcome"], one["result"]) for one in listed] == [(1, "accepted", "1.1")]


def test_mistakes_and_outdated_ones_are_named(programs: Programs) -> None:
    lesson, _ = learn(programs)
    wrong = programs("dir").post(f"{lesson}/proposals", json={**CHANGE, "due": "cutover -3d"})
    assert wrong.status_code == 422 and "put blanks around the sign" in wrong.text
    text = PLAYBOOK.replace("Measure the line", "Measure both lines")
    proposal, seen, _ = propose(programs, lesson, do="text", title="Two lines", text=text)
    newer = PLAYBOOK.replace('"1.0"', '"1.1"').replace("Put up posters", "Put posters up")
    yaml = {"Content-Type": "application/yaml"}
    assert programs("dir").post("/playbooks", content=newer.encode(), headers=yaml).status_code == 201
    assert programs.read("dir", proposal)[0]["outdated"] is True
    assert programs("dir").put(f"{proposal}/acceptance", headers=seen, json={}).status_code == 409
    anew = programs("dir").put(f"{proposal}/renewal", headers=seen)
    assert (anew.json()["base"], anew.json()["outdated"]) == ("1.1", False), anew.text
    rejected = programs("dir").put(
        f"{proposal}/rejection", headers={"If-Match": anew.headers["etag"]}, json={"reason": "Not now"}
    )
    assert rejected.json()["outcome"] == "rejected"
    assert programs.read("chA", lesson)[0]["state"] == "rejected"
