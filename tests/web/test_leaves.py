"""Leave on the pages: recorded, seen by whoever directs, and gone when it ends."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from sqlmodel import select

from app.models import Leave, Membership
from tests.cast import NOW
from tests.web.conftest import Site

PEOPLE = "/rollouts/two-sites/people"
BOARD = "/rollouts/two-sites/board"
DAYS = {"first": "2027-01-05", "last": "2027-01-08"}


def needs(site: Site, who: str = "dir") -> str:
    page = site.client(who).get(BOARD).text
    return unescape(re.sub(r"<[^>]+>", " ", page[page.index('id="needs"') : page.index('id="work-done"')]))


def away(site: Site, who: str, cover: str = "", first: str = "2027-01-05", last: str = "2027-01-08") -> None:
    form = {"person": str(site.cast.people[who]), "first": first, "last": last,
            "cover": str(site.cast.people[cover]) if cover else ""}  # fmt: skip
    answer = site.client("dir").post(f"{PEOPLE}/leave", data=form)
    assert answer.status_code == 303, answer.text


def test_a_person_records_the_own_leave_and_takes_it_back(site: Site) -> None:
    client = site.client("chA")
    assert client.post("/account/leave", data=DAYS).headers["location"] == "/account/leave"
    page = client.get("/account/leave").text
    assert "Tue 5 Jan to Fri 8 Jan" in page
    assert "On leave until Fri 8 Jan." in client.get("/account").text
    key = re.findall(r"/account/leave/([0-9]+)/end", page)[0]
    assert site.client("chB").post(f"/account/leave/{key}/end").status_code == 404
    client.post(f"/account/leave/{key}/end")
    assert "You are here" in client.get("/account/leave").text


def test_what_cannot_be_is_told_with_what_was_typed(site: Site) -> None:
    answer = site.client("chA").post("/account/leave", data={"first": "2027-01-08", "last": "2027-01-05"})
    assert (answer.status_code, "The last day lies before the first." in answer.text) == (422, True)
    assert 'value="2027-01-08"' in answer.text
    assert site.client("chA").post("/account/leave", data={"first": "soon", "last": "later"}).status_code == 422
    away(site, "chA")
    answer = site.client("chA").post("/account/leave", data=DAYS | {"last": "2027-01-20"})
    assert (answer.status_code, "away already" in answer.text) == (409, True)


def test_everybody_sees_who_stands_in(site: Site) -> None:
    away(site, "itl", cover="cto")
    people = site.client("dir").get(PEOPLE).text
    assert "On leave until Fri 8 Jan, Carla Toivonen stands in" in people
    assert "Ivo Tanaka is away." in site.client("dir").get(f"{PEOPLE}/leave").text
    task = unescape(site.client("dir").get(f"/tasks/{site.task('migration')}").text)
    assert "IT lead, for Ivo Tanaka, on leave until Fri 8 Jan" in task
    assert "Carla Toivonen for Ivo Tanaka" in site.client("dir").get("/rollouts/two-sites/plan?location=shared").text
    today = site.client("cto").get("/today").text
    assert "You stand in for Ivo Tanaka." in today
    assert "Choose one sign-on provider" in today
    assert "CTO, IT lead for Ivo Tanaka" in site.client("cto").get(BOARD).text


def test_when_the_leave_is_over_everything_is_as_before(site: Site) -> None:
    away(site, "itl", cover="cto")
    site.now = NOW + timedelta(days=4)
    assert "stand in for" not in site.client("cto").get("/today").text
    assert "On leave" not in site.client("dir").get(PEOPLE).text
    task = site.task("sso", "")
    assert site.client("cto").post(f"/tasks/{task}/completion", data={"version": "1"}).status_code == 403


def test_a_gap_is_shown_before_it_opens_and_when_it_has(site: Site) -> None:
    assert "Nobody holds" not in needs(site)
    away(site, "itl", first="2027-01-11", last="2027-01-15")
    said = " ".join(needs(site).split())
    assert "From Mon 11 Jan" in said
    assert "Nobody holds IT lead at Alder" in said
    assert "On leave from Mon 11 Jan to Fri 15 Jan: Ivo Tanaka." in said
    assert "Nobody holds" not in needs(site, "chA")
    site.now = NOW + timedelta(days=6)
    said = " ".join(needs(site, "opm").split())
    assert "Unowned" in said
    assert "Nobody holds IT lead at Alder" in said
    board = unescape(site.client("opm").get(BOARD).text)
    assert "2 unowned" in board
    plan = site.client("opm").get("/rollouts/two-sites/plan?person=unowned").text
    assert plan.count('<li class="task"') == 5
    assert "nobody holds it" in plan


def test_a_cover_named_later_closes_the_gap(site: Site) -> None:
    away(site, "itl")
    assert "Nobody holds" in needs(site)
    with site.database.reading() as session:
        key = session.exec(select(Leave.id)).one()
    form = {"cover": str(site.cast.people["cto"])}
    assert site.client("opm").post(f"{PEOPLE}/leave/{key}/cover", data=form).status_code == 403
    assert site.client("dir").post(f"{PEOPLE}/leave/{key}/cover", data=form).status_code == 303
    assert "Nobody holds" not in needs(site)
    assert site.client("dir").post(f"{PEOPLE}/leave/{key}/end").status_code == 303
    assert "Everybody is here." in site.client("dir").get(f"{PEOPLE}/leave").text


def test_a_role_that_was_taken_away_leaves_its_work_unowned(site: Site) -> None:
    with site.database.reading() as session:
        key = session.exec(select(Membership.id).where(Membership.person_id == site.cast.people["itl"])).one()
    site.client("dir").post(f"{PEOPLE}/memberships/{key}/removal")
    said = " ".join(needs(site).split())
    assert "Nobody has the role, and no backup steps in." in said
    assert "nobody holds it" in site.client("dir").get("/rollouts/two-sites/plan?role=it-lead").text


def test_the_leave_of_strangers_is_nobodys_business(site: Site) -> None:
    away(site, "chA")
    for who in ("opm", "chA", "exe"):
        assert site.client(who).get(f"{PEOPLE}/leave").status_code == 403
    form = {"person": str(site.cast.people["ch0"]), **DAYS}
    assert site.client("dir").post(f"{PEOPLE}/leave", data=form).status_code == 422
