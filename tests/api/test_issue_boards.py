"""The boards of issues over the API: the figures are those of the issues behind them, and only of what one sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import Programs

BASE = "/rollouts/two-sites/issues"
HOUR = 3600


def report(programs: Programs, title: str, place: str | None = "alder", severity: str = "normal") -> int:
    body = {"title": title, "location": place, "severity": severity, "kind": "defect"}
    made = programs("dir").post(BASE, json=body)
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def solve(programs: Programs, issue: int, cause: str) -> None:
    _, seen = programs.read("dir", f"/issues/{issue}")
    solved = programs("dir").put(f"/issues/{issue}/resolution", headers=seen, json={"cause": cause, "fix": "Done"})
    assert solved.status_code == 200, solved.text


def board(programs: Programs, name: str, who: str = "dir") -> Any:
    answer = programs(who).get(f"{BASE}/{name}")
    assert answer.status_code == 200, answer.text
    again = programs(who).get(f"{BASE}/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    return answer.json()


@pytest.fixture
def busy(programs: Programs) -> dict[str, int]:
    """Five hours after three critical issues at Alder (solved in time, solved late, open): two alike and a third."""
    found = {title: report(programs, title, severity="critical") for title in ("in time", "late", "open")}
    solve(programs, found["in time"], "Old printer driver")
    programs.site.now += timedelta(hours=5)
    solve(programs, found["late"], "The driver was old")
    found["printer"] = report(programs, "Label printer prints nothing")
    found["printers"] = report(programs, "The label printers print nothing here", "birch")
    found["line"] = report(programs, "The line is slow", None)
    assert programs("dir").put(f"/issues/{found['line']}/same/birch").status_code == 200
    return found


def test_what_is_open_stands_by_location_with_the_time_left(programs: Programs, busy: dict[str, int]) -> None:
    shown = board(programs, "open")
    assert (shown["open"], shown["breached"], shown["unconfirmed"]) == (4, 1, 2)
    places = {one["location"]: one for one in shown["locations"]}
    assert list(places) == ["alder", "birch", None]
    assert [one["id"] for one in places["alder"]["issues"]] == [busy["open"], busy["printer"]]
    clock = places["alder"]["issues"][0]["clock"]
    assert (clock["state"], clock["left"]) == ("breached", -HOUR)
    assert {place: one["open"] for place, one in places.items()} == {"alder": 2, "birch": 1, None: 1}
    assert shown["next_at"] == places["alder"]["issues"][1]["clock"]["breach_at"]
    there = programs("dir").get(f"/issues/{busy['printer']}").json()
    line = places["alder"]["issues"][1]
    assert (line["clock"], line["rank"], line["number"]) == (there["clock"], there["rank"], there["number"])


def test_the_top_ten_are_at_most_ten_and_the_gravest_first(programs: Programs, busy: dict[str, int]) -> None:
    assert board(programs, "top")["issues"][0]["id"] == busy["open"]
    for number in range(9):
        report(programs, f"Small matter {number}")
    shown = board(programs, "top")["issues"]
    assert (len(shown), shown[0]["id"]) == (10, busy["open"])
    assert {busy["in time"], busy["late"]}.isdisjoint(one["id"] for one in shown)


def test_every_figure_of_promises_has_its_issues(programs: Programs, busy: dict[str, int]) -> None:
    shown = board(programs, "promises")
    figures = {"counted": 3, "percent": 33, "kept": [busy["in time"]], "broken": [busy["late"], busy["open"]]}
    running = [busy["printer"], busy["printers"], busy["line"]]
    assert shown["whole"] == {**figures, "running": running}
    alder, birch, network = shown["locations"]
    assert alder == {**figures, "running": [busy["printer"]], "location": "alder", "left": False}
    assert (birch["counted"], birch["percent"], birch["running"]) == (0, None, [busy["printers"]])
    assert (network["location"], network["running"]) == (None, [busy["line"]])
    (wave,) = shown["waves"]
    assert wave == {**figures, "running": running[:2], "wave": "pilot"}
    (week,) = shown["weeks"]
    assert week == {**shown["whole"], "monday": "2027-01-04"}
    became = {one["id"]: one["promise"] for one in shown["issues"]}
    assert became == {
        **dict.fromkeys(running, "running"), busy["in time"]: "kept", busy["late"]: "broken", busy["open"]: "broken",
    }  # fmt: skip
    assert all((one["used"] > one["allowed"]) == (one["promise"] == "broken") for one in shown["issues"])


def test_a_week_without_issues_stands_too(programs: Programs, busy: dict[str, int]) -> None:
    programs.site.now += timedelta(days=14)
    weeks = board(programs, "promises")["weeks"]
    assert [(one["monday"], len(one["broken"])) for one in weeks] == [
        ("2027-01-18", 0), ("2027-01-11", 0), ("2027-01-04", 5),
    ]  # fmt: skip


def test_causes_are_counted_and_what_is_the_same_stands_together(programs: Programs, busy: dict[str, int]) -> None:
    shown = board(programs, "causes")
    assert shown["heat"] == [
        {"kind": "defect", "location": None, "issues": 1, "open": 1},
        {"kind": "defect", "location": "alder", "issues": 4, "open": 2},
        {"kind": "defect", "location": "birch", "issues": 1, "open": 1},
    ]
    words = {one["word"]: [issue["id"] for issue in one["issues"]] for one in shown["words"]}
    assert words["driver"] == [busy["in time"], busy["late"]]
    assert [[one["id"] for one in group] for group in shown["same"]] == [[busy["printer"], busy["printers"]]]
    (elsewhere,) = shown["elsewhere"]
    assert (elsewhere["issue"]["id"], elsewhere["locations"]) == (busy["line"], ["birch"])


def test_of_other_locations_nothing_is_counted_and_causes_are_for_who_reads_them(
    programs: Programs, busy: dict[str, int]
) -> None:
    mine = {busy["printers"], busy["line"]}
    assert {one["id"] for one in board(programs, "promises", "chB")["issues"]} == mine
    assert {one["id"] for one in board(programs, "top", "chB")["issues"]} == mine
    assert [one["location"] for one in board(programs, "open", "chB")["locations"]] == ["birch", None]
    causes = board(programs, "causes", "chB")
    assert ({one["location"] for one in causes["heat"]}, causes["same"]) == ({None, "birch"}, [])
    assert board(programs, "causes", "exe")["words"] == []
    assert programs("ch0").get(f"{BASE}/causes").status_code == 404
    assert programs("dir", reads_only=True).get(f"{BASE}/top").status_code == 200


def test_of_a_closed_rollout_the_boards_are_those_of_that_moment(programs: Programs, busy: dict[str, int]) -> None:
    _, seen = programs.read("dir", "/rollouts/two-sites")
    closed = programs("dir").put("/rollouts/two-sites/closing", headers=seen, json={"note": "All done"})
    assert closed.status_code == 200, closed.text
    before = board(programs, "promises"), board(programs, "top"), board(programs, "open")
    programs.site.now += timedelta(days=20)
    assert (board(programs, "promises"), board(programs, "top")) == before[:2]
    assert board(programs, "open")["locations"] == before[2]["locations"]
