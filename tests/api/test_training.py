"""Training over the API: the same acts as on the pages, with versions and intents."""

from __future__ import annotations

import pytest

from app.models import StaffMember
from tests.actions.training.school import AFTER, School, school
from tests.api.conftest import Programs
from tests.web.conftest import Site

HERE = "/rollouts/two-sites/locations/alder"
SITTING = {"training": "desk-basics", "starts_at": "2027-02-03T16:00:00Z", "seats": 2}


@pytest.fixture
def pupils(served: Site) -> School:
    found = school(served.database)
    served.cast = found.cast
    return found


@pytest.fixture
def callers(served: Site, pupils: School) -> Programs:
    return Programs(served)


def test_a_session_from_its_plan_to_its_attendance(callers: Programs, pupils: School) -> None:
    itl, key = callers("itl"), {"Idempotency-Key": "one"}
    made = itl.post(f"{HERE}/training-sessions", json=SITTING, headers=key)
    assert (made.status_code, made.json()["minutes"], made.json()["clashes"]) == (201, 120, [])
    assert itl.post(f"{HERE}/training-sessions", json=SITTING, headers=key).json()["id"] == made.json()["id"]
    one = f"/training-sessions/{made.json()['id']}"
    asked = itl.post(f"{one}/enrolments", json={"everybody": True}).json()
    assert (asked["enrolled"], asked["waiting"]) == (2, [pupils.ids["Cora"]])
    stale = itl.put(one, json=SITTING | {"seats": 9}, headers={"If-Match": made.headers["etag"]})
    assert (stale.status_code, stale.json()["who"]) == (412, "Ivo Tanaka")
    seen = callers.read("itl", one)[1]
    assert itl.put(one, json=SITTING | {"seats": 9}, headers=seen).json()["seats"] == 9
    callers.site.now = AFTER
    noted = callers("chA").put(
        f"{one}/attendance", json={"present": [pupils.ids["Ann"]]}, headers=callers.read("chA", one)[1]
    )
    assert [(line["staff"], line["attended"]) for line in noted.json()["people"]] == [
        (pupils.ids["Ann"], True), (pupils.ids["Ben"], False),
    ]  # fmt: skip
    assert callers.read("exe", one)[0]["people"] is None
    assert "BEGIN:VCALENDAR" in callers("exe").get(f"{one}/calendar").text


def test_somebody_is_put_on_the_list_and_passes(callers: Programs, pupils: School) -> None:
    person = {"number": "9", "name": "Una Uhl", "role": "desk", "shift": "early"}
    made = callers("chA").post(f"{HERE}/staff", json=person)
    one = f"/staff/{made.json()['id']}"
    assert [line["standing"] for line in made.json()["trainings"]] == ["unasked"]
    at = pupils.session()
    pupils.ids["Una"] = made.json()["id"]
    pupils.enrol(at, "Una")
    callers.site.now = AFTER
    body = {"present": [pupils.ids["Una"]]}
    callers("itl").put(f"/training-sessions/{at}/attendance", json=body,
                       headers=callers.read("itl", f"/training-sessions/{at}")[1])  # fmt: skip
    practice = {"training": "desk-basics", "line": "bookings", "passed": 3}
    for _ in range(2):
        callers("itl").post(f"{one}/practice", json=practice, headers={"Idempotency-Key": "p"})
    failed = callers("itl").post(f"{one}/checks", json={"training": "desk-basics", "score": 60}).json()
    assert [(line["standing"], line["practised"], line["attempts"]) for line in failed["trainings"]] == [
        ("failed", 3, 1)
    ]
    passed = callers("itl").post(f"{one}/checks", json={"training": "desk-basics", "score": 88}).json()["trainings"][0]
    assert (passed["standing"], passed["score"]) == ("passed", 88)
    undone = callers("itl").put(f"/training-results/{passed['results'][0]['id']}/withdrawal").json()
    assert undone["trainings"][0]["standing"] == "failed"
    patient = {"training": "desk-basics", "score": 88, "note": "MRN 12345678"}
    assert callers("itl").post(f"{one}/checks", json=patient).status_code == 422


def test_a_list_is_shown_and_then_taken_over(callers: Programs, pupils: School) -> None:
    text = "number,name,role\n1,Ann Abel-Roe,desk\n9,Una Uhl,desk\n"
    ask = {"text": text, "location": "alder"}
    shown = callers("chA", reads_only=True).post("/rollouts/two-sites/staff-list", json=ask).json()
    assert (shown["new"], shown["changed"], shown["done"], len(shown["missing"])) == (1, 1, False, 4)
    taken = callers("chA").post("/rollouts/two-sites/staff-list", json={**ask, "shown": shown["shown"]}).json()
    assert (taken["done"], taken["new"]) == (True, 1)
    names = [one["name"] for one in callers("chA").get(f"{HERE}/staff").json()["items"]]
    assert sorted(names) == ["Ann Abel-Roe", "Ben Bauer", "Cora Cho", "Dev Das", "Eli Ek", "Una Uhl"]
    bad = callers("chA").post("/rollouts/two-sites/staff-list", json={"text": "number,name,role\n1,,desk\n"}).json()
    assert [(one["line"], one["column"]) for one in bad["faults"]] == [(2, "name")]
    assert callers("exe").post("/rollouts/two-sites/staff-list", json=ask).status_code == 403


def test_everything_is_counted_without_names_for_who_may_not_know_them(callers: Programs, pupils: School) -> None:
    assert callers("chA").put(f"{HERE}/roster", json={"works": [pupils.ids["Ann"]]}).json()["percent"] == 0
    counts = callers("chA").get("/rollouts/two-sites/training").json()["trainings"]
    assert {(one["location"], one["training"], one["wanted"], one["needed"]) for one in counts} == {
        ("alder", "desk-basics", 3, 3), ("alder", "billing-basics", 2, 1),
    }  # fmt: skip
    seen = callers("exe").get("/rollouts/two-sites/training").json()["trainings"]
    assert {one["short"] for one in seen if one["short"] is not None} == set()
    assert callers("exe").get(f"{HERE}/coverage").json()["cells"][0]["untrained"] is None
    assert callers("exe").get(f"{HERE}/staff").status_code == 403


def test_what_is_ones_own_is_told(callers: Programs, pupils: School) -> None:
    at = pupils.session(trainer_id=pupils.cast.people["itl"])
    pupils.enrol(at, "Ann")
    with pupils.db.writing() as session:
        session.get_one(StaffMember, pupils.ids["Ann"]).person_id = pupils.cast.people["cto"]
    callers.site.now = AFTER.replace(day=2)
    assert [(one["id"], one["part"]) for one in callers("itl").get("/me/training").json()["sessions"]] == [(at, "hold")]
    assert [(one["id"], one["part"]) for one in callers("cto").get("/me/training").json()["sessions"]] == [
        (at, "attend")
    ]
    assert callers("dir").get("/me/training").json() == {"sessions": [], "recordings": []}
    callers.site.now = AFTER
    headers = callers.read("itl", f"/training-sessions/{at}")[1]
    callers("itl").put(f"/training-sessions/{at}/attendance", json={"present": []}, headers=headers)
    owed = callers("cto").get("/me/training").json()["recordings"]
    assert [(one["title"], one["until"]) for one in owed] == [("Front desk basics", "2027-02-12")]
    assert callers("cto").put(f"/staff/{pupils.ids['Ann']}/recordings/desk-basics").status_code == 200
    assert callers("cto").get("/me/training").json()["recordings"] == []


def test_buddies_are_given_and_taken(callers: Programs, pupils: School) -> None:
    opm, cto = callers("opm"), pupils.cast.people["cto"]
    assert opm.post(f"{HERE}/buddies", json={"training": "billing-basics"}).json() == {"paired": 2}
    one = f"/staff/{pupils.ids['Dev']}"
    assert opm.get(one).json()["trainings"][0]["buddy"] == cto
    assert opm.delete(f"{one}/buddies/billing-basics").json()["trainings"][0]["buddy"] is None
    assert opm.put(f"{one}/buddies/billing-basics", json={"person": cto}).json()["trainings"][0]["buddy"] == cto
