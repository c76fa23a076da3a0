"""Issues over the API: the same changes as on the pages, clock and ladder in figures, and no words for strangers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import Programs

LIST = "/rollouts/two-sites/issues"
FOUR_HOURS = 4 * 3600


def report(
    programs: Programs, who: str = "chA", place: str | None = "alder", **given: Any
) -> tuple[str, dict[str, str]]:
    """A critical issue: its address, and the header that a change of it needs."""
    body = {"title": "No images", "location": place, "severity": "critical", **given}
    made = programs(who).post(LIST, json=body)
    assert made.status_code == 201, made.text
    return made.headers["location"].removeprefix("/api/v1"), {"If-Match": made.headers["etag"]}


def test_a_report_says_what_is_promised_and_whom_it_climbs_to(programs: Programs) -> None:
    path, _ = report(programs, kind="defect", details="Since the restart")
    found, _ = programs.read("chA", path)
    assert (found["state"], found["rank"], found["location"], found["kind"]) == ("new", 1, "alder", "defect")
    assert found["clock"] == {
        "state": "ok", "breach_at": "2027-01-05T19:00:00Z", "left": FOUR_HOURS, "used": 0, "whole": FOUR_HOURS,
    }  # fmt: skip
    assert (found["law"]["clock"], found["law"]["resolve"], found["law"]["pausable"]) == ("elapsed", FOUR_HOURS, False)
    assert found["law"]["says"] == "Solved within 4\u00a0h 00 on the wall clock, nights included."
    assert [(one["said"], one["after"]) for one in found["law"]["ladder"]][:2] == [("opened", 0), ("opened + 15m", 900)]
    rungs = [one for one in found["steps"] if one["kind"] == "rung"]
    assert [one["outcome"] for one in rungs] == ["told", "", "", "", ""]
    assert {programs.site.cast.people["chAB"]} <= set(rungs[0]["told"])
    assert rungs[1]["due_at"] == "2027-01-05T15:15:00Z"


def test_the_same_intent_reports_one_issue(programs: Programs) -> None:
    body = {"title": "No images", "location": "alder"}
    headers = {"Idempotency-Key": "one-report"}
    first, second = (programs("chA").post(LIST, headers=headers, json=body) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    path = f"/issues/{first.json()['id']}/notes"
    for _ in range(2):
        said = programs("chA").post(path, headers={"Idempotency-Key": "one-note"}, json={"text": "On my way"})
        assert said.status_code == 201, said.text
    assert [one["text"] for one in said.json()["notes"]] == ["On my way"]


def test_an_issue_goes_from_its_report_to_its_end_and_back(programs: Programs) -> None:
    path, _ = report(programs, severity="normal")
    taken = programs("chA").put(f"{path}/acknowledgement").json()
    assert (taken["state"], taken["acknowledged_by"]) == ("taken", programs.site.cast.people["chA"])
    _, seen = programs.read("chA", path)
    wait = {"waits_for": "the vendor", "reason": "A part is sent", "stops_clock": True}
    waits = programs("chA").put(f"{path}/standstill", headers=seen, json=wait)
    assert (waits.json()["state"], waits.json()["clock"]["state"]) == ("waits", "paused"), waits.text
    assert waits.json()["clock"]["breach_at"] is None
    programs.site.now += timedelta(hours=1)
    goes = programs("chA").delete(f"{path}/standstill")
    assert (goes.json()["pauses"][0]["stood"], goes.json()["clock"]["used"]) == (3600, 0)
    solution = {"cause": "A loose cable", "fix": "Plugged in"}
    solved = programs("chA").put(f"{path}/resolution", headers={"If-Match": goes.headers["etag"]}, json=solution)
    assert (solved.json()["state"], solved.json()["clock"]["state"]) == ("solved", "solved")
    version = {"If-Match": solved.headers["etag"]}
    assert programs("chA").put(f"{path}/confirmation", headers=version).status_code == 403
    closed = programs("chAB").put(f"{path}/confirmation", headers=version)
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    again = programs("chA").put(f"{path}/confirmation", headers=version)
    assert (again.status_code, again.json()["version"]) == (200, closed.json()["version"])
    opened = programs("chAB").put(
        f"{path}/reopening", headers={"If-Match": closed.headers["etag"]}, json={"reason": "Dark again"}
    )
    assert (opened.json()["state"], opened.json()["solutions"][0]["reopened_reason"]) == ("taken", "Dark again")


@pytest.mark.parametrize(
    ("method", "act", "body"),
    [("PUT", "assignment", {"person": 1}), ("DELETE", "assignment", None),
     ("PUT", "standstill", {"waits_for": "x", "reason": "x"}), ("PUT", "resolution", {"cause": "x", "fix": "x"}),
     ("PUT", "confirmation", None), ("PUT", "reopening", {"reason": "x"}),
     ("PUT", "severity", {"severity": "normal", "reason": "x"}), ("POST", "escalation", {"reason": "x"})],
)  # fmt: skip
def test_nothing_that_may_be_outdated_is_changed_without_a_version(
    programs: Programs, method: str, act: str, body: Any
) -> None:
    path, _ = report(programs)
    before = programs("dir").get(path).json()
    assert programs("dir").request(method, f"{path}/{act}", json=body).status_code == 428
    assert programs("dir").get(path).json() == before


def test_the_second_of_two_is_told_who_when_and_what(programs: Programs) -> None:
    path, seen = report(programs)
    first = programs("dir").post(f"{path}/escalation", headers=seen, json={"reason": "A queue at the door"})
    assert first.status_code == 200, first.text
    assert first.json()["steps"][1]["by"] == programs.site.cast.people["dir"]
    second = programs("opm").post(f"{path}/escalation", headers=seen, json={"reason": "A queue at the door"})
    told = second.json()
    assert (second.status_code, told["who"], told["what"]) == (412, "Dana Whitfield", "escalated")
    assert told["etag"] == programs("opm").get(path).headers["etag"]
    assert [one["outcome"] for one in programs("dir").get(path).json()["steps"] if one["kind"] == "rung"][:3] == [
        "told", "told", "",
    ]  # fmt: skip


def test_a_severity_that_rises_counts_from_the_opening(programs: Programs) -> None:
    path, seen = report(programs, severity="normal")
    programs.site.now += timedelta(hours=5)
    given = {"severity": "critical", "reason": "Nobody can work"}
    risen = programs("chA").put(f"{path}/severity", headers=seen, json=given).json()
    assert (risen["rank"], risen["clock"]["state"], risen["clock"]["left"]) == (1, "breached", -3600)
    assert {one["outcome"] for one in risen["steps"] if one["kind"] == "rung" and one["unless"] == "resolved"} >= {
        "told"
    }


def test_who_sees_the_plan_but_not_the_texts_gets_no_text(programs: Programs) -> None:
    path, seen = report(programs, details="canary", severity="normal")
    programs("chA").put(f"{path}/standstill", headers=seen, json={"waits_for": "canary", "reason": "canary"})
    programs("chA").post(f"{path}/notes", json={"text": "canary"})
    _, seen = programs.read("chA", path)
    programs("chA").put(f"{path}/resolution", headers=seen, json={"cause": "canary", "fix": "canary"})
    kept = programs("chA").post(f"{path}/files", files={"file": ("canary.txt", b"canary")}).json()["files"][0]
    shown = programs("exe").get(path)
    assert (shown.json()["detail"], shown.json()["details"], shown.json()["notes"]) == (False, None, [])
    assert (shown.json()["pauses"][0]["reason"], shown.json()["solutions"][0]["fix"]) == (None, None)
    assert "canary" not in shown.text + programs("exe").get(f"{LIST}?location=alder").text
    content = kept["content"].removeprefix("/api/v1")
    assert (programs("exe").get(content).status_code, programs("exe").get(f"{path}/history").status_code) == (403, 403)
    assert programs("chB").get(content).status_code == 404
    assert programs("chA").get(content).content == b"canary"
    assert programs("chA").delete(f"{path}/files/{kept['id']}").json()["files"] == []
    assert programs("chA").get(content).status_code == 404


def test_what_looks_like_a_patient_is_refused_without_repeating_it(programs: Programs) -> None:
    body = {"title": "Wrong label", "details": "MRN 00482913", "location": "alder"}
    refused = programs("chA").post(LIST, json=body)
    assert (refused.status_code, refused.json()["errors"][0]["at"]) == (422, "details")
    assert "00482913" not in refused.text
    assert programs("chA").get(LIST).json()["items"] == []
    assert programs("chA").post(LIST, json={**body, "no_patient": True}).status_code == 201


def test_a_text_is_taken_away_for_good(programs: Programs) -> None:
    path, _ = report(programs, details="secret-9f1")
    note = programs("chA").post(f"{path}/notes", json={"text": "secret-9f1"}).json()["notes"][0]["id"]
    programs("chA").put(f"{path}/redaction", json={"part": "details"})
    gone = programs("chA").put(f"{path}/redaction", json={"part": "note", "note": note})
    assert gone.status_code == 200, gone.text
    assert gone.json()["notes"][0]["redacted_at"] is not None
    assert "secret-9f1" not in gone.text
    assert programs("chA").put(f"{path}/redaction", json={"part": "note"}).status_code == 404


def test_the_list_is_paged_filtered_and_only_of_what_one_sees(programs: Programs) -> None:
    for number in range(3):
        report(programs, title=f"Trouble {number}")
    other, _ = report(programs, "chB", "birch", title="Elsewhere", severity="normal")
    first = programs("dir").get(f"{LIST}?limit=2").json()
    rest = programs("dir").get(first["next"].removeprefix("/api/v1")).json()
    ids = [one["id"] for one in (*first["items"], *rest["items"])]
    assert (ids, len(ids), rest["next"]) == (sorted(ids), 4, None)

    def titles(query: str, who: str = "dir") -> list[str]:
        return [one["title"] for one in programs(who).get(f"{LIST}?{query}").json()["items"]]

    assert titles("severity=normal") == titles("location=birch") == titles("q=bengt") == ["Elsewhere"]
    assert (titles("state=solved"), titles("location=network"), len(titles("", "chA"))) == ([], [], 3)
    _, seen = programs.read("chB", other)
    programs("chB").put(f"{other}/resolution", headers=seen, json={"cause": "x", "fix": "x"})
    assert (titles("state=solved"), len(titles("state=open"))) == (["Elsewhere"], 3)


def test_a_token_that_only_reads_reads_issues_and_changes_none(programs: Programs) -> None:
    path, seen = report(programs)
    reader = programs("chA", reads_only=True)
    assert (reader.get(path).status_code, reader.get(LIST).status_code, reader.get("/me/notices").status_code) == (
        200, 200, 200,
    )  # fmt: skip
    for method, act, body in (("PUT", "acknowledgement", None), ("PUT", "resolution", {"cause": "x", "fix": "x"})):
        refused = reader.request(method, f"{path}/{act}", headers=seen, json=body)
        assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/#reads-only")
    assert reader.post(f"{path}/files", files={"file": ("a.txt", b"x")}).status_code == 403
    assert reader.put("/me/notices/seen").status_code == 403
    assert programs("chA").get(path).json()["state"] == "new"


def test_another_location_has_it_too(programs: Programs) -> None:
    path, _ = report(programs, "dir")
    assert programs("dir").put(f"{path}/same/birch").json()["elsewhere"] == ["birch"]
    assert programs("chA").put(f"{path}/same/birch").status_code == 404
    assert programs("chA").get(path).json()["elsewhere"] == []


def test_the_inbox_is_read_and_seen(programs: Programs) -> None:
    paths = [report(programs)[0] for _ in range(3)]
    first = programs("chAB").get("/me/notices?limit=2").json()
    rest = programs("chAB").get(first["next"].removeprefix("/api/v1")).json()
    found = [*first["items"], *rest["items"]]
    assert [one["page"] for one in found if one["kind"] == "issue_rung"] == paths[::-1]
    assert not any(one["seen"] for one in found)
    newest = found[0]["id"]
    assert programs("chAB").put(f"/me/notices/{newest}/seen").status_code == 204
    assert programs("chB").put(f"/me/notices/{newest}/seen").status_code == 404
    assert [one["seen"] for one in programs("chAB").get("/me/notices").json()["items"]][:2] == [True, False]
    assert programs("chAB").put("/me/notices/seen").status_code == 204
    assert all(one["seen"] for one in programs("chAB").get("/me/notices").json()["items"])
