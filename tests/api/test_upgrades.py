"""Upgrades by the API: first asked what changes, then done as it was shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.actions.upgrades.test_upgrading import DUE, TITLE, moved_by_hand
from tests.actions.upgrades.versions import newer, uploaded
from tests.api.conftest import Programs

U = "/rollouts/two-sites/upgrades"


def step(programs: Programs, to: int, **given: Any) -> dict[str, Any]:
    answer = programs("dir").post(U, json={"to": to, "locations": ["alder"], **given})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_place_is_brought_over_in_two_steps(programs: Programs) -> None:
    to = uploaded(programs.site.database, programs.site.cast, newer(TITLE))
    plan = step(programs, to)
    assert (plan["done"], plan["to"], [line["entry"] for line in plan["lines"]]) == (False, "1.1", ["scanners"])
    assert plan["lines"][0]["changes"][0]["key"] == "title"
    assert step(programs, to, shown=plan["shown"])["done"]
    places = {one["location"]: one["version"] for one in programs("chA").get(U).json()["places"]}
    assert places == {None: "1.0", "alder": "1.1"}
    assert step(programs, to, shown=plan["shown"])["already"] == ["alder"]


def test_a_conflict_is_settled_by_its_key(programs: Programs) -> None:
    moved_by_hand(programs.site.database, programs.site.cast, "scanners", date(2027, 1, 13))
    to = uploaded(programs.site.database, programs.site.cast, newer(DUE))
    plan = step(programs, to)
    (asked,) = [line for line in plan["lines"] if line["asks"]]
    assert (asked["asks"], asked["before"], asked["after"]) == ("choice", "2027-01-13", "2027-01-20")
    body = {"to": to, "locations": ["alder"], "shown": plan["shown"]}
    assert programs("dir").post(U, json=body).status_code == 422
    step(programs, to, shown=plan["shown"], choices={asked["key"]: "new"})
    assert programs("chA").get(f"/tasks/{programs.site.task('scanners')}").json()["due"] == "2027-01-20"


def test_what_changed_meanwhile_is_412_and_only_who_directs_may(programs: Programs) -> None:
    to = uploaded(programs.site.database, programs.site.cast, newer(TITLE))
    body = {"to": to, "locations": ["alder"], "shown": "another"}
    assert programs("dir").post(U, json=body).status_code == 412
    assert programs("opm").post(U, json=body).status_code == 403
    assert programs("dir", reads_only=True).post(U, json={**body, "shown": ""}).status_code == 200
