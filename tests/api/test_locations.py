"""Locations over the API: stated and read back, joining with people, leaving, sharing, and what a move may tell."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from app.actions.jobs import fail_job
from app.actions.schedule.moves import planned_cutover_move
from app.api.moves import shown_plan
from app.models import Job
from app.worker import tick
from tests import cast as casting
from tests.api.conftest import Programs
from tests.cast import NAMES, NOW, PLAYBOOK, SITES
from tests.web.conftest import Site

R = "/rollouts/two-sites"
SHARING = """\
sharing:
  progress: {title: How the preparation goes, consent: champion, tasks: [readiness]}
"""
OWN = {
    "hours": "08:00-16:00", "open": "tue .. sat", "cutover": "2027-02-09 06:30", "holidays": ["US"],
    "closed": [{"when": "2027-01-13 .. 2027-01-14", "title": "Stocktaking"}],
}  # fmt: skip


@pytest.fixture
def sharing(served: Site) -> Programs:
    """The cast in a rollout whose locations may share something."""
    served.cast = casting.running(served.database, PLAYBOOK + SHARING)
    return Programs(served)


def in_two_steps(programs: Programs, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Asked what it brings with it, then done as it was shown."""
    plan = programs("dir").post(path, json=body)
    assert (plan.status_code, plan.json()["done"]) == (200, False), plan.text
    done = programs("dir").post(path, json={**body, "shown": plan.json()["shown"], "reason": "so it is"})
    assert (done.status_code, done.json()["done"]) == (200, True), done.text
    return plan.json()


def test_what_is_read_of_locations_may_be_put_back_and_nothing_is_lost(drafting: Programs) -> None:
    rows = [{**SITES[1], **OWN}, dict(SITES[0])]
    _, seen = drafting.read("dir", R)
    assert drafting("dir").put(f"{R}/locations", headers=seen, json={"locations": rows}).status_code == 200
    before, seen = drafting.read("dir", R)
    stated = [one["stated"] for one in before["locations"]]
    assert stated == rows
    assert drafting("dir").put(f"{R}/locations", headers=seen, json={"locations": stated}).status_code == 200
    assert drafting("dir").get(R).json()["locations"] == before["locations"]


def test_facts_are_stated_as_they_were_shown(programs: Programs) -> None:
    path = f"{R}/locations/birch/facts"
    in_two_steps(programs, path, {"name": "Birch Hall", "attributes": {"legacy": True}})
    birch = programs("chB").get(f"{R}/locations/birch").json()
    assert (birch["name"], birch["attributes"]) == ("Birch Hall", {"legacy": True})
    lines = programs("chB").get(f"/tasks/{programs.site.task('walk-through', 'birch')}").json()["checklist"]
    assert "old-system" in {line["path"] for line in lines}
    in_two_steps(programs, path, {"name": "Birch"})
    assert programs("chB").get(f"{R}/locations/birch").json()["attributes"] == {"legacy": True}
    assert programs("chB").post(path, json={}).status_code == 403
    assert programs("dir").post(path, json={"attributes": {"legacy": 3}}).status_code == 422


def test_a_location_joins_with_its_people_and_its_plan_is_written_again(served: Site) -> None:
    served.cast = casting.running(served.database, PLAYBOOK.replace("locations: 2}", "locations: 2 .. 3}"))
    programs = Programs(served)
    body = {
        "location": {"id": "cedar", "name": "Cedar", "zone": "America/Chicago", "wave": "pilot"},
        "people": [{"role": "champion", "person": served.cast.people["ch0"]}],
    }
    plan = in_two_steps(programs, f"{R}/locations", body)
    assert [one["location"] for one in plan["cutovers"]] == ["cedar"]
    assert programs("ch0").get(f"{R}/locations/cedar").json()["planned"] is False
    path = f"{R}/locations/cedar/plan"
    with served.database.writing() as session:
        job = session.exec(select(Job).where(Job.state == "waiting")).one()
        fail_job(session, job.id or 0, "broken", now=NOW, final=True)
    shown, seen = programs.read("dir", path)
    assert shown == {"planned": False, "error": "broken"}
    old = {"If-Match": '"0-0123456789abcdef"'}
    assert programs("dir").put(path, headers=old).status_code == 412
    again = programs("dir").put(path, headers=seen)
    assert (again.status_code, again.json()) == (200, {"planned": False, "error": ""})
    with served.database.writing() as session:
        tick(session, NOW)
    assert programs("dir").get(path).json() == {"planned": True, "error": ""}


def test_a_location_that_left_is_told_with_the_reason(programs: Programs) -> None:
    in_two_steps(programs, f"{R}/locations/birch/drop", {})
    rollout = programs("dir").get(R).json()
    assert [one["slug"] for one in rollout["locations"]] == ["alder"]
    (left,) = rollout["left"]
    assert (left["slug"], left["left"], left["left_by"]) == ("birch", "so it is", NAMES["dir"])
    assert programs("chB").get(f"{R}/locations/birch").json() == left
    assert programs("chA").get(f"{R}/locations/birch").status_code == 404
    assert programs("chA").get(R).json()["left"] == []


def test_the_page_of_a_location_that_left_says_when_why_and_by_whom(programs: Programs) -> None:
    in_two_steps(programs, f"{R}/locations/birch/drop", {})
    site = programs.site
    page = site.client("chB").get(f"{R}/locations/birch")
    assert page.status_code == 200
    assert all(
        word in page.text
        for word in ("Birch left this rollout.", "so it is", NAMES["dir"], "today 10:00", "let it leave")
    )
    assert "Take it back in" not in page.text
    assert f'href="{R}/locations/birch/leave"' in site.client("dir").get(f"{R}/locations/birch").text
    assert site.client("chA").get(f"{R}/locations/birch").status_code == 404
    assert site.client("dir").get(f"{R}/locations/birch/print").status_code == 404


def test_a_move_tells_nothing_of_places_out_of_sight(programs: Programs) -> None:
    site = programs.site
    with site.database.reading() as session:
        by = site.cast.viewer(session, "dir")
        birch = site.cast.locations["birch"]
        plan = planned_cutover_move(session, birch, cutover="2027-02-09 07:00", by=by, now=NOW)
    whole, narrow = (shown_plan(plan, seen, done=False) for seen in ({"alder", "birch"}, {"alder"}))
    assert {one.location for one in whole.shifts} == {"birch"} and [one.location for one in whole.cutovers] == ["birch"]
    assert {(one.location, one.task) for one in narrow.shifts} == {(None, None)}
    assert (narrow.cutovers, len(narrow.shifts)) == ([], len(whole.shifts))


def test_what_a_location_shares_is_agreed_to_once_seen(sharing: Programs) -> None:
    path = f"{R}/locations/birch/consents/progress"
    offers = sharing("chB").get(f"{R}/sharing").json()["items"]
    assert [(one["location"], one["sharing"], one["agreed_by"]) for one in offers] == [("birch", "progress", None)]
    assert len(sharing("dir").get(f"{R}/sharing?limit=1").json()["items"]) == 1
    assert sharing("chA").get(f"{R}/neighbours").json() == {"locations": []}
    assert sharing("chB").put(path).status_code == 428
    _, seen = sharing.read("chB", path)
    agreed = sharing("chB").put(path, headers=seen)
    assert (agreed.status_code, agreed.json()["agreed_by"]) == (200, NAMES["chB"])
    assert sharing("chB").put(path, headers=seen).status_code == 200
    (birch,) = sharing("chA").get(f"{R}/neighbours").json()["locations"]
    assert birch["name"] == "Birch"
    assert [part["total"] for share in birch["shares"] for part in share["parts"]] == [6]
    assert sharing("chB").delete(path, headers=seen).status_code == 412
    withdrawn = sharing("chB").delete(path, headers={"If-Match": agreed.headers["etag"]})
    assert (withdrawn.status_code, withdrawn.json()["agreed_by"]) == (200, None)
    assert sharing("chA").get(f"{R}/neighbours").json() == {"locations": []}
    assert sharing("chA").get(path).status_code == 404
    assert sharing("dir").put(path, headers={"If-Match": withdrawn.headers["etag"]}).status_code == 403
