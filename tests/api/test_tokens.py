"""A token acts for its owner, never above the owner, and no longer than it should."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions.people.accounts import deactivate, reactivate
from app.actions.people.memberships import remove_membership
from app.actions.people.passwords import make_reset, reset_password
from app.models import Event, LoginFailure, Membership, Token
from app.rules.signoffs import FRESH
from tests.api.conftest import Programs
from tests.cast import PASSWORD


def test_only_the_hash_of_a_token_is_kept(programs: Programs) -> None:
    made = programs("chA").post("/tokens", json={"name": "Report", "days": 7})
    text = made.json()["token"]
    assert made.status_code == 201
    assert text.startswith("muster_")
    assert made.headers["cache-control"] == "no-store"
    with programs.site.database.reading() as session:
        assert text not in str([row.model_dump() for row in session.exec(select(Token))])
        events = session.exec(select(Event).where(Event.verb == "person.token_made")).all()
        assert [event.data["after"]["name"] for event in events] == ["test", "Report"]
        assert text not in str([event.model_dump() for event in events])
    listed = programs("chA").get("/tokens").json()["items"]
    assert [one["name"] for one in listed] == ["test", "Report"]
    assert "token" not in listed[0]


@pytest.mark.parametrize("scheme", ["", "Basic x", "Bearer", "Bearer x", "bearer muster_unknown", "Token {}", "{}"])
def test_nothing_else_is_a_token(programs: Programs, scheme: str) -> None:
    headers = {"Authorization": scheme.format(programs.token("chA"))} if scheme else {}
    refused = programs().get("/me", headers=headers)
    assert refused.status_code == 401
    assert refused.json()["type"] == "/api/v1/#token-wanted"
    assert refused.headers["www-authenticate"] == 'Bearer realm="Muster API"'


def test_a_cookie_opens_nothing_and_another_site_can_do_nothing_with_it(programs: Programs) -> None:
    browser = programs.site.client("dir")
    assert browser.get("/api/v1/me").status_code == 401
    forged = browser.post("/api/v1/tokens", json={"name": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 401


def test_a_program_needs_no_header_of_a_browser(programs: Programs) -> None:
    answer = programs("chA").post("/tokens", json={"name": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 201


def test_a_reading_token_changes_nothing(programs: Programs) -> None:
    path = f"/tasks/{programs.site.task('scanners')}"
    reader = programs("chA", reads_only=True)
    seen = {"If-Match": reader.get(path).headers["etag"]}
    for answer in (reader.put(f"{path}/completion", headers=seen), reader.post("/tokens", json={"name": "more"}),
                   reader.post(f"{path}/evidence", headers=seen, files={"file": ("a.txt", b"a")})):  # fmt: skip
        assert (answer.status_code, answer.json()["type"]) == (403, "/api/v1/#reads-only")


def test_a_token_ends_on_its_day_or_when_it_is_ended(programs: Programs) -> None:
    client = programs("chA")
    me = client.get("/me").json()
    assert (me["name"], me["expires_at"]) == ("Chiara Amato", "2027-02-04T15:00:00Z")
    made = client.post("/tokens", json={"name": "long", "days": 365}).json()
    assert made["expires_at"] == me["expires_at"]  # no later than the token that made it
    path = f"/tokens/{made['id']}"
    tag = client.get(path).headers["etag"]
    assert client.delete(path).status_code == 428
    assert client.delete(path, headers={"If-Match": '"0-0123456789abcdef"'}).status_code == 412
    assert client.delete(path, headers={"If-Match": tag}).json()["ended_at"] == "2027-01-05T15:00:00Z"
    ended = {"Authorization": f"Bearer {made['token']}"}
    assert programs().get("/me", headers=ended).status_code == 401
    programs.site.now += timedelta(days=30)
    assert client.get("/me").status_code == 401


def test_a_token_of_somebody_else_is_not_there(programs: Programs) -> None:
    own = programs("chA").get("/tokens").json()["items"][0]["id"]
    assert programs("dir").get(f"/tokens/{own}").status_code == 404
    assert programs("dir").delete(f"/tokens/{own}", headers={"If-Match": '"0-0123456789abcdef"'}).status_code == 404


def test_what_is_taken_from_the_person_is_taken_from_the_token(programs: Programs) -> None:
    task = f"/tasks/{programs.site.task('scanners')}"
    client, site = programs("chA"), programs.site
    assert client.get(task).status_code == 200
    with site.database.writing() as session:
        row = session.exec(select(Membership).where(Membership.person_id == site.cast.people["chA"])).one()
        remove_membership(session, row.id or 0, by=site.cast.viewer(session, "dir"), now=site.now)
    assert client.get(task).status_code == 404


def test_a_deactivated_person_has_no_token_left(programs: Programs) -> None:
    client, site = programs("chA"), programs.site
    assert client.get("/me").status_code == 200
    with site.database.writing() as session:
        deactivate(session, site.cast.people["chA"], by=site.cast.viewer(session, "adm"), now=site.now)
    assert client.get("/me").status_code == 401
    with site.database.writing() as session:
        reactivate(session, site.cast.people["chA"], by=site.cast.viewer(session, "adm"), now=site.now)
    assert client.get("/me").status_code == 401


def test_guesses_are_slowed_down_and_nobody_else_is(programs: Programs) -> None:
    for _ in range(20):
        assert programs().get("/me", headers={"Authorization": "Bearer muster_guess"}).status_code == 401
    told = programs().get("/me", headers={"Authorization": "Bearer muster_guess"})
    assert (told.status_code, told.json()["type"], told.headers["retry-after"]) == (
        429, "/api/v1/#throttled", "3600",
    )  # fmt: skip
    assert programs().get("/me").status_code == 401
    assert programs("chA").get("/me").status_code == 200
    assert programs.site.client("chB").get("/today").status_code == 200
    with programs.site.database.reading() as session:
        assert len(session.exec(select(LoginFailure)).all()) == 20
    programs.site.now += timedelta(hours=1)
    assert programs().get("/me", headers={"Authorization": "Bearer muster_guess"}).status_code == 401


def test_the_last_use_is_noted_to_the_minute(programs: Programs) -> None:
    client = programs("chA")
    used = []
    for seconds in (0, 30, 40):
        programs.site.now += timedelta(seconds=seconds)
        client.get("/me")
        with programs.site.database.reading() as session:
            used.append(session.exec(select(Token.last_used_at)).one())
    assert [at.second if at else None for at in used] == [0, 0, 10]


def test_the_same_intent_makes_one_token_and_shows_it_once(programs: Programs) -> None:
    headers = {"Idempotency-Key": "report-1"}
    first, again = (programs("chA").post("/tokens", json={"name": "Report"}, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert again.json()["token"] is None


def test_a_token_is_made_and_ended_on_the_account_page(programs: Programs) -> None:
    browser = programs.site.client("chA")
    made = browser.post("/account/tokens", data={"name": "Weekly <report>", "days": "90"})
    assert made.status_code == 200
    text = made.text.partition('value="muster_')[2].partition('"')[0]
    client = programs()
    assert client.get("/me", headers={"Authorization": f"Bearer muster_{text}"}).json()["name"] == "Chiara Amato"
    page = browser.get("/account/tokens").text
    assert "Weekly &lt;report&gt;" in page
    assert text not in page
    with programs.site.database.reading() as session:
        key = session.exec(select(Token.id)).one()
    assert browser.post(f"/account/tokens/{key}/end").status_code == 303
    assert client.get("/me", headers={"Authorization": f"Bearer muster_{text}"}).status_code == 401
    assert browser.post("/account/tokens", data={"name": "x", "days": "366"}).status_code == 422
    assert programs.site.client("dir").post(f"/account/tokens/{key}/end").status_code == 404


def test_a_token_is_made_only_by_who_has_just_proven_who_they_are(programs: Programs) -> None:
    browser, form = programs.site.client("chA"), {"name": "Report", "days": "90"}
    programs.site.now += FRESH + timedelta(seconds=1)
    assert 'name="password"' in browser.get("/account/tokens").text
    wanted = browser.post("/account/tokens", data=form)
    assert (wanted.status_code, "a token is yours alone" in wanted.text) == (422, True)
    wrong = browser.post("/account/tokens", data={**form, "password": "not this one at all"})
    assert (wrong.status_code, "This is not your password. No token was made." in wrong.text) == (422, True)
    with programs.site.database.reading() as session:
        assert session.exec(select(Token)).all() == []
    made = browser.post("/account/tokens", data={**form, "password": PASSWORD})
    assert (made.status_code, "muster_" in made.text) == (200, True)
    assert 'name="password"' not in browser.get("/account/tokens").text


@pytest.mark.parametrize("act", ["password", "everywhere", "keeper", "link"])
def test_a_new_password_and_signing_out_everywhere_end_every_token(programs: Programs, act: str) -> None:
    site, new = programs.site, "another sentence to sign in with"
    program, other, person = programs("chA"), programs("chB"), programs.site.cast.people["chA"]
    assert program.get("/me").status_code == 200
    if act == "password":
        assert site.client("chA").post("/account/password", data={"current": PASSWORD, "new": new}).status_code == 303
    elif act == "everywhere":
        assert site.client("chA").post("/account/sign-out-everywhere").status_code == 303
    elif act == "keeper":
        assert site.client("adm").post(f"/people/{person}/sign-out").status_code == 303
    else:
        with site.database.writing() as session:
            _, link = make_reset(session, person, by=site.cast.viewer(session, "adm"), now=site.now)
        with site.database.writing() as session:
            reset_password(session, link, password=new, now=site.now)
    assert program.get("/me").status_code == 401
    assert other.get("/me").status_code == 200


def test_signing_out_elsewhere_leaves_the_tokens(programs: Programs) -> None:
    program = programs("chA")
    assert programs.site.client("chA").post("/account/sign-out-others").status_code == 303
    assert program.get("/me").status_code == 200
