"""Selections for programs: what the pages do, by the same changes."""

from __future__ import annotations

import pytest

from tests.api.conftest import Programs
from tests.selecting import all_answered, answer, choosing, chosen, propose, restate, selection_id, sign
from tests.web.conftest import Site

BACKED = {"part": "criteria", "rule": "backing", "location": "alder", "value": "yes", "note": "So they say"}


@pytest.fixture
def picking(served: Site) -> Programs:
    served.cast = choosing(served.database)
    return Programs(served)


def there(programs: Programs, *parts: str) -> str:
    with programs.site.database.reading() as session:
        return "/".join((f"/selections/{selection_id(session, programs.site.cast)}", *parts))


def test_selections_are_listed_and_read_whole(picking: Programs) -> None:
    (line,) = picking("itl").get("/rollouts/two-sites/selections").json()["items"]
    assert (line["entry"], line["wave"], line["due"], line["proposed"]) == ("pilots", "pilot", "2027-01-07", False)
    found, _ = picking.read("opm", f"/selections/{line['id']}")
    assert [(one["location"], one["stands"], one["score"], one["of"]) for one in found["candidates"]] == [
        ("alder", "unclear", 3.0, 8.0), ("cedar", "unclear", 3.0, 8.0), ("birch", "unclear", 0.0, 8.0),
        ("dogwood", "out", 3.0, 8.0),
    ]  # fmt: skip
    assert found["candidates"][3]["why"] == ["under renovation"]
    assert found["candidates"][1]["exclusions"][1]["missing"] == ["Legacy system has an upgrade path"]
    assert found["best"]["locations"] == ["alder", "cedar"]
    assert (found["at_least"], found["at_most"], found["choice"], found["hidden"]) == (2, 2, None, 0)


def test_whoever_sees_one_location_is_told_of_that_one_only(picking: Programs) -> None:
    with picking.site.database.writing() as session:
        chosen(session, picking.site.cast)
    found, _ = picking.read("chA", there(picking))
    assert [one["location"] for one in found["candidates"]] == ["alder"]
    assert (found["hidden"], found["best"], found["choice"], found["settled"]) == (3, None, None, True)
    assert "birch" not in picking("chA").get(there(picking)).text


def test_a_question_is_answered_in_a_version_that_was_seen(picking: Programs) -> None:
    _, seen = picking.read("opm", there(picking))
    answered = picking("opm").put(there(picking, "answers"), json=BACKED, headers=seen)
    assert answered.status_code == 200, answered.text
    backing = answered.json()["candidates"][0]["criteria"][0]
    assert (backing["stands"], backing["value"], backing["note"]) == ("met", True, "So they say")
    assert picking("opm").put(there(picking, "answers"), json=BACKED, headers=seen).status_code == 200
    other = {**BACKED, "value": "no"}
    assert picking("opm").put(there(picking, "answers"), json=other, headers=seen).status_code == 412
    assert picking("opm").put(there(picking, "answers"), json=other).status_code == 428
    note = picking.read("itl", there(picking))[0]["candidates"][0]["criteria"][0]["note"]
    assert note is None
    assert picking("itl").put(there(picking, "answers"), json=other, headers=seen).status_code == 403


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"value": "perhaps"}, 422),
        ({"note": "MRN 4471820"}, 422),
        ({"location": None}, 422),
        ({"location": "nowhere"}, 404),
        ({"rule": "nothing"}, 404),
        ({"part": "elsewhere"}, 400),
        ({"part": "together", "rule": "near"}, 422),
        ({"part": "together", "rule": "near", "locations": ["alder", "birch"]}, 200),
    ],
)
def test_what_cannot_be_answered_is_refused(picking: Programs, given: dict[str, object], status: int) -> None:
    _, seen = picking.read("opm", there(picking))
    answer_ = picking("opm").put(there(picking, "answers"), json={**BACKED, **given}, headers=seen)
    assert answer_.status_code == status, answer_.text


def test_a_set_is_proposed_and_its_refusal_says_what_bars_it(picking: Programs) -> None:
    _, seen = picking.read("opm", there(picking))
    barred = picking("opm").put(there(picking, "choice"), json={"locations": ["alder"]}, headers=seen)
    assert (barred.status_code, barred.json()["missing"][0]) == (409, "Pilot takes 2 centres, 1 chosen")
    made = picking("opm").put(there(picking, "choice"), json={"locations": ["alder", "birch"]}, headers=seen)
    choice = made.json()["choice"]
    assert (choice["locations"], choice["number"], choice["wanted"]) == (["alder", "birch"], 1, ["sponsor"])
    assert [one["location"] for one in choice["mix"]] == ["alder", "birch"]
    content = picking("opm").get(choice["content"].removeprefix("/api/v1"))
    assert content.headers["x-content-sha256"] == choice["sha256"]
    assert picking("exe").put(there(picking, "choice"), json={"locations": []}, headers=seen).status_code == 403


def test_a_token_neither_signs_nor_waives(picking: Programs) -> None:
    with picking.site.database.writing() as session:
        all_answered(session, picking.site.cast)
        propose(session, picking.site.cast)
    waiver = {"location": "dogwood", "exclusion": "renovating", "reason": "Done by March"}
    for path, given in (("waivers", waiver), ("signatures", {"number": 1})):
        refused = picking("exe").post(there(picking, path), json=given)
        assert (refused.status_code, refused.json()["type"].partition("#")[2]) == (403, "proof-wanted")


def test_a_waiver_is_taken_back(picking: Programs) -> None:
    from tests.actions.selection.test_selecting import waive

    with picking.site.database.writing() as session:
        key = waive(session, picking.site.cast)
    found, _ = picking.read("exe", there(picking))
    assert [(one["location"], one["reason"]) for one in found["waivers"]] == [("dogwood", "Done by March.")]
    assert picking.read("itl", there(picking))[0]["waivers"][0]["reason"] is None
    path = there(picking, "waivers", f"{key}")
    assert picking("opm").delete(path).status_code == 403
    for _ in range(2):
        assert picking("exe").delete(path).json()["candidates"][-1]["stands"] == "out"


def test_the_chosen_set_takes_its_wave_in_two_steps(picking: Programs) -> None:
    with picking.site.database.writing() as session:
        restate(session, picking.site.cast, "cedar", **{"upgrade-path": True})
        chosen(session, picking.site.cast, "alder cedar")
    path = there(picking, "waves")
    assert picking("opm").post(path, json={}).status_code == 403
    shown = picking("dir").post(path, json={"waves": {"birch": "second"}}).json()
    assert (shown["done"], {one["location"] for one in shown["cutovers"]}) == (False, {"birch", "cedar"})
    assert picking("dir").post(path, json={"shown": "other"}).status_code == 412
    assert picking("dir").post(path, json={"waves": {"birch": "pilot"}}).status_code == 422
    assert picking("dir").post(path, json={"shown": shown["shown"]}).json()["done"]
    waves = {one["location"]: one["wave"] for one in picking.read("opm", there(picking))[0]["candidates"]}
    assert waves == {"alder": "pilot", "cedar": "pilot", "birch": "second", "dogwood": "second"}


def test_a_signature_that_fell_is_gone_from_the_set(picking: Programs) -> None:
    with picking.site.database.writing() as session:
        all_answered(session, picking.site.cast)
        propose(session, picking.site.cast)
        sign(session, picking.site.cast)
    assert len(picking.read("opm", there(picking))[0]["choice"]["signatures"]) == 1
    with picking.site.database.writing() as session:
        answer(session, picking.site.cast, "birch", "backing", "no")
    found, _ = picking.read("opm", there(picking))
    assert (found["settled"], found["choice"]["signatures"]) == (False, [])
    assert found["choice"]["faults"] == ["Birch is out: “The leadership backs it” is not met"]
