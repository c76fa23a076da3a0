"""Meetings, wins and concerns in the API: what the pages do, through the same changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests import cast as casting
from tests.api.conftest import Programs
from tests.rules.meetings.book import TALKS
from tests.web.conftest import Site

LIST = "/rollouts/two-sites/meetings"
REMARKS = "/rollouts/two-sites/remarks"


@pytest.fixture
def talks(served: Site) -> Programs:
    served.cast = casting.running(served.database, TALKS)
    return Programs(served)


def one(talks: Programs, who: str, **asked: str) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    found: dict[str, Any] = talks(who).get(f"{LIST}?first=2027-01-05&last=2027-01-05&{query}").json()["items"][0]
    return found


def test_the_list_is_filtered_and_comes_in_pages(talks: Programs) -> None:
    everything = talks("dir").get(f"{LIST}?limit=200").json()
    assert len(everything["items"]) == 8 + 2 * 12 + 6 + 8 and everything["next"] is None
    mine = talks("chB").get(f"{LIST}?limit=200").json()["items"]
    assert {item["location"] for item in mine} == {"birch", None}
    huddles = talks("dir").get(f"{LIST}?entry=huddle&location=alder&limit=5").json()
    assert [item["day"] for item in huddles["items"]] == [f"2027-01-0{day}" for day in range(4, 9)]
    assert "cursor=" in huddles["next"]
    assert one(talks, "dir", entry="huddle", location="birch") | {"id": 0} == {
        "id": 0, "rollout": "two-sites", "entry": "huddle", "title": "Huddle", "location": "birch", "wave": "",
        "day": "2027-01-05", "at": "2027-01-05T12:15:00Z", "takes": 600, "room": "", "state": "today",
        "entered": False,
    }  # fmt: skip


def test_a_meeting_is_held_once_and_corrected_by_version(talks: Programs) -> None:
    id_ = one(talks, "chA", entry="huddle")["id"]
    found, seen = talks.read("chA", f"/meetings/{id_}")
    assert (found["version"], found["state"], found["kept"], found["may_record"]) == (0, "today", False, True)
    assert [person["name"] for person in found["people"]] == ["Abena Boateng", "Chiara Amato", "Ivo Tanaka"]
    body = {"attended": [found["people"][0]["id"]], "notes": "All well"}
    assert talks("chA").put(f"/meetings/{id_}/holding", json=body).status_code == 428
    held = talks("chA").put(f"/meetings/{id_}/holding", json=body, headers=seen)
    assert held.status_code == 200
    said = held.json()
    assert (said["state"], said["notes"], said["kept"], said["attended"][0]["name"]) == (
        "held", "All well", True, "Abena Boateng",
    )  # fmt: skip
    stale = talks("opm").put(f"/meetings/{id_}/holding", json={"attended": [], "notes": "x"}, headers=seen)
    assert (stale.status_code, stale.json()["who"], stale.json()["etag"]) == (412, "Chiara Amato", held.headers["etag"])
    now, body = {"If-Match": held.headers["etag"]}, {"attended": [], "notes": "MRN 48213377"}
    patient = talks("chA").put(f"/meetings/{id_}/holding", json=body, headers=now)
    assert patient.status_code == 422 and "48213377" not in patient.text
    executive = talks("exe").get(f"/meetings/{id_}").json()
    assert (executive["notes"], executive["detail"], executive["may_record"]) == (None, False, False)
    fine = {"attended": [], "notes": ""}
    assert talks("exe").put(f"/meetings/{id_}/holding", json=fine, headers=seen).status_code == 403
    gone = talks("chA").put(f"/meetings/{id_}/redaction", json={"part": "notes"}).json()
    assert gone["notes"] == "Taken away: it named a patient."


def test_a_meeting_is_called_off(talks: Programs) -> None:
    id_ = one(talks, "dir", entry="steering")["id"]
    _, seen = talks.read("exe", f"/meetings/{id_}")
    off = talks("exe").put(f"/meetings/{id_}/calling-off", json={"reason": "Nobody can come"}, headers=seen)
    assert (off.status_code, off.json()["state"], off.json()["called_off_reason"]) == (
        200,
        "called off",
        "Nobody can come",
    )
    refused = talks("exe").post(f"/meetings/{id_}/actions", json={"title": "x", "role": "director"})
    assert refused.status_code == 409


def test_what_is_agreed_is_made_once_for_a_key(talks: Programs) -> None:
    id_ = one(talks, "chA", entry="huddle")["id"]
    body, key = {"title": "Order cables", "due": "2027-01-08", "role": "champion"}, {"Idempotency-Key": "k"}
    first, again = (talks("chA").post(f"/meetings/{id_}/actions", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    (action,) = again.json()["actions"]
    assert action | {"task": 0} == {"task": 0, "title": "Order cables", "due": "2027-01-08", "done": False}
    assert talks("chA").get(f"/tasks/{action['task']}").json()["location"] == "alder"


def test_remarks_are_said_settled_taken_away_and_taken_back(talks: Programs) -> None:
    task = talks.site.task("scanners")
    body = {"kind": "concern", "said": "The line is slow", "about": "task", "about_id": task}
    said = talks("chA").post(REMARKS, json=body)
    assert (said.status_code, said.json()["location"], said.json()["about_id"]) == (201, "alder", task)
    id_ = said.json()["id"]
    assert talks("chA").post(REMARKS, json=body).json()["id"] == id_
    for wrong in ({**body, "about_id": 99_999}, {"kind": "win", "said": "x", "about": "task"}):
        assert talks("chA").post(REMARKS, json=wrong).status_code == 404
    assert talks("chB").get(f"/remarks/{id_}").status_code == 404
    assert talks("exe").get(f"/remarks/{id_}").json()["said"] is None
    lines = talks("opm").get(f"{REMARKS}?shown=open").json()["items"]
    assert [line["id"] for line in lines] == [id_] and lines[0]["may_settle"]
    settled = talks("opm").put(f"/remarks/{id_}/settlement", json={"outcome": "Ordered"})
    assert (settled.status_code, settled.json()["outcome"], settled.json()["settled_by"]) == (
        200,
        "Ordered",
        "Omar Haddad",
    )
    assert talks("chA").put(f"/remarks/{id_}/settlement", json={"outcome": "Else"}).status_code == 412
    assert talks("opm").get(f"{REMARKS}?shown=open").json()["items"] == []
    assert talks("chA").put(f"/remarks/{id_}/redaction", json={"part": "said"}).json()["redacted_at"] is not None
    assert talks("dir").delete(f"/remarks/{id_}").status_code == 403
    assert talks("chA").delete(f"/remarks/{id_}").status_code == 204
    assert talks("dir").get(f"/remarks/{id_}").status_code == 404


def test_the_calendar_is_a_file(talks: Programs) -> None:
    answer = talks("chA").get(f"/meetings/{one(talks, 'chA', entry='huddle')['id']}/calendar")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text.count("BEGIN:VEVENT") == 11
