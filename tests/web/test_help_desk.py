"""The help desk's public link: who makes it, what comes by it, and what it never shows."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.issues.intakes import ADDRESS_REPORTS, ADDRESS_WINDOW, LINK_REPORTS, make_intake, report_by_link
from app.errors import Throttled
from app.models import Event, Intake, IntakeUse, Issue
from tests.cast import NOW
from tests.web.conftest import SAME_SITE, Site

DESK = "/rollouts/two-sites/locations/alder/help-desk"
FORM = {"title": "The label printer prints nothing", "details": "Room 2", "name": "Ada Lind", "reach": "ext. 4512"}


def link(site: Site, place: str = "alder") -> str:
    """The path of a help-desk link, made by the manager."""
    with site.database.writing() as session:
        by = site.cast.viewer(session, "opm")
        row = make_intake(session, site.cast.locations[place], seen=None, by=by, now=site.now)
        return f"/help/{row.token}"


def outside(site: Site) -> TestClient:
    return TestClient(site.app, follow_redirects=False, headers=SAME_SITE)


def issues(site: Site) -> list[Issue]:
    with site.database.reading() as session:
        return list(session.exec(select(Issue)))


def test_whoever_manages_makes_the_link_and_sees_it_with_its_poster(site: Site) -> None:
    manager = site.client("opm")
    assert "Nobody can report trouble at Alder" in manager.get(DESK).text
    assert manager.get(f"{DESK}/poster").status_code == 404
    assert manager.post(DESK, data={"link": "0"}).headers["location"] == DESK
    page = manager.get(DESK).text
    with site.database.reading() as session:
        token = session.exec(select(Intake.token)).one()
    assert re.fullmatch(r"([a-hj-km-np-z2-9]{4}-){2}[a-hj-km-np-z2-9]{4}", token)
    assert f"http://testserver/help/{token}" in page
    for name in ("Omar Haddad made it", "Abena Boateng, Chiara Amato", "Site champion"):
        assert name in page
    for paper in ("a4", "us-letter"):
        poster = manager.get(f"{DESK}/poster?paper={paper}")
        assert (poster.status_code, poster.headers["content-type"]) == (200, "application/pdf")
        assert poster.content.startswith(b"%PDF-")
        assert poster.content == manager.get(f"{DESK}/poster?paper={paper}").content
    assert manager.get(f"{DESK}/poster?paper=a0").status_code == 422


def test_a_champion_and_a_neighbour_may_not(site: Site) -> None:
    for who in ("chA", "chB", "exe", "itl"):
        assert site.client(who).get(DESK).status_code == 403
        assert site.client(who).post(DESK).status_code == 403
    assert site.client("adm").get(DESK).status_code == 404


def test_a_report_from_outside_opens_an_issue_and_shows_its_number_and_promise_alone(site: Site) -> None:
    path, browser = link(site), outside(site)
    asked = browser.get(path)
    assert asked.status_code == 200
    assert "Training gap" in asked.text
    answer = browser.post(path, data={**FORM, "kind": "defect", "mark": "one"})
    assert answer.status_code == 200
    assert "It is number 1." in answer.text
    (issue,) = issues(site)
    assert (issue.title, issue.details, issue.kind, issue.caller) == (
        FORM["title"], FORM["details"], "defect", "Ada Lind, ext. 4512")  # fmt: skip
    assert (issue.source, issue.by_id, issue.location_id) == ("help desk", None, site.cast.locations["alder"])
    assert issue.breach_at is not None
    there = issue.breach_at.astimezone(ZoneInfo("America/Chicago"))
    assert f"{there:%H:%M} Central" in answer.text
    for text in (answer.text, browser.get(path).text):
        assert not any(told in text for told in (FORM["title"], "Ada Lind", "Chiara", "/issues/", "/rollouts/"))


def test_the_same_form_twice_is_one_issue_and_says_the_same_number(site: Site) -> None:
    path, browser = link(site), outside(site)
    first, again = (browser.post(path, data={**FORM, "mark": "one"}) for _ in range(2))
    assert first.text == again.text
    other = browser.post(path, data={**FORM, "mark": "two"})
    assert "It is number 2." in other.text
    assert len(issues(site)) == 2


def test_an_identifier_is_shown_before_anything_is_stored(site: Site) -> None:
    path, browser = link(site), outside(site)
    typed = {**FORM, "details": "Wrong images for MRN 4829134, born 3/4/1962", "mark": "one"}
    warned = browser.post(path, data=typed)
    assert warned.status_code == 422
    assert "<q>4829134</q></a> looks like a medical record number" in warned.text
    assert "<q>3/4/1962</q></a> looks like a date of birth" in warned.text
    assert typed["details"] in warned.text
    assert 'value="one"' in warned.text
    assert issues(site) == []
    assert "It is number 1." in browser.post(path, data={**typed, "no_patient": "yes"}).text
    assert [one.details for one in issues(site)] == [typed["details"]]


def test_no_event_repeats_what_was_typed(site: Site) -> None:
    outside(site).post(link(site), data={**FORM, "mark": "one"})
    with site.database.reading() as session:
        told = " ".join(str(row.data) for row in session.exec(select(Event)))
    assert "printer" not in told
    assert "Ada" not in told


@pytest.mark.parametrize("missing", ["title", "name", "reach"])
def test_what_is_wanted_and_missing_is_said_and_nothing_is_stored(site: Site, missing: str) -> None:
    answer = outside(site).post(link(site), data={**FORM, missing: "  ", "mark": "one"})
    assert answer.status_code == 422
    assert f'href="#f-{missing}"' in answer.text
    assert FORM["details"] in answer.text
    assert issues(site) == []


def test_hostile_text_comes_back_as_text(site: Site) -> None:
    path, browser = link(site), outside(site)
    hostile = '"><script>alert(1)</script>{{ 7*7 }}'
    typed = dict.fromkeys(("title", "details", "name", "mark"), hostile)
    answer = browser.post(path, data=typed)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "49" not in answer.text.replace(hostile, "")
    assert browser.post(path, data={**FORM, "kind": "none-such", "mark": "x"}).status_code == 422
    assert browser.post(path, data={**FORM, "title": "a\x00b", "mark": "x"}).status_code == 422
    assert browser.post(path, data={**FORM, "mark": "y"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert issues(site) == []


def test_a_link_that_is_renewed_or_ended_or_unknown_leads_nowhere(site: Site) -> None:
    old, manager = link(site), site.client("opm")
    with site.database.reading() as session:
        key = session.exec(select(Intake.id)).one()
    manager.post(DESK, data={"link": str(key)})
    manager.post(DESK, data={"link": str(key)})
    with site.database.reading() as session:
        assert len(session.exec(select(Intake)).all()) == 2
        new = session.exec(select(Intake.token).where(Intake.ended_at.is_(None))).one()  # type: ignore[union-attr]
    browser = outside(site)
    assert browser.get(f"/help/{new}").status_code == 200
    manager.post(f"{DESK}/end")
    manager.post(f"{DESK}/end")
    gone = [browser.get(path) for path in (old, f"/help/{new}", "/help/none")]
    assert {answer.status_code for answer in gone} == {404}
    assert len({answer.text for answer in gone}) == 1
    assert browser.post(old, data={**FORM, "mark": "one"}).status_code == 404
    assert issues(site) == []


def test_too_many_from_one_address_wait_and_a_quarter_of_an_hour_later_do_not(site: Site) -> None:
    path, browser = link(site), outside(site)
    for number in range(ADDRESS_REPORTS):
        assert browser.post(path, data={**FORM, "mark": str(number)}).status_code == 200
    refused = browser.post(path, data={**FORM, "mark": "one more"})
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == str(int(ADDRESS_WINDOW.total_seconds()))
    assert "Try again after" in refused.text
    assert FORM["title"] in refused.text
    site.now = NOW + ADDRESS_WINDOW
    assert browser.post(path, data={**FORM, "mark": "one more"}).status_code == 200
    assert len(issues(site)) == ADDRESS_REPORTS + 1


def test_a_link_takes_only_so_many_in_an_hour_from_wherever(site: Site) -> None:
    token = link(site).rpartition("/")[2]

    def send(number: int) -> None:
        with site.database.writing() as session:
            report_by_link(session, token, kind="", form=str(number), address=f"10.0.0.{number}", now=site.now, **FORM)

    for number in range(LINK_REPORTS):
        send(number)
    with pytest.raises(Throttled) as refused:
        send(LINK_REPORTS)
    assert refused.value.until == NOW + timedelta(hours=1)
    site.now = NOW + timedelta(days=1)
    send(LINK_REPORTS)
    with site.database.reading() as session:
        assert len(session.exec(select(IntakeUse)).all()) == 1


def test_of_reports_at_the_same_moment_none_slips_by_and_each_has_its_own_number(site: Site) -> None:
    tokens = [link(site, place).rpartition("/")[2] for place in ("alder", "birch")]
    refused: list[int] = []

    def send(number: int) -> None:
        try:
            with site.database.writing() as session:
                token = tokens[number % 2]
                report_by_link(session, token, kind="", form=str(number), address="10.0.0.1", now=site.now, **FORM)
        except Throttled:
            refused.append(number)

    threads = [Thread(target=send, args=(number,)) for number in range(ADDRESS_REPORTS + 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(refused) == 6
    assert sorted(one.number for one in issues(site)) == list(range(1, ADDRESS_REPORTS + 1))
