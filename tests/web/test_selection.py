"""Locations are selected on their pages: scored, waived, proposed, signed, and moved into their wave."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models import Location, Notice, SelectionAnswer, SelectionChoice, SelectionSignature, SelectionWaiver
from app.rules.signoffs import fingerprint
from tests.cast import NOW, PASSWORD
from tests.selecting import all_answered, answer, choosing, chosen, propose, restate, selection_id, stored
from tests.web.conftest import Site

FRAGMENT = {"HX-Request": "true"}
LATER = NOW + timedelta(minutes=10)
"""The sign-in of whoever signs is no fresh proof any more."""


@pytest.fixture
def picking(bare_site: Site) -> Site:
    bare_site.cast = choosing(bare_site.database)
    return bare_site


@pytest.fixture
def proposed(picking: Site) -> Site:
    """Alder and Birch are answered for and proposed."""
    with picking.database.writing() as session:
        all_answered(session, picking.cast)
        propose(session, picking.cast)
    return picking


def address(site: Site, *parts: str) -> str:
    with site.database.reading() as session:
        return "/".join((f"/selections/{selection_id(session, site.cast)}", *parts))


def text(page: str) -> str:
    """What a reader reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def rows(site: Site, model: type) -> list[object]:
    with site.database.reading() as session:
        return list(session.exec(select(model)).all())


def test_the_page_opens_with_who_fits_and_who_is_out(picking: Site) -> None:
    with picking.database.writing() as session:
        all_answered(session, picking.cast)
    page = picking.client("opm").get(address(picking))
    assert page.status_code == 200
    said = text(page.text)
    assert "Two of four candidates fit : Alder and Birch. Of Cedar something is still to be said." in said
    assert "Dogwood is out: under renovation." in said
    assert "8 of 8" in said and "5 of 8" in said
    assert "Does not apply Under renovation" in said and "Not met Billing history is clean" in said
    assert "not stated: Legacy system has an upgrade path" in said


def test_whoever_works_at_one_location_sees_that_one_only(picking: Site) -> None:
    page = picking.client("chA").get(address(picking)).text
    assert "3 candidates more at other centres." in page
    for name in ("Birch", "Cedar", "Dogwood"):
        assert name not in page
    assert picking.client("chA").get(address(picking, "candidates", "birch")).status_code == 404
    assert picking.client("chA").get(address(picking, "candidates", "alder")).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("itl", 200), ("exe", 200), ("ch0", 404), ("adm", 404)])
def test_who_sees_it(picking: Site, who: str, status: int) -> None:
    assert picking.client(who).get(address(picking)).status_code == status


def test_a_question_is_answered_and_what_is_typed_is_shown_as_text(picking: Site) -> None:
    client, there = picking.client("opm"), address(picking, "candidates", "alder")
    given = {"part": "criteria", "rule": "backing", "answer": "yes", "note": "<b>Said</b> so", "seen": "0"}
    answer_ = client.post(f"{there}/answers", data=given)
    assert (answer_.status_code, answer_.headers["location"]) == (303, there)
    page = client.get(there).text
    assert "&lt;b&gt;Said&lt;/b&gt; so" in page
    again = client.post(f"{there}/answers", data=given, headers=FRAGMENT)
    assert again.status_code == 200 and again.text.lstrip().startswith('<div id="candidate">')
    assert len(rows(picking, SelectionAnswer)) == 1


def test_a_note_is_for_whoever_may_read_what_people_write(picking: Site) -> None:
    there = address(picking, "candidates", "alder")
    given = {"part": "criteria", "rule": "backing", "answer": "yes", "note": "A canary", "seen": "0"}
    picking.client("opm").post(f"{there}/answers", data=given)
    for who, reads in (("dir", True), ("exe", True), ("chA", True), ("itl", False), ("cto", False)):
        assert ("A canary" in picking.client(who).get(there).text) is reads


def test_an_answer_that_cannot_be_taken_is_said_at_its_field(picking: Site) -> None:
    there = address(picking, "candidates", "alder")
    given = {"part": "criteria", "rule": "backing", "answer": "perhaps", "note": "Mine", "seen": "0"}
    found = picking.client("opm").post(f"{there}/answers", data=given)
    assert found.status_code == 422
    assert "Answer yes or no." in found.text and "Mine" in found.text


def test_a_patient_is_kept_out_of_a_note(picking: Site) -> None:
    there = address(picking, "candidates", "alder")
    given = {"part": "criteria", "rule": "backing", "answer": "yes", "note": "MRN 4471820", "seen": "0"}
    found = picking.client("opm").post(f"{there}/answers", data=given)
    assert found.status_code == 422 and "this looks like a patient" in found.text
    assert rows(picking, SelectionAnswer) == []


def test_a_quicker_answer_is_shown_beside_ones_own(picking: Site) -> None:
    there = address(picking, "candidates", "alder")
    with picking.database.writing() as session:
        answer(session, picking.cast, "alder", "backing", "no", who="dir")
    given = {"part": "criteria", "rule": "backing", "answer": "yes", "seen": "0"}
    found = picking.client("opm").post(f"{there}/answers", data=given)
    assert found.status_code == 409
    assert "Dana Whitfield" in found.text


@pytest.mark.parametrize(("who", "status"), [("exe", 403), ("itl", 403), ("chA", 403), ("chB", 404), ("ch0", 404)])
def test_who_may_not_answer(picking: Site, who: str, status: int) -> None:
    there = address(picking, "candidates", "alder", "answers")
    given = {"part": "criteria", "rule": "backing", "answer": "yes", "seen": "0"}
    assert picking.client(who).post(there, data=given).status_code == status


def waive(site: Site, who: str, **given: str) -> object:
    there = address(site, "candidates", "dogwood", "waivers")
    return site.client(who).post(there, data={"exclusion": "renovating", "reason": "Done by <March>.", **given})


def test_a_waiver_asks_for_the_password_and_names_who_gave_it(picking: Site) -> None:
    picking.client("exe")
    picking.now = LATER
    missing = waive(picking, "exe")
    assert missing.status_code == 422 and "Enter your password once more" in missing.text
    wrong = waive(picking, "exe", password="never")
    assert wrong.status_code == 422 and "This is not your password." in wrong.text
    assert rows(picking, SelectionWaiver) == []
    for _ in range(2):
        assert waive(picking, "exe", password=PASSWORD).status_code == 303
    assert len(rows(picking, SelectionWaiver)) == 1
    page = picking.client("exe").get(address(picking)).text
    assert "Done by &lt;March&gt;." in page and "as Executive sponsor" in page
    assert "Dogwood is out" not in page
    assert "Done by" not in picking.client("itl").get(address(picking)).text


def test_a_waiver_taken_back_puts_the_location_out_again(picking: Site) -> None:
    waive(picking, "exe")
    with picking.database.reading() as session:
        key = session.exec(select(SelectionWaiver.id)).one()
    there = address(picking, "waivers", f"{key}", "withdrawal")
    assert picking.client("opm").post(there, data={}).status_code == 403
    found = picking.client("exe").post(there, data={"at": "dogwood"}, headers=FRAGMENT)
    assert found.status_code == 200 and "Dogwood is out: under renovation." in found.text
    assert "withdrawn by Edith Okafor" in text(found.text)


@pytest.mark.parametrize(("who", "status"), [("opm", 403), ("itl", 403), ("chA", 404), ("adm", 404)])
def test_who_may_not_waive(picking: Site, who: str, status: int) -> None:
    assert waive(picking, who).status_code == status


def test_a_set_that_is_not_what_the_playbook_asks_for_is_refused_in_words(picking: Site) -> None:
    found = picking.client("opm").post(address(picking, "choice"), data={"version": "0", "location": ["dogwood"]})
    assert found.status_code == 409
    said = text(found.text)
    assert "Pilot takes 2 centres, 1 chosen" in said and "Dogwood is out: under renovation" in said


def test_a_set_is_proposed_once_and_signed_by_another(picking: Site) -> None:
    with picking.database.writing() as session:
        all_answered(session, picking.cast)
        version = stored(session, picking.cast).record.version  # type: ignore[union-attr]
    given = {"version": str(version), "location": ["alder", "birch"]}
    for _ in range(2):
        assert picking.client("opm").post(address(picking, "choice"), data=given).status_code == 303
    assert len(rows(picking, SelectionChoice)) == 1
    assert "waits for Executive sponsor: Edith Okafor" in text(picking.client("opm").get(address(picking)).text)
    page = picking.client("exe").get(address(picking)).text
    assert "It waits for you, as Executive sponsor." in page
    signed = picking.client("exe").post(address(picking, "signature"), data={"number": "1"})
    assert signed.status_code == 303
    said = text(picking.client("opm").get(address(picking)).text)
    assert "Alder and Birch are chosen for Pilot." in said
    assert "Edith Okafor Approved as Executive sponsor" in said


@pytest.mark.parametrize(("who", "status"), [("exe", 403), ("itl", 403), ("chA", 404), ("ch0", 404)])
def test_who_may_not_propose(picking: Site, who: str, status: int) -> None:
    given = {"version": "0", "location": ["alder", "birch"]}
    assert picking.client(who).post(address(picking, "choice"), data=given).status_code == status


@pytest.mark.parametrize(("who", "status"), [("opm", 403), ("itl", 403), ("chA", 403), ("ch0", 404)])
def test_who_may_not_sign(proposed: Site, who: str, status: int) -> None:
    assert proposed.client(who).post(address(proposed, "signature"), data={"number": "1"}).status_code == status


def test_nobody_signs_what_they_proposed(picking: Site) -> None:
    with picking.database.writing() as session:
        all_answered(session, picking.cast)
        propose(session, picking.cast, who="dir")
    assert "You proposed this set: a second person signs it." in picking.client("dir").get(address(picking)).text
    found = picking.client("dir").post(address(picking, "signature"), data={"number": "1"})
    assert found.status_code == 409 and "Nobody signs what they proposed." in found.text


def test_what_changed_since_it_was_drawn_is_shown_before_it_is_signed(proposed: Site) -> None:
    with proposed.database.writing() as session:
        answer(session, proposed.cast, "cedar", "backing", "no")
    found = proposed.client("exe").post(address(proposed, "signature"), data={"number": "1"})
    assert found.status_code == 409 and "Nothing was signed: the scoring has changed" in found.text
    assert rows(proposed, SelectionSignature) == []
    assert proposed.client("exe").post(address(proposed, "signature"), data={"number": "2"}).status_code == 303


def test_a_signature_that_fell_says_so(proposed: Site) -> None:
    proposed.client("exe").post(address(proposed, "signature"), data={"number": "1"})
    with proposed.database.writing() as session:
        answer(session, proposed.cast, "birch", "backing", "no")
    said = text(proposed.client("exe").get(address(proposed)).text)
    assert "To be signed anew" in said and "Void since" in said
    assert "Birch is out: “The leadership backs it” is not met" in said


def test_what_was_signed_can_be_hashed_again(proposed: Site) -> None:
    proposed.client("exe").post(address(proposed, "signature"), data={"number": "1"})
    there = address(proposed, "choices", "1", "content")
    found = proposed.client("exe").get(there)
    assert found.headers["x-content-sha256"] == fingerprint(found.text)
    for who, status in (("chA", 403), ("itl", 403), ("ch0", 404)):
        assert proposed.client(who).get(there).status_code == status


def waves(session: Session) -> dict[str, str]:
    return dict(session.exec(select(Location.slug, Location.wave)).all())


def test_the_director_moves_the_chosen_into_their_wave(picking: Site) -> None:
    with picking.database.writing() as session:
        restate(session, picking.cast, "cedar", **{"upgrade-path": True})
        chosen(session, picking.cast, "alder cedar")
    page = picking.client("dir").get(address(picking)).text
    assert "Cedar comes into Pilot." in page and "Birch leaves Pilot." in page
    assert "Show what moves" not in picking.client("opm").get(address(picking)).text
    there = address(picking, "waves")
    for who, status in (("opm", 403), ("chA", 403), ("ch0", 404)):
        assert picking.client(who).get(there).status_code == status
        assert picking.client(who).post(there, data={}).status_code == status
    preview = picking.client("dir").get(there).text
    assert "Cedar: Mon 15 Feb, 07:00 Central becomes Mon 25 Jan, 07:00 Central" in preview
    assert picking.client("dir").post(there, data={"shown": "x"}).status_code == 409
    assert picking.client("dir").get(there, params={"wave-birch": "pilot"}).status_code == 422
    shown = preview.partition('name="shown" value="')[2].partition('"')[0]
    moved = picking.client("dir").post(there, data={"shown": shown, "wave-birch": "second"})
    assert (moved.status_code, moved.headers["location"]) == (303, address(picking))
    with picking.database.reading() as session:
        assert waves(session) == {"alder": "pilot", "cedar": "pilot", "birch": "second", "dogwood": "second"}
    assert "Every chosen centre is in Pilot." in picking.client("dir").get(there).text


def test_before_the_set_is_signed_nothing_moves(proposed: Site) -> None:
    found = proposed.client("dir").get(address(proposed, "waves"))
    assert found.status_code == 409 and "The set is not chosen yet" in found.text


def test_the_gates_lead_to_the_selection(proposed: Site) -> None:
    page = proposed.client("chA").get("/rollouts/two-sites/gates").text
    assert f'<a href="{address(proposed)}">The pilot locations</a>' in page
    assert "Proposed The pilot locations due Thu 7 Jan" in text(page)
    proposed.client("exe").post(address(proposed, "signature"), data={"number": "1"})
    assert "Chosen The pilot locations" in text(proposed.client("chA").get("/rollouts/two-sites/gates").text)


def test_whoever_is_to_sign_is_told_in_the_inbox_and_led_there(proposed: Site) -> None:
    page = proposed.client("exe").get("/inbox").text
    assert "Omar Haddad proposes which centres go, and your signature is asked for." in page
    with proposed.database.reading() as session:
        notice = session.exec(select(Notice.id).where(Notice.kind == "selection_sign")).one()
    opened = proposed.client("exe").post(f"/inbox/{notice}/open")
    assert opened.headers["location"] == address(proposed)
