"""The rota over the API: the same changes and the same questions as on its pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests import cast as casting
from tests.actions.presence.manned import BEFORE, FIRST, LIVE, MANNED, SECOND
from tests.api.conftest import Programs
from tests.web.conftest import Site

R = "/rollouts/two-sites"


@pytest.fixture
def programs(served: Site) -> Programs:
    served.cast = casting.running(served.database, MANNED)
    served.now = BEFORE
    return Programs(served)


def covers(programs: Programs, who: str = "dir") -> dict[tuple[str, str | None], dict[str, Any]]:
    found = programs(who).get(f"{R}/covers").json()["items"]
    return {(one["entry"], one["location"]): one for one in found}


def test_covers_are_those_of_the_places_that_one_sees(programs: Programs) -> None:
    assert set(covers(programs)) == {
        ("on-site", "alder"), ("on-site", "birch"), ("on-call", None), ("help-desk", None)
    }  # fmt: skip
    mine = covers(programs, "chA")
    assert ("on-site", "birch") not in mine
    one = mine["on-site", "alder"]
    assert (one["begins"], one["due"], one["people"], one["on_call"], one["percent"]) == (
        "2027-02-08", "2027-02-19", 1, False, 0
    )  # fmt: skip
    other = covers(programs)["on-site", "birch"]["id"]
    assert programs("chA").get(f"/covers/{other}").status_code == 404


def test_put_on_duty_replaced_and_called_off(programs: Programs) -> None:
    people = programs.site.cast.people
    path = f"/covers/{covers(programs)['on-site', 'alder']['id']}"
    given = programs("chA").post(f"{path}/duties", json={"person": people["itl"], "turn": FIRST})
    assert (given.status_code, given.json()["percent"], len(given.json()["duties"])) == (201, 50, 5)
    late = programs("dir").post(f"{path}/duties", json={"person": people["cto"], "turn": FIRST})
    assert late.status_code == 409
    assert late.json()["detail"] == "Chiara Amato changed this in the meantime: put Ivo Tanaka on duty."
    days = [one["id"] for one in given.json()["duties"]]
    swapped = programs("dir").put(f"{path}/substitution", json={"duties": days[:2], "person": people["cto"]})
    assert [one["person"] for one in swapped.json()["duties"]].count(people["cto"]) == 2
    assert programs("dir").put(f"{path}/substitution", json={"duties": days[:2], "person": 1}).status_code == 404
    asked = {"duties": days[2:], "reason": "MRN 48291734 needs him"}
    assert programs("dir").put(f"{path}/calling-off", json=asked).status_code == 422
    off = programs("dir").put(f"{path}/calling-off", json={**asked, "no_patient": True})
    assert (off.status_code, len(off.json()["duties"])) == (200, 2)
    assert programs("cto").put(f"{path}/outside", json={"reason": "x"}).status_code == 403
    assert programs("dir").put(f"{path}/outside", json={"reason": "x"}).status_code == 200


def test_what_is_missing_who_is_there_and_ones_own(programs: Programs) -> None:
    people = programs.site.cast.people
    found = programs("dir").get(f"{R}/rota/troubles").json()
    assert [one["missing"] for one in found["gaps"]] == [1, 1, 1, 1]
    assert found["gaps"][0]["free"]
    path = f"/covers/{covers(programs)['on-site', 'alder']['id']}"
    programs("dir").post(f"{path}/duties", json={"person": people["itl"], "turn": FIRST, "day": "2027-02-09"})
    assert [one["place"] for one in programs("itl").get("/me/duties").json()["items"]] == ["Alder"]
    programs.site.now = LIVE
    (present,) = programs("exe").get(f"{R}/on-duty").json()["items"]
    assert (present["name"], present["location"], present["until"]) == ("Ivo Tanaka", "alder", "2027-02-09T23:00:00Z")


def test_a_proposal_is_accepted(programs: Programs) -> None:
    proposed = programs("dir").get(f"{R}/rota/proposal").json()
    turns = [{"cover": one["cover"], "turn": one["turn"], "person": one["person"]} for one in proposed["turns"]]
    assert ({one["turn"] for one in turns}, proposed["left"]) == ({FIRST, SECOND, "2027-02-22"}, 0)
    after = programs("dir").post(f"{R}/rota/proposal", json={"turns": turns})
    assert (after.status_code, after.json()["turns"]) == (200, [])
    assert {one["percent"] for one in covers(programs).values()} == {100}
    assert programs("exe").get(f"{R}/rota/proposal").json()["turns"] == []


def test_locations_are_paired(programs: Programs) -> None:
    programs.site.now = LIVE
    pair = {"kind": "visit", "location": "birch", "live": "alder", "day": "2027-02-10", "note": "The front desk"}
    assert programs("exe").post(f"{R}/mentorships", json=pair).status_code == 403
    made = programs("dir").post(f"{R}/mentorships", json=pair)
    assert (made.status_code, made.json()["location"], made.json()["live"]) == (201, "Birch", "Alder")
    one = f"/mentorships/{made.json()['id']}"
    assert programs("dir").put(f"{one}/holding").status_code == 409
    assert programs("dir").post(f"{R}/mentorships", json={**pair, "live": "birch"}).status_code == 422
    assert len(programs("chB").get(f"{R}/mentorships").json()["items"]) == 1
    assert programs("chB").delete(one).status_code == 204
    assert programs("dir").get(f"{R}/mentorships").json()["items"] == []
