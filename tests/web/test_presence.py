"""The pages of the rota: what is wrong before it happens, one turn, a proposal, mentors."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.actions.people.leaves import record_leave
from app.models import Duty, Location, Mentorship
from tests import cast as casting
from tests.actions.presence.manned import BEFORE, FIRST, LIVE, MANNED, SECOND, Manned
from tests.web.conftest import Site

ROTA = "/rollouts/two-sites/rota"
WEEK = f"{ROTA}?week={FIRST}"


@pytest.fixture
def manned(bare_site: Site) -> tuple[Site, Manned]:
    bare_site.cast = casting.running(bare_site.database, MANNED)
    bare_site.now = BEFORE
    return bare_site, Manned(bare_site.database, bare_site.cast)


def cover(works: Manned, entry: str, place: str = "") -> int:
    with works.db.reading() as session:
        return works.cover(session, entry, place)


def text(page: str) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def leave(works: Manned, who: str, first: int, last: int) -> None:
    with works.db.writing() as session:
        record_leave(
            session, works.cast.people[who], first=date(2027, 2, first), last=date(2027, 2, last),
            by=works.cast.viewer(session, "dir", BEFORE), now=BEFORE,
        )  # fmt: skip


def test_gaps_are_said_before_they_happen(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    page = text(site.client("dir").get(ROTA).text)
    assert "Four gaps in the next 14 days, the first one Mon 8 Feb." in page
    assert "Helper on site, Alder When Mon 8 Feb to Fri 12 Feb, 08:00 to 17:00 Central" in page
    works.assign("on-site", "alder", "itl")
    page = text(site.client("dir").get(ROTA).text)
    assert "Three gaps" in page
    assert "Free then: Carla Toivonen" in page


def test_the_week_is_in_the_address_and_shows_who_has_which_day(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    works.assign("on-site", "alder", "itl")
    page = site.client("chA").get(WEEK).text
    assert page.count('rota__name">Ivo Tanaka<') == 5
    assert f"?week={SECOND}" in page
    assert "Birch" not in page
    assert "Nobody is wanted in this week" in site.client("chA").get(ROTA).text


def test_who_is_on_duty_now_and_how_to_reach_them(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    works.assign("on-site", "alder", "itl")
    works.assign("on-call", "", "itl")
    site.now = LIVE
    for who, mail in (("dir", True), ("chA", True), ("itl", True), ("exe", False)):
        page = site.client(who).get(ROTA).text
        assert "until 17:00 Central" in page
        assert "until 24:00 Central" in page
        assert ("itl@example.org" in page) is mail, who
    assert "On call as well" in site.client("dir").get(ROTA).text


def test_a_turn_is_given_and_the_second_is_told_who_was_quicker(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    turn = f"{ROTA}/{cover(works, 'on-site', 'alder')}/{FIRST}"
    assert "Ivo Tanaka, IT lead: free" in site.client("chA").get(turn).text
    answer = site.client("chA").post(f"{turn}/assignment", data={"person": works.cast.people["itl"]})
    assert (answer.status_code, answer.headers["location"]) == (303, turn)
    late = site.client("dir").post(f"{turn}/assignment", data={"person": works.cast.people["cto"]})
    assert late.status_code == 409
    assert "Chiara Amato changed this in the meantime: put Ivo Tanaka on duty." in late.text
    assert {who for who, *_ in works.standing()} == {"itl"}


def test_who_may_only_look_has_no_forms(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    turn = f"{ROTA}/{cover(works, 'on-site', 'alder')}/{FIRST}"
    for who in ("cto", "exe"):
        assert "Put on duty" not in site.client(who).get(turn).text
        assert site.client(who).post(f"{turn}/assignment", data={"person": works.cast.people["itl"]}).status_code == 403
        assert "Propose a rota" not in site.client("exe").get(ROTA).text
    assert site.client("chB").get(turn).status_code == 404
    assert site.client("chB").post(f"{turn}/assignment", data={"person": works.cast.people["itl"]}).status_code == 404
    assert site.client("dir").get(f"{ROTA}/{cover(works, 'on-site', 'alder')}/2027-03-29").status_code == 404


def test_a_leave_shows_its_gap_and_a_substitute_takes_the_days(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    rows = works.assign("on-site", "alder", "itl")
    leave(works, "itl", 10, 11)
    page = text(site.client("dir").get(ROTA).text)
    assert "Ivo Tanaka is on leave until Thu 11 Feb. Free then: Carla Toivonen" in page
    assert "Find a substitute" in page
    turn = f"{ROTA}/{cover(works, 'on-site', 'alder')}/{FIRST}"
    assert "On leave until Thu 11 Feb" in site.client("dir").get(turn).text
    days = [row.id for row in rows if row.day.day in (10, 11)]
    nobody = site.client("dir").post(f"{turn}/substitution", data={"duty": days, "person": ""})
    assert (nobody.status_code, "Choose somebody" in nobody.text) == (422, True)
    done = site.client("dir").post(f"{turn}/substitution", data={"duty": days, "person": works.cast.people["cto"]})
    assert done.status_code == 303
    assert [who for who, *_ in works.standing()] == ["itl", "itl", "cto", "cto", "itl"]


def test_called_off_with_a_reason_in_which_no_patient_stands(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    rows = works.assign("on-site", "alder", "itl")
    turn = f"{ROTA}/{cover(works, 'on-site', 'alder')}/{FIRST}"
    sent = {"duty": [rows[0].id], "reason": "MRN 48291734 needs him"}
    asked = site.client("dir").post(f"{turn}/calling-off", data=sent)
    assert (asked.status_code, "Nothing is stored yet" in asked.text) == (422, True)
    assert len(works.standing()) == 5
    assert site.client("dir").post(f"{turn}/calling-off", data={**sent, "no_patient": "yes"}).status_code == 303
    assert len(works.standing()) == 4


def test_a_rota_is_proposed_and_accepted_as_a_whole(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    page = site.client("dir").get(f"{ROTA}/proposal")
    give = re.findall(r'name="give" value="([^"]+)"', page.text)
    assert len(give) == 4 + 3 + 3
    assert site.client("dir").post(f"{ROTA}/proposal", data={"give": give}).status_code == 303
    assert "No gap in the next 14 days." in text(site.client("dir").get(ROTA).text)
    on_site = {(who, place, day) for who, entry, place, day in works.standing() if entry == "on-site"}
    assert len({(who, day) for who, _, day in on_site}) == len(on_site) == 20
    # Two helpers are on site in the first two weeks: the desk is whose hands are free.
    desk = [(who, day) for who, entry, _, day in works.standing() if entry == "help-desk"]
    assert {who for who, day in desk if day.day < 20} == {"opm"}
    assert "Two duties at once" not in site.client("dir").get(ROTA).text
    assert "Nothing can be proposed." in site.client("dir").get(f"{ROTA}/proposal").text
    assert site.client("exe").get(f"{ROTA}/proposal").status_code == 403


def test_a_proposal_that_somebody_overtook_puts_nobody_on_duty(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    give = re.findall(r'name="give" value="([^"]+)"', site.client("dir").get(f"{ROTA}/proposal").text)
    works.assign("help-desk", "", "opm")
    works.assign("help-desk", "", "cto", SECOND)
    before = works.standing()
    answer = site.client("dir").post(f"{ROTA}/proposal", data={"give": give})
    assert answer.status_code == 409
    assert "Nobody was put on duty" in answer.text
    assert works.standing() == before
    assert site.client("dir").post(f"{ROTA}/proposal", data={"give": ["1/x/-1"]}).status_code == 422


def test_days_that_have_moved_are_shown_and_called_off_together(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    works.assign("on-site", "alder", "itl")
    with works.db.writing() as session:
        for row in session.exec(select(Duty)):
            row.from_at -= timedelta(days=7)
            row.until_at -= timedelta(days=7)
            session.add(row)
    assert "Outside: days that their cover has left" in site.client("dir").get(ROTA).text
    address = f"{ROTA}/{cover(works, 'on-site', 'alder')}/outside/calling-off"
    assert site.client("exe").post(address, data={"reason": "Moved"}).status_code == 403
    assert site.client("dir").post(address, data={"reason": "Moved"}).status_code == 303
    assert works.standing() == []


def test_centres_are_paired_held_and_ended(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    with works.db.writing() as session:
        birch = session.get_one(Location, works.cast.locations["birch"])
        assert birch.cutover_at is not None
        birch.cutover_at += timedelta(days=14)
        session.add(birch)
    site.now = LIVE
    page = site.client("dir").get(ROTA).text
    token = re.findall(r'name="token" value="([^"]+)"', page)[0]
    sent = {
        "kind": "mentor", "location": "birch", "from": "alder", "person": works.cast.people["chA"],
        "note": "First week", "token": token,
    }  # fmt: skip
    for _ in range(2):
        assert site.client("dir").post("/rollouts/two-sites/mentors", data=sent).status_code == 303
    for who, note in (("chB", True), ("chA", True), ("exe", False)):
        seen = text(site.client(who).get(ROTA).text)
        assert "Chiara Amato of Alder" in seen
        assert ("First week" in seen) is note
    wrong = site.client("dir").post("/rollouts/two-sites/mentors", data={**sent, "location": "alder", "token": ""})
    assert (wrong.status_code, "does not learn from itself" in wrong.text) == (422, True)
    with works.db.reading() as session:
        (row,) = session.exec(select(Mentorship)).all()
    assert site.client("chB").post(f"/mentorships/{row.id}/holding").status_code == 303
    assert site.client("cto").post(f"/mentorships/{row.id}/end").status_code == 403
    assert site.client("ch0").post(f"/mentorships/{row.id}/end").status_code in (403, 404)
    assert site.client("dir").post(f"/mentorships/{row.id}/end").status_code == 303
    assert "No centre learns from another yet" in site.client("dir").get(ROTA).text


def test_ones_own_duties_as_a_calendar(manned: tuple[Site, Manned]) -> None:
    site, works = manned
    works.assign("on-site", "alder", "itl")
    answer = site.client("itl").get("/duties.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text.count("BEGIN:VEVENT") == 5
    assert "DTSTART:20270208T140000Z" in answer.text
    assert "LOCATION:Alder" in answer.text
    assert "BEGIN:VEVENT" not in site.client("cto").get("/duties.ics").text


def test_without_covers_the_page_says_so(bare_site: Site) -> None:
    bare_site.cast = casting.running(bare_site.database)
    assert "Nobody takes turns here" in bare_site.client("dir").get(ROTA).text
