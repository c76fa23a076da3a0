"""Productivity over the API: the worked example, versions, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests import cast as casting
from tests.actions.productivity.practice import MEASURED, example, made
from tests.api.conftest import Programs
from tests.web.conftest import Site

R = "/rollouts/two-sites"
HERE = f"{R}/locations/alder/productivity-periods"
YEAR = {"first": "2026-01-01", "last": "2026-12-31", "full_time": "36"}
SATURDAYS = {"name": "Associate", "weekly": "9", "lines": [{"kind": "normal-day", "times": "52", "hours": "9"}]}
FULL = [
    {"kind": "normal-day", "times": "44", "hours": "36"},
    {"kind": "call-on-site", "times": "44", "hours": "6", "shared_by": "3"},
    {"kind": "normal-day", "times": "4", "hours": "8"},
    {"kind": "normal-day", "times": "52", "hours": "4", "shared_by": "3"},
    {"kind": "staff-meetings", "times": "20", "hours": "1", "within": True},
]
PROCEDURES = {
    "lines": [
        {"code": code, "modifier": "26", "quantity": number}
        for code, number in (("71010", 456), ("71020", 2_345), ("71250", 247), ("72072", 873), ("72156", 181))
    ],
    "other": 51_200,
    "other_rvu": "113750.37",
}


@pytest.fixture
def programs(served: Site) -> Programs:
    served.cast = casting.running(served.database)
    return Programs(served)


def table(name: str) -> dict[str, str]:
    return {"file_name": f"{name}.csv", "text": example(name).decode()}


def begun(programs: Programs, place: str = "alder", **days: str) -> dict[str, Any]:
    made = programs("dir").post(HERE.replace("alder", place), json={**YEAR, **days})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def test_the_worked_example(programs: Programs) -> None:
    director, champion = programs("dir"), programs("chA")
    values = director.post(f"{R}/relative-value-files", json=table("values"))
    assert (values.status_code, values.json()["codes"], values.json()["year"]) == (201, 5, 1992)
    one = f"/productivity-periods/{begun(programs)['id']}"
    seen = programs.read("chA", one)[1]
    three = [{"name": f"Radiologist {number}", "weekly": "36", "lines": FULL} for number in "123"]
    put = champion.put(f"{one}/worksheets", json={"worksheets": [*three, SATURDAYS]}, headers=seen)
    assert [sheet["hours"] for sheet in put.json()["worksheets"]] == ["1753", "1753", "1753", "468"]
    assert [line["available"] for line in put.json()["worksheets"][0]["lines"]] == ["1584", "88", "32", "69", "-20"]
    stale = champion.put(f"{one}/procedures", json=PROCEDURES, headers=seen)
    assert (stale.status_code, stale.json()["who"]) == (412, "Chiara Amato")
    done = champion.put(f"{one}/procedures", json=PROCEDURES, headers={"If-Match": put.headers["etag"]})
    found = done.json()
    assert (found["hours"], found["positions"], found["procedures"], found["rvu"]) == (
        "5727", "3.25", 55_302, "115369.00",
    )  # fmt: skip
    assert found["indices"] == {"productivity": "20.144753", "availability": "0.847189", "intensity": "2.086163"}
    assert found["basis"]["rvu_year"] == 1992
    again = champion.put(f"{one}/procedures", json=PROCEDURES, headers={"If-Match": put.headers["etag"]})
    assert (again.status_code, again.json()["version"]) == (200, found["version"])
    listed = programs("exe").get(f"{R}/productivity-periods").json()["items"]
    assert [item["id"] for item in listed] == [found["id"]]
    assert programs.read("exe", one)[0]["worksheets"][0]["name"] is None


def test_a_comparison_with_a_benchmark_states_its_basis(programs: Programs) -> None:
    director = programs("dir")
    director.post(f"{R}/relative-value-files", json=table("values"))
    mark = director.post(f"{R}/benchmarks", json=table("benchmark")).json()
    one, other = begun(programs), begun(programs, "birch", last="2026-06-30")
    asked = f"{R}/productivity-comparison?periods={one['id']},{other['id']}"
    found = director.get(f"{asked}&benchmark={mark['id']}").json()
    assert found["benchmark"]["basis"]["hours"] == ["Call on site, spent reading", "Normal work day, at any hour"]
    assert [line["differs"][0][:12] for line in found["periods"]] == ["hours that o", "periods of d"]
    alone = director.get(asked).json()
    assert [line["differs"] for line in alone["periods"]] == [[], ["periods of different length"]]
    assert programs("chA").get(asked).status_code == 404


def test_files_are_brought_once_and_taken_away(programs: Programs) -> None:
    director = programs("dir")
    first, second = (director.post(f"{R}/benchmarks", json=table("benchmark")).json() for _ in range(2))
    assert first == second
    for _ in range(2):
        assert director.delete(f"/benchmarks/{first['id']}").status_code == 204
    assert director.get(f"{R}/benchmarks").json() == {"benchmarks": []}
    bad = director.post(f"{R}/relative-value-files", json={"text": "nothing"})
    assert (bad.status_code, bad.json()["errors"][0]["at"]) == (422, "file")


def test_a_period_is_changed_and_taken_away(programs: Programs) -> None:
    period = begun(programs)
    assert begun(programs)["id"] == period["id"]
    one, client = f"/productivity-periods/{period['id']}", programs("chA")
    seen = programs.read("chA", one)[1]
    changed = client.put(one, json={"full_time": "40", "values": None}, headers=seen)
    assert (changed.status_code, changed.json()["full_time"]) == (200, "40")
    assert client.delete(one, headers=seen).status_code == 412
    assert client.delete(one, headers={"If-Match": changed.headers["etag"]}).status_code == 204
    assert client.get(one).status_code == 404
    wrong = client.put(one, json={"full_time": "40"}, headers=seen)
    assert wrong.status_code == 400


@pytest.mark.parametrize(("who", "status"), [("chB", 404), ("exe", 403), ("cto", 403), ("ch0", 404)])
def test_who_may_not_is_refused(programs: Programs, who: str, status: int) -> None:
    period = begun(programs)
    one, client = f"/productivity-periods/{period['id']}", programs(who)
    seen = programs.read("dir", one)[1]
    for end, body in (
        ("", {"full_time": "40", "values": None}), ("/worksheets", {"worksheets": [SATURDAYS]}),
        ("/procedures", PROCEDURES),
    ):  # fmt: skip
        assert client.put(f"{one}{end}", json=body, headers=seen).status_code == status
    assert client.delete(one, headers=seen).status_code == status
    assert client.post(HERE, json={**YEAR, "last": "2026-03-31"}).status_code == status
    network = 404 if who == "ch0" else 403
    for part in ("relative-value-files", "benchmarks"):
        assert client.post(f"{R}/{part}", json=table("values")).status_code == network


def test_the_figures_are_taken_over_into_the_metrics(served: Site) -> None:
    served.cast = casting.running(served.database, MEASURED)
    one = f"/productivity-periods/{made(served.database, served.cast).period}"
    programs = Programs(served)
    seen = programs.read("chA", one)[1]
    for _ in range(2):
        assert programs("chA").put(f"{one}/metrics", json={}, headers=seen).status_code == 200
    assert programs("exe").put(f"{one}/metrics", json={}, headers=seen).status_code == 403
    assert programs("chB").put(f"{one}/metrics", json={}, headers=seen).status_code == 404
