"""The page of a location, and its sheet to print and hang up."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests import cast as casting
from tests.cast import NOW
from tests.queries.test_gate_sources import BOOK as ASKING
from tests.web.conftest import Site

PATH = "/rollouts/two-sites/locations/alder"


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def test_everything_about_a_place_is_on_its_page(site: Site) -> None:
    said = words(site.client("dir").get(PATH).text)
    assert "Alder opens on the new system in 34 days" in said
    assert "Site champion" in said
    assert "Chiara Amato" in said
    assert "Go or no-go" in said
    assert "Legacy system on site Yes" in said
    assert "Open Mon, Tue, Wed, Thu, Fri" in said
    assert "Technical" in said


def test_what_is_wrong_stands_with_the_place(site: Site) -> None:
    site.now = NOW + timedelta(days=14)
    said = words(site.client("chA").get(PATH).text)
    assert "Late or blocked 6 tasks" in said
    assert "Chiara Amato" in said[said.index("Late or blocked") : said.index("Go or no-go")]
    assert "Alder" in said
    assert "Birch" not in said


def test_a_role_that_nobody_holds_is_told(site: Site) -> None:
    from sqlmodel import select

    from app.models import Membership

    with site.database.writing() as session:
        for row in session.exec(select(Membership).where(Membership.location_id == site.cast.locations["alder"])):
            session.delete(row)
    said = words(site.client("dir").get(PATH).text)
    assert "One role there is empty." in said
    assert "Nobody holds it" in said


def test_what_happened_is_for_those_who_may_read_it(site: Site) -> None:
    site.client("chA").post(f"/tasks/{site.task('posters')}/completion", data={"version": "1"})
    assert "Chiara Amato said it is done: Put up posters" in words(site.client("dir").get(PATH).text)
    assert "said it is done" not in words(site.client("exe").get(PATH).text)


def test_a_place_that_nothing_is_heard_from_is_out_of_date_and_never_green(site: Site) -> None:
    site.client("chA").post(f"/tasks/{site.task('photos')}/block", data={"version": "1", "reason": "Dark"})
    site.client("chA").post(f"/tasks/{site.task('photos')}/unblocking", data={"version": "2"})
    site.now = NOW + timedelta(days=3)
    director = site.client("dir")
    readiness = words(director.get("/rollouts/two-sites/readiness").text)
    assert "Alder Mon 8 Feb, 07:00 Central Out of date Nothing heard for 3 days." in readiness
    assert "Out of date: nothing heard for 3 days." in words(director.get(PATH).text)


def test_the_sheet_holds_dates_people_and_boxes(site: Site) -> None:
    page = site.client("chA").get(f"{PATH}/print").text
    said = words(page)
    assert "T−34 d" in said.replace("\u00a0", " ")
    assert "Site champion Abena Boateng or Chiara Amato" in said
    assert page.count('class="sheet__box"') == 6
    assert "example.org" not in page[page.index("<main") :]


def test_a_champion_of_one_place_finds_it_among_the_tabs(site: Site) -> None:
    assert f'href="{PATH}"' in site.client("chA").get("/today").text
    assert "/locations/" not in site.client("chAB").get("/today").text
    assert f'href="{PATH}"' in site.client("dir").get("/rollouts/two-sites/board").text


def test_three_items_turn_a_gate_green(site: Site) -> None:
    director = site.client("dir")
    for entry in ("scanners", "posters", "photos", "walk-through"):
        task = site.task(entry)
        data = {"version": str(site.version(task)), "reason": "Not here"}
        assert director.post(f"/tasks/{task}/setting-aside", data=data).status_code == 303
    said = words(director.get("/rollouts/two-sites/readiness").text)
    assert "These three items turn it green: Measure the line (Abena Boateng); " in said
    assert "Have the cabling checked (Ivo Tanaka); Migration test (Ivo Tanaka)." in said
    assert "7 items have to close before it is green." in said


@pytest.mark.parametrize(
    ("criterion", "href"),
    [
        ("calm", "/rollouts/two-sites/issues?location=alder&amp;severity=critical"),
        ("clean", f"{PATH}/reconciliation"),
        ("clean-two", f"{PATH}/reconciliation"),
    ],
)
def test_a_criterion_leads_to_what_stands_behind_it(bare_site: Site, criterion: str, href: str) -> None:
    bare_site.cast = casting.running(bare_site.database, ASKING)
    address = f"/rollouts/two-sites/readiness/alder/{criterion}"
    answer = bare_site.client("exe").get(address)
    assert answer.status_code == 200
    assert f'href="{href}"' in answer.text
    assert bare_site.client("exe").get(href.replace("&amp;", "&")).status_code == 200


def test_a_gate_whose_day_has_passed_says_so(site: Site) -> None:
    site.now = NOW + timedelta(days=32)
    said = words(site.client("exe").get(PATH).text)
    assert "was due Fri 5 Feb, no decision is recorded" in said
