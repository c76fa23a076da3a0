"""Comments on the task's page and on the day of whom they call; nothing of them for those who may not read them."""

from __future__ import annotations

import re

from sqlmodel import select

from app.models import Comment, Membership, Person
from tests.web.conftest import Site

AS_SCRIPT = {"HX-Request": "true"}
SECRET = "The key lies under the mat"


def say(site: Site, who: str, text: str, entry: str = "scanners", **form: object) -> int:
    task = site.task(entry)
    answer = site.client(who).post(f"/tasks/{task}/comments", data={"text": text, **form})
    assert answer.status_code == 303, answer.text
    with site.database.reading() as session:
        return max(id_ or 0 for id_ in session.exec(select(Comment.id)))


def test_a_comment_stands_on_the_page_and_calls_somebody(site: Site) -> None:
    remark = say(site, "chA", "@Omar Haddad, is it paid?\n<script>alert(1)</script>")
    page = site.client("opm").get(f"/tasks/{site.task('scanners')}").text
    assert f'<li class="comment" id="comment-{remark}" data-calls>' in page
    assert '<span class="comment__name">@Omar Haddad</span>, is it paid?\n&lt;script&gt;' in page
    day = site.client("opm").get("/today").text
    assert "Somebody asks you" in day
    assert f'href="/tasks/{site.task("scanners")}#comment-{remark}"' in day
    assert "Somebody asks you" not in site.client("dir").get("/today").text


def test_reading_it_takes_it_from_the_day(site: Site) -> None:
    remark = say(site, "chA", "@Omar Haddad?")
    answer = site.client("opm").post(f"/comments/{remark}/reading")
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert "Somebody asks you" not in site.client("opm").get("/today").text
    remark = say(site, "chA", "@Omar Haddad!")
    page = {**AS_SCRIPT, "HX-Current-URL": "http://testserver/today"}
    assert site.client("opm").post(f"/comments/{remark}/reading", headers=page).text == ""


def test_those_who_may_not_read_see_nothing_of_it(site: Site) -> None:
    say(site, "chA", SECRET, entry="walk-through")
    address = f"/tasks/{site.task('walk-through')}"
    for who in ("exe", "cto", "itl"):
        page = site.client(who).get(address)
        assert page.status_code == 200
        assert SECRET not in page.text
        assert "Comments" not in page.text
        assert site.client(who).get(f"{address}/readers").status_code == 403
    for who in ("chB", "ch0"):
        assert site.client(who).get(f"{address}/readers").status_code == 404


def test_the_list_offers_readers_only_and_only_by_name(site: Site) -> None:
    address = f"/tasks/{site.task('scanners')}/readers"
    found = site.client("chA").get(address).text
    assert re.findall(r'data-name="([^"]+)"', found) == ["Abena Boateng", "Dana Whitfield", "Omar Haddad"]
    assert re.findall(r'data-name="([^"]+)"', site.client("chA").get(f"{address}?q=had").text) == ["Omar Haddad"]
    assert site.client("chA").get(f"{address}?q=Bengt").text.strip() == ""


def test_without_a_script_somebody_is_told_by_a_tick(site: Site) -> None:
    page = site.client("chA").get(f"/tasks/{site.task('scanners')}").text
    omar = site.cast.people["opm"]
    assert f'<input type="checkbox" name="tell" value="{omar}">' in page
    say(site, "chA", "Look at this", tell=str(omar))
    assert "Told: Omar Haddad" in site.client("chA").get(f"/tasks/{site.task('scanners')}").text
    assert "Look at this" in site.client("opm").get("/today").text


def test_a_name_of_two_opens_the_list_and_keeps_the_text(site: Site) -> None:
    with site.database.writing() as session:
        session.add(Membership(person_id=site.cast.people["ch0"], rollout_id=site.cast.rollout, role="ops-manager",
                               access="manager", created_at=site.now))  # fmt: skip
        session.get_one(Person, site.cast.people["ch0"]).name = "Omar Haddad"
    answer = site.client("chA").post(f"/tasks/{site.task('scanners')}/comments", data={"text": "@Omar Haddad, you?"})
    assert answer.status_code == 422
    assert "Several people are called Omar Haddad. Tick the one you mean." in answer.text
    assert "@Omar Haddad, you?" in answer.text
    with site.database.reading() as session:
        assert session.exec(select(Comment)).all() == []


def test_a_form_sent_again_says_it_once(site: Site) -> None:
    page = site.client("chA").get(f"/tasks/{site.task('scanners')}").text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    for _ in range(2):
        say(site, "chA", "Once", token=token[1])
    with site.database.reading() as session:
        assert len(session.exec(select(Comment)).all()) == 1


def test_ones_own_is_taken_away_and_put_back(site: Site) -> None:
    remark, client = say(site, "chA", SECRET), site.client("chA")
    address = f"/tasks/{site.task('scanners')}"
    assert f'action="/comments/{remark}/removal"' in client.get(address).text
    assert f'action="/comments/{remark}/removal"' not in site.client("dir").get(address).text
    assert site.client("dir").post(f"/comments/{remark}/removal").status_code == 403
    client.post(f"/comments/{remark}/removal")
    page = client.get(address).text
    assert SECRET not in page
    undo = re.search(r'action="(/comments/[0-9]+/restoring\?version=[0-9]+)"', page)
    assert undo is not None
    assert client.post(undo[1]).status_code == 303
    assert SECRET in client.get(address).text
