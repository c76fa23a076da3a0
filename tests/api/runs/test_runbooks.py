"""Runbooks for programs: listed, read as planned, and run."""

from __future__ import annotations

from typing import Any

import pytest

from app.models import Run
from tests.api.runs.conftest import Night
from tests.cast import NOW
from tests.running import runbook_id, walk

LIST = "/rollouts/two-sites/runbooks"


def test_runbooks_are_listed_a_page_at_a_time_at_the_places_that_one_sees(night: Night) -> None:
    first = night("opm").get(f"{LIST}?limit=1").json()
    rest = night("opm").get(first["next"].removeprefix("/api/v1")).json()
    lines = [*first["items"], *rest["items"]]
    assert [(one["entry"], one["location"]) for one in lines] == [("night", "alder"), ("night", "birch")]
    assert (rest["next"], lines[0]["runs"], lines[0]["open"], lines[0]["zero_at"]) == (
        None, 0, None, "2027-02-08T13:00:00Z",
    )  # fmt: skip
    assert [one["location"] for one in night("chA").get(LIST).json()["items"]] == ["alder"]
    assert night("opm").get(f"{LIST}?location=network").json()["items"] == []
    assert night("opm").get(f"{LIST}?location=nowhere").status_code == 422
    night.rehearse()
    (line,) = night("opm").get(f"{LIST}?location=alder").json()["items"]
    assert (line["runs"], line["open"]["colour"], line["open"]["outcome"]) == (1, "green", "")


def test_a_runbook_is_read_as_a_live_run_would_be_planned(night: Night) -> None:
    found, _ = night.read("opm", night.runbook())
    begins = {one["id"]: one["begins"][11:16] for one in found["steps"]}
    assert (begins["freeze"], begins["open"], found["zero_at"][11:16]) == ("07:00", "13:00", "13:00")
    freeze = found["steps"][0]
    assert (freeze["takes"], freeze["critical"], freeze["owners"], freeze["checkers"]) == (
        30.0, True, ["it-lead"], ["champion"],
    )  # fmt: skip
    assert [one["id"] for one in found["way_back"]["steps"]] == ["say-back", "unfreeze"]
    assert (found["way_back"]["decides"], found["way_back"]["margin"], found["runs"]) == ("director", 15.0, [])
    assert (found["may_make"], night.read("itl", night.runbook())[0]["may_make"]) == (True, False)
    assert night("chB").get(night.runbook()).status_code == 404


def test_a_run_is_made_once_for_one_intent(night: Night) -> None:
    key = {"Idempotency-Key": "tonight"}
    made = night("opm").post(f"{night.runbook()}/runs", json={}, headers=key)
    assert (made.status_code, made.json()["live"], made.json()["straight"]) == (201, False, True)
    night.minute(30)
    again = night("opm").post(f"{night.runbook()}/runs", json={}, headers=key)
    assert (again.status_code, again.headers["location"]) == (201, made.headers["location"])
    other = night("opm").post(f"{night.runbook()}/runs", json={})
    assert (other.status_code, "not over" in other.json()["detail"]) == (409, True)
    assert night.read("opm", night.runbook())[0]["may_make"] is False


def test_whoever_does_not_lead_makes_none(night: Night) -> None:
    for who, status in (("itl", 403), ("chA", 403), ("chB", 404), ("", 401)):
        assert night(who).post(f"{night.runbook()}/runs", json={}).status_code == status
    assert night("opm", reads_only=True).post(f"{night.runbook()}/runs", json={}).status_code == 403


@pytest.mark.parametrize(
    "given",
    [
        {"how": "hours"},
        {"how": "straight", "zero": "2027-01-06T10:00:00Z"},
        {"live": True, "zero": "2027-01-06T10:00:00Z", "broadcasts": "off"},
        {"live": True},
        {"how": "hours", "zero": "0001-01-01T00:00:00Z"},
        {"broadcasts": "on"},
    ],
)
def test_a_run_that_is_none_is_refused(night: Night, given: dict[str, Any]) -> None:
    assert night("opm").post(f"{night.runbook()}/runs", json=given).status_code == 422


def test_a_rehearsal_at_the_hours_of_the_plan_has_a_t_of_its_own(night: Night) -> None:
    found = night.rehearse(how="hours", zero="2027-01-06T20:00:00+02:00")
    assert (found["zero_at"], found["straight"], found["window_ends"]) == (
        "2027-01-06T18:00:00Z", False, "2027-01-06T20:00:00Z",
    )  # fmt: skip
    assert found["steps"][0]["planned_begins"] == "2027-01-06T12:00:00Z"


def test_a_live_run_has_the_t_of_the_plan(night: Night) -> None:
    found = night.rehearse(live=True, broadcasts="off")
    assert (found["live"], found["zero_at"], found["number"]) == (True, "2027-02-08T13:00:00Z", 1)


def test_rehearsals_to_the_end_are_told_in_the_list(night: Night) -> None:
    run = night.rehearse()
    with night.site.database.writing() as session:
        walk(session, night.site.cast, session.get_one(Run, run["id"]))
    night.minute(200)
    ended = night("opm").put(f"{night.run}/ending", json={})
    assert (ended.status_code, ended.json()["outcome"], ended.json()["position"]) == (200, "finished", None)
    (line,) = night("opm").get(f"{LIST}?location=alder").json()["items"]
    assert [(one["number"], one["blocked"], one["over"]) for one in line["rehearsals"]] == [(1, 0, 0.0)]
    assert line["open"] is None
    with night.site.database.reading() as session:
        assert runbook_id(session, night.site.cast) == line["id"]
    assert NOW.isoformat()[:10] == line["rehearsals"][0]["day"]
