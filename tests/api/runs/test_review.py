"""The review of a run for programs, and its measured minutes proposed."""

from __future__ import annotations

from app.models import Run
from tests.api.runs.conftest import Night
from tests.running import walk


def walked(night: Night) -> str:
    """A rehearsal that is over, in which the freeze took an hour; the address of its review."""
    run = night.rehearse()
    with night.site.database.writing() as session:
        made = session.get_one(Run, run["id"])
        end = walk(session, night.site.cast, made, took={"freeze": 60}, blocked={"patients": 7})
    night.minute(end)
    assert night("opm").put(f"{night.run}/ending", json={}).json()["outcome"] == "finished"
    return f"{night.run}/review"


def test_a_review_compares_the_plan_with_what_was(night: Night) -> None:
    found, _ = night.read("opm", walked(night))
    freeze, patients, *_ = found["steps"]
    assert (freeze["step"], freeze["planned"], freeze["took"], freeze["longer"]) == ("freeze", 30.0, 60.0, 30.0)
    assert (patients["was_blocked"], patients["blocked"], found["blocked"]) == (True, 7.0, 7.0)
    assert (found["outcome"], found["says"].startswith("The rehearsal ended")) == ("finished", True)
    drifts = {one["step"]: (one["planned"], one["median"], one["minutes"]) for one in found["measuring"]["drifts"]}
    assert drifts["freeze"] == (30.0, 60.0, 60)
    assert night.read("chA", f"{night.run}/review")[0]["measuring"] is None


def test_measured_minutes_are_proposed_once(night: Night) -> None:
    path = f"{walked(night)}/proposals"
    given = {"drifts": [{"step": "freeze", "minutes": 60}]}
    assert night("opm").post(path, json=given).status_code == 403
    assert night("chB").post(path, json=given).status_code == 404
    assert night("dir").post(path, json={"drifts": []}).status_code == 422
    twice = {"drifts": given["drifts"] * 2}
    assert night("dir").post(path, json=twice).status_code == 422
    other = {"drifts": [{"step": "freeze", "minutes": 45}]}
    assert night("dir").post(path, json=other).status_code == 409
    made = [night("dir").post(path, json=given) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].headers["location"] == made[1].headers["location"]
    proposal = night.read("dir", made[0].headers["location"].removeprefix("/api/v1"))[0]
    (line,) = made[0].json()["measuring"]["proposals"]
    assert (line["id"], line["title"], line["outcome"]) == (proposal["id"], proposal["title"], "")
    drifts = {one["step"]: one["proposal"] for one in made[0].json()["measuring"]["drifts"]}
    assert drifts["freeze"] == proposal["id"]
