"""The return over the API: the network, a location, a metric, and what the change cost."""

from __future__ import annotations

from decimal import Decimal

from tests.api.conftest import Programs

ROOM = "/rollouts/two-sites"


def test_the_network_is_told_with_exact_figures_and_a_tag(returned: Programs) -> None:
    found, seen = returned.read("exe", f"{ROOM}/return")
    ar_days = next(one for one in found["metrics"] if one["metric"] == "ar-days")
    assert (ar_days["locations"], ar_days["of"], ar_days["signed"]) == (4, 4, 4)
    assert {one["course"]: one["locations"] for one in ar_days["courses"]} == {"met": 1, "behind": 2, "missed": 1}
    assert Decimal(ar_days["change"]) == Decimal(ar_days["latest"]) - Decimal(ar_days["baseline"])
    assert [one["currency"] for one in found["payback"]] == ["USD"]
    again = returned("exe").get(f"{ROOM}/return", headers={"If-None-Match": seen["If-Match"]})
    assert again.status_code == 304


def test_a_metric_and_a_location_are_told_alike(returned: Programs) -> None:
    found, _ = returned.read("exe", f"{ROOM}/return/metrics/denial-rate")
    place, _ = returned.read("exe", f"{ROOM}/return/locations/alder")
    alder = next(one for one in found["by_location"] if one["location"] == "alder")
    own = next(one for one in place["metrics"] if one["metric"] == "denial-rate")
    assert {name: own[name] for name in alder} == alder
    assert (alder["course"], alder["readings"], alder["left_out"]) == ("met", 26, 2)
    assert len(found["points"]) == 28
    assert returned("chA").get(f"{ROOM}/return/locations/birch").status_code == 404
    assert returned("exe").get(f"{ROOM}/return/metrics/none").status_code == 404


def test_costs_are_entered_once_and_taken_out(returned: Programs) -> None:
    cost = {"title": "Training", "amount": "12000.50", "currency": "USD", "day": "2027-02-01", "location": "alder"}
    first, second = (returned("opm").post(f"{ROOM}/costs", json=cost) for _ in range(2))
    assert (first.status_code, first.json()["id"]) == (201, second.json()["id"])
    assert returned("chA").post(f"{ROOM}/costs", json=cost).status_code == 403
    assert returned("opm").post(f"{ROOM}/costs", json={**cost, "currency": "ABC"}).status_code == 422
    gone = returned("opm").delete(f"{ROOM}/costs/{first.json()['id']}").json()
    listed = returned("chA").get(f"{ROOM}/costs").json()["costs"]
    assert gone["removed_at"] and [one["amount"] for one in listed] == ["12000.50"]
