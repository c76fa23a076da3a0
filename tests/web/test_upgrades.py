"""The pages of versions: which centre is on which, what a newer one changes there, and the step that brings it over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.actions.playbooks import upload_playbook
from app.models import Location, Rollout
from tests.actions.upgrades.test_upgrading import ADDED, DEMAND, DUE, GONE, RETIRED, TITLE, done, moved_by_hand
from tests.actions.upgrades.versions import newer, upgraded
from tests.cast import NOW
from tests.web.conftest import Site
from tests.web.forms import forms_of

U = "/rollouts/two-sites/upgrades"
RENAMED = ("scanners: Label printers and scanners work", "printers: {title: Printers work, was: scanners}")
STREAM = ("workstreams:\n  technical: Technical\n", "workstreams:\n  technical: Technical\n  people: People\n")
MOVED = ("cabling: {title: Have the cabling checked,", "cabling: {workstream: people, title: Have the cabling checked,")


def uploaded(site: Site, *edits: tuple[str, str], version: str = "1.1") -> int:
    with site.database.writing() as session:
        text = newer(*edits, version=version)
        return upload_playbook(session, text.encode(), by=site.cast.viewer(session, "dir"), now=NOW).id or 0


def version_of(site: Site, place: str) -> int | None:
    with site.database.reading() as session:
        if not place:
            return session.get_one(Rollout, site.cast.rollout).playbook_version_id
        return session.get_one(Location, site.cast.locations[place]).playbook_version_id


def test_every_centre_is_on_the_newest_until_there_is_a_newer_one(site: Site) -> None:
    assert "Every centre is on version 1.0, the newest there is." in site.client("chA").get(U).text
    uploaded(site, TITLE)
    page = site.client("dir").get(U).text
    assert "No centre is on version 1.1, the newest there is." in page
    assert "The whole of Pilot to 1.1" in page
    assert "Show what changes" not in site.client("chA").get(U).text


def test_what_is_shown_is_accepted(site: Site) -> None:
    to = uploaded(site, TITLE, DUE)
    director = site.client("dir")
    page = director.get(f"{U}/new?to={to}&wave=pilot").text
    assert "Bring Alder and Birch to version 1.1?" in page
    assert "title: Printers, scanners and spare labels work" in page
    (form,) = [one for one in forms_of(page) if one.action == f"{U}/new"]
    form_data = {**form.fields, "place": ["alder", "birch"]}
    assert director.post(f"{U}/new", data=form_data).status_code == 303
    assert (version_of(site, "alder"), version_of(site, "birch"), version_of(site, "")) == (to, to, site.cast.playbook)
    assert "Every centre is on version 1.1; what is done for all of them is not yet." in director.get(U).text
    again = director.get(f"{U}/new?to={to}&wave=pilot").text
    assert "Everything that you chose is on version 1.1." in again


def test_a_conflict_shows_both_days_and_is_settled_in_the_form(site: Site) -> None:
    moved_by_hand(site.database, site.cast, "scanners", date(2027, 1, 13))
    to = uploaded(site, DUE)
    director = site.client("dir")
    page = director.get(f"{U}/new?to={to}&place=alder").text
    assert "Keep ours: Wed 13 Jan" in page
    assert "Take the new one: Wed 20 Jan" in page
    (form,) = [one for one in forms_of(page) if one.action == f"{U}/new"]
    assert director.post(f"{U}/new", data=form.fields).status_code == 422
    answer = director.post(f"{U}/new", data={**form.fields, "choice-alder/scanners": "ours"})
    assert answer.status_code == 303
    page = director.get(U).text
    assert "kept against version 1.1" in page


def test_what_comes_late_is_given_a_day(site: Site) -> None:
    to = uploaded(site, ADDED)
    site.now = NOW + timedelta(days=1)
    director = site.client("dir")
    page = director.get(f"{U}/new?to={to}&place=alder").text
    assert "A spare router, Alder" in page
    (form,) = [one for one in forms_of(page) if one.action == f"{U}/new"]
    wrong = director.post(f"{U}/new", data={**form.fields, "choice-alder/spare": "2027-01-04"})
    assert (wrong.status_code, "Name a day that has not passed." in wrong.text) == (422, True)
    assert director.post(f"{U}/new", data={**form.fields, "choice-alder/spare": "2027-01-08"}).status_code == 303
    assert site.client("chA").get(f"/tasks/{site.task('spare')}").status_code == 200


def test_a_plan_that_changed_meanwhile_is_shown_again(site: Site) -> None:
    to = uploaded(site, TITLE)
    director = site.client("dir")
    (form,) = [one for one in forms_of(director.get(f"{U}/new?to={to}&place=alder").text) if one.action == f"{U}/new"]
    with site.database.writing() as session:
        done(session, site.cast, "scanners")
    answer = director.post(f"{U}/new", data=form.fields)
    assert (answer.status_code, "Not done yet." in answer.text) == (409, True)
    assert version_of(site, "alder") == site.cast.playbook


def test_what_was_done_under_an_older_version_may_be_asked_again(site: Site) -> None:
    with site.database.writing() as session:
        done(session, site.cast, "cabling", "itl")
    upgraded(site.database, site.cast, uploaded(site, ("cabling: {title", "cabling: {sign_off: director, title")))
    page = site.client("dir").get(U).text
    assert "May be asked again" in page
    (form,) = [one for one in forms_of(page) if one.action == f"/tasks/{site.task('cabling')}/reopening"]
    assert site.client("dir").post(form.action, data=form.fields).status_code == 303
    assert "May be asked again" not in site.client("dir").get(U).text


@pytest.mark.parametrize("places", [("alder",), ("", "birch")], ids=["one ahead", "one behind"])
def test_every_page_stands_on_two_versions_at_once(site: Site, places: tuple[str, ...]) -> None:
    with site.database.writing() as session:
        done(session, site.cast, "scanners")
    to = uploaded(site, RENAMED, GONE, RETIRED, DEMAND, STREAM, MOVED)
    upgraded(site.database, site.cast, to, *places)
    old = [site.task(entry) for entry in ("posters", "cabling", "line-speed")]
    done_one = site.task("printers" if "alder" in places else "scanners")
    for who in ("dir", "chA", "chAB", "exe"):
        for path in (
            "board", "plan", "readiness", "readiness/alder", "plan/timeline", "plan/timeline?place=alder", "people",
            "locations/alder", "locations/birch", "upgrades", "plan?location=alder",
        ):  # fmt: skip
            answer = site.client(who).get(f"/rollouts/two-sites/{path}")
            hidden = {404} if who == "chA" and "birch" in path else set()
            assert answer.status_code in {200, 403, *hidden}, (who, path)
        for task in (*old, done_one):
            assert site.client(who).get(f"/tasks/{task}").status_code == 200
        assert site.client(who).get("/today").status_code == 200
    assert "Label printers and scanners work" in site.client("chA").get(f"/tasks/{done_one}").text
    plan = site.client("chA").get("/rollouts/two-sites/plan?location=alder").text
    assert ("Put up posters" in plan) is ("alder" not in places)


def test_what_is_retired_says_so_and_is_found_as_such(site: Site) -> None:
    upgraded(site.database, site.cast, uploaded(site, GONE, RETIRED))
    page = site.client("chA").get(f"/tasks/{site.task('posters')}").text
    assert "The playbook no longer has this task" in page
    assert "It is done" not in page
    assert "no longer in the playbook" in site.client("chA").get("/search?q=posters").text
