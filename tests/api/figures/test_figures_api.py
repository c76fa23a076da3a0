"""Readings and baselines for programs: many figures at once, all or none, and a preview of what they would do."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from app.models import MetricReading
from tests import cast as casting
from tests.api.conftest import Programs
from tests.measuring import MEASURED, read_all, sign, two_weeks
from tests.web.conftest import Site

READINGS = "/rollouts/two-sites/readings"
BASELINE = "/rollouts/two-sites/locations/alder/baseline"


@pytest.fixture
def measuring(served: Site) -> Programs:
    served.cast = casting.running(served.database, MEASURED)
    return Programs(served)


def row(metric: str = "ar-days", value: str = "45.5", **more: Any) -> dict[str, Any]:
    days = {"first": "2026-12-21", "last": "2026-12-27"}
    return {"location": "alder", "metric": metric, **days, "value": value, **more}


def test_figures_are_shown_first_and_then_entered(measuring: Programs) -> None:
    client, rows = measuring("chA"), [row(of="120", note="From the ledger."), row("denials", "8")]
    dry = client.post(READINGS, json={"rows": rows, "dry": True})
    assert dry.json() == {
        "done": False,
        "rows": [{"row": at, "outcome": "new", "stands": None, "faults": {}} for at in (1, 2)],
    }
    assert client.get(READINGS).json()["items"] == []
    assert client.post(READINGS, json={"rows": rows}).json()["done"] is True
    (first, second) = client.get(READINGS).json()["items"]
    assert {name: first[name] for name in ("location", "metric", "value", "of", "note", "source", "counts")} == {
        "location": "alder", "metric": "ar-days", "value": "45.5", "of": "120", "note": "From the ledger.",
        "source": "api", "counts": True,
    }  # fmt: skip
    assert second["metric"] == "denials"
    again = client.post(READINGS, json={"rows": rows})
    assert [one["outcome"] for one in again.json()["rows"]] == ["same", "same"]


def test_all_of_them_are_entered_or_none(measuring: Programs) -> None:
    client = measuring("chA")
    answer = client.post(READINGS, json={"rows": [row(), row("nothing"), row("denials", "120")]})
    assert answer.status_code == 409
    assert answer.json()["missing"] == [
        "Figure 2: The playbook has no such metric.", "Figure 3: 120 cannot be: the playbook accepts 0 .. 100.",
    ]  # fmt: skip
    with measuring.site.database.reading() as session:
        assert session.exec(select(MetricReading)).all() == []


def test_a_correction_has_its_reason_and_the_old_figure_is_kept(measuring: Programs) -> None:
    client = measuring("chA")
    client.post(READINGS, json={"rows": [row()]})
    faulty = client.post(READINGS, json={"rows": [row(value="44")], "dry": True}).json()["rows"][0]
    assert faulty == {
        "row": 1, "outcome": "faulty", "stands": "45.5",
        "faults": {"reason": "45.5 stands there. Say why this figure takes its place."},
    }  # fmt: skip
    assert client.post(READINGS, json={"rows": [row(value="44")], "reason": "A late batch."}).status_code == 200
    items = client.get(f"{READINGS}?replaced=true&metric=ar-days&location=alder").json()["items"]
    assert [(one["value"], one["reason"], one["replaced_at"] is None) for one in items] == [
        ("45.5", "", False), ("44", "A late batch.", True),
    ]  # fmt: skip


def test_what_is_not_seen_is_not_there_and_texts_are_for_those_who_may_read_them(measuring: Programs) -> None:
    measuring("chA").post(READINGS, json={"rows": [row(note="From the ledger.")]})
    assert measuring("chB").get(READINGS).json()["items"] == []
    assert measuring("chB").get(f"{READINGS}?location=alder").status_code == 422
    assert measuring("chB").get(BASELINE).status_code == 404
    assert measuring("exe").get(READINGS).json()["items"][0]["note"] is None
    assert measuring("exe").post(READINGS, json={"rows": [row("denials", "8")]}).status_code == 409
    assert measuring("ch0").get(READINGS).status_code == 404


def test_a_name_in_a_note_is_refused_and_not_repeated(measuring: Programs) -> None:
    given = {"rows": [row(note="MRN 12345678 was missing")]}
    answer = measuring("chA").post(READINGS, json=given)
    assert (answer.status_code, "12345678" in answer.text) == (422, False)
    assert measuring("chA").post(READINGS, json={**given, "no_patient": True}).status_code == 200


def test_a_list_comes_in_pages(measuring: Programs) -> None:
    with measuring.site.database.writing() as session:
        read_all(session, measuring.site.cast, two_weeks())
    first = measuring("dir").get(f"{READINGS}?limit=5&from=2026-12-28").json()
    assert (len(first["items"]), first["next"]) == (4, None)
    assert measuring("dir").get(f"{READINGS}?limit=5").json()["next"] is not None


def test_a_baseline_says_what_is_captured_and_no_token_signs_it(measuring: Programs) -> None:
    found = measuring("chA").get(BASELINE).json()
    assert (found["complete"], found["signed"]) == (False, [])
    with measuring.site.database.writing() as session:
        read_all(session, measuring.site.cast, two_weeks())
    answer = measuring("chA").get(BASELINE)
    found = answer.json()
    assert found["complete"] is True
    assert measuring("chA").get(BASELINE, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    refused = measuring("chA").post(f"{BASELINE}/signatures", json={"shown": found["shown"]})
    assert (refused.status_code, refused.json()["type"].rpartition("#")[2]) == (403, "proof-wanted")
    with measuring.site.database.writing() as session:
        row = sign(session, measuring.site.cast)
        assert row.sha256 == found["shown"]
    found = measuring("chA").get(BASELINE).json()
    assert [(one["number"], one["name"]) for one in found["signed"]] == [(1, "Chiara Amato")]
    assert {one["metric"]: one["signed"] for one in found["figures"]}["ar-days"] == "45.0"
    network = measuring("chA").get(BASELINE.replace("alder", "network")).json()
    assert network["missing"] == ["Time to launch"]


def test_a_reading_is_taken_out_with_a_reason_and_stays_in_the_list(measuring: Programs) -> None:
    client = measuring("chA")
    client.post(READINGS, json={"rows": [row()]})
    key = client.get(READINGS).json()["items"][0]["id"]
    address = f"{READINGS}/{key}/withdrawal"
    assert measuring("chB").put(address, json={"reason": "No."}).status_code == 404
    assert measuring("exe").put(address, json={"reason": "No."}).status_code == 403
    assert client.put(address, json={"reason": " "}).status_code == 422
    assert client.put(address, json={"reason": "MRN 12345678 was counted"}).status_code == 422
    for reason in ("Wrong days.", "Once more."):
        found = client.put(address, json={"reason": reason})
        assert (found.status_code, found.json()["withdrawn_reason"]) == (200, "Wrong days.")
    assert client.get(READINGS).json()["items"] == []
    (kept,) = measuring("exe").get(f"{READINGS}?replaced=true").json()["items"]
    assert (kept["withdrawn_by"], kept["withdrawn_reason"]) == (measuring.site.cast.people["chA"], None)
