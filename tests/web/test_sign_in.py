"""Coming in and going out: first run, sign-in, invitation, account."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

from sqlmodel import select

from app.actions.installation import first_run_token
from app.models import Installation, Person
from tests.cast import NOW, PASSWORD, email
from tests.web.conftest import SAME_SITE, Site


def first_run_link(site: Site) -> str:
    with site.database.writing() as session:
        session.add(Installation(mark="tests", created_at=NOW))
    with site.database.writing() as session:
        return f"/setup/{first_run_token(session, now=NOW)}"


def test_the_first_run_link_makes_one_account_and_then_is_gone(bare_site: Site) -> None:
    link, client = first_run_link(bare_site), bare_site.client()
    assert client.get(link).status_code == 200
    form = {"name": "Dana", "email": "Dana@Example.org", "password": "a long and quiet sentence"}
    assert client.post(link, data={**form, "password": "short"}).status_code == 422
    assert client.post(link, data=form).headers["location"] == "/sign-in"
    assert client.get(link).status_code == 404
    assert client.post(link, data=form).status_code == 404
    signed_in = client.post("/sign-in", data={"email": "dana@example.org", "password": form["password"]})
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/")
    assert client.get("/").headers["location"] == "/rollouts"
    assert "Start a rollout" in client.get("/rollouts").text


def test_a_refused_form_keeps_what_was_typed_but_never_the_password(bare_site: Site) -> None:
    link = first_run_link(bare_site)
    answer = bare_site.client().post(link, data={"name": "Dana", "email": "nowhere", "password": "secret-and-long-1"})
    assert answer.status_code == 422
    assert 'value="Dana"' in answer.text
    assert "secret-and-long-1" not in answer.text


def test_a_wrong_password_and_an_unknown_account_read_the_same(site: Site) -> None:
    client = site.client()
    wrong = client.post("/sign-in", data={"email": email("dir"), "password": "not the one"})
    unknown = client.post("/sign-in", data={"email": "nobody@example.org", "password": "not the one"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(email("dir"), "x") == unknown.text.replace("nobody@example.org", "x")


def test_too_many_attempts_are_told_to_wait(site: Site) -> None:
    answers = [
        site.client().post("/sign-in", data={"email": email("dir"), "password": "wrong"}).status_code for _ in range(11)
    ]
    assert answers == [401] * 10 + [429]


def test_somebody_who_was_going_somewhere_comes_back_there(site: Site) -> None:
    client = site.client()
    wanted = client.get("/rollouts/two-sites/plan?week=2")
    assert wanted.status_code == 303
    address = wanted.headers["location"]
    assert address == "/sign-in?next=%2Frollouts%2Ftwo-sites%2Fplan%3Fweek%3D2"
    assert 'name="next" value="/rollouts/two-sites/plan?week=2"' in client.get(address).text


def test_the_way_back_never_leaves_this_site(site: Site) -> None:
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        form = {"email": email("dir"), "password": PASSWORD, "next": elsewhere}
        assert site.client().post("/sign-in", data=form).headers["location"] == "/"


def test_a_cookie_copied_before_the_sign_out_opens_nothing(site: Site) -> None:
    client = site.client("dir")
    cookie = client.cookies["muster"]
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    replay = site.client()
    replay.cookies.set("muster", cookie)
    assert replay.get("/rollouts").headers["location"].startswith("/sign-in")


def test_the_cookie_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    answer = site.client().post("/sign-in", data={"email": email("dir"), "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age" not in cookie
    own = site.client().post("/sign-in", data={"email": email("dir"), "password": PASSWORD, "own_device": "yes"})
    assert "max-age=43200" in own.headers["set-cookie"].lower()


def test_an_invitation_is_shown_once_and_lets_the_person_choose_a_password(site: Site) -> None:
    director = site.client("dir")
    form = {"name": "Wanda New", "email": "wanda@example.org", "role": "champion", "location": "alder"}
    page = director.post("/rollouts/two-sites/people", data=form)
    link = re.search(r'value="http://testserver(/invitations/[^"]+)"', page.text)
    assert page.status_code == 200
    assert link is not None
    assert "/invitations/" not in director.get("/rollouts/two-sites/people").text
    client = site.client()
    assert "Wanda New" in client.get(link[1]).text
    assert client.post(link[1], data={"password": "short"}).status_code == 422
    assert client.post(link[1], data={"password": "a sentence of Wanda's own"}).status_code == 303
    assert client.get(link[1]).status_code == 404
    client.post("/sign-in", data={"email": "wanda@example.org", "password": "a sentence of Wanda's own"})
    assert client.get("/").headers["location"] == "/today"


def test_changing_the_password_ends_every_sign_in(site: Site) -> None:
    here, there = site.client("chA"), site.client()
    there.post("/sign-in", data={"email": email("chA"), "password": PASSWORD})
    new = "another sentence to sign in"
    wrong = here.post("/account/password", data={"current": "wrong", "new": new})
    assert wrong.status_code == 422
    assert new not in wrong.text
    assert here.post("/account/password", data={"current": PASSWORD, "new": new}).status_code == 303
    assert there.get("/today").headers["location"].startswith("/sign-in")
    assert there.post("/sign-in", data={"email": email("chA"), "password": new}).status_code == 303


def test_the_account_page_lists_where_one_is_signed_in_and_ends_it_all(site: Site) -> None:
    here = site.client("chA")
    assert here.get("/account").text.count("shared device") == 1
    assert here.post("/account/sign-out-everywhere").headers["location"] == "/sign-in"
    assert here.get("/account").status_code == 303


def test_a_deactivated_person_is_out_with_the_next_request(site: Site) -> None:
    champion, administrator = site.client("chA"), site.client("adm")
    assert champion.get("/today").status_code == 200
    assert administrator.post(f"/people/{site.cast.people['chA']}/deactivation").status_code == 303
    assert champion.get("/today").headers["location"].startswith("/sign-in")


def test_a_taken_role_is_gone_with_the_next_request(site: Site) -> None:
    champion, director = site.client("chB"), site.client("dir")
    assert champion.get("/rollouts/two-sites/board").status_code == 200
    people = director.get("/rollouts/two-sites/people").text
    block = people[people.index("Change Bengt Holm") :]
    removal = re.search(r'action="([^"]+/removal)"', block)
    assert removal is not None
    assert director.post(removal[1]).status_code == 303
    assert champion.get("/rollouts/two-sites/board").status_code == 404


def test_nobody_takes_their_own_account_out_of_use(site: Site) -> None:
    answer = site.client("adm").post(f"/people/{site.cast.people['adm']}/deactivation")
    assert answer.status_code == 409
    with site.database.reading() as session:
        assert session.exec(select(Person.deactivated_at).where(Person.id == site.cast.people["adm"])).one() is None


def test_a_form_from_another_site_is_refused(site: Site) -> None:
    client = site.client("dir")
    task = f"/tasks/{site.task('scanners')}/completion"
    shapes = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    )
    for shape in shapes:
        assert client.post(task, data={"version": "1"}, headers=shape).status_code == 403
    del client.headers["Sec-Fetch-Site"]
    assert client.post(task, data={"version": "1"}).status_code == 403
    assert client.post(task, data={"version": "1"}, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post(task, data={"version": "1"}, headers={"Origin": "null"}).status_code == 403
    assert client.post(task, data={"version": "1"}, headers={"Origin": "http://testserver"}).status_code == 303
    client.headers.update(SAME_SITE)


def test_a_director_of_one_rollout_keeps_its_people_but_sees_no_accounts(site: Site) -> None:
    director = site.client("dir")
    form = {"name": "Omar", "email": email("opm"), "role": "director", "location": ""}
    assert director.post("/rollouts/two-sites/people", data=form).status_code == 303
    manager = site.client("opm")
    assert manager.get("/rollouts/two-sites/people").status_code == 200
    assert "All accounts" not in manager.get("/rollouts/two-sites/people").text
    assert manager.get("/people").status_code == 403


def test_a_board_that_refreshes_itself_does_not_keep_anybody_signed_in(site: Site) -> None:
    director, board = site.client("dir"), "/rollouts/two-sites/board"
    for minutes in (10, 20, 29):
        site.now = NOW + timedelta(minutes=minutes)
        assert director.get(board, headers={"HX-Request": "true"}).status_code == 200
    site.now = NOW + timedelta(minutes=31)
    answer = director.get(board, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, f"/sign-in?next={quote(board, safe='')}")


def test_somebody_who_works_stays_signed_in(site: Site) -> None:
    director = site.client("dir")
    for minutes in (20, 40, 60):
        site.now = NOW + timedelta(minutes=minutes)
        assert director.get("/rollouts/two-sites/board").status_code == 200
