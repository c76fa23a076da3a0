"""What our own stack does at its defaults, measured and found wanting, is cured here: one test for each finding."""

from __future__ import annotations

import re
import threading
import typing
from pathlib import Path

import jinja2
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text
from sqlmodel import SQLModel, select
from starlette.testclient import TestClient

from app.models import Answer, Event, Person
from app.web.routers import ROUTERS
from app.web.templating import environment
from tests.cast import PASSWORD, email
from tests.web.conftest import SAME_SITE, Site

SECRET = "Tiny1!"
FORM = {"content-type": "application/x-www-form-urlencoded"}
LARGE = 50_000_000


# --- lost writes, foreign keys, durability ------------------------------------------------------------------


def test_of_eight_changes_to_the_same_state_one_is_kept_and_seven_are_told(site: Site) -> None:
    """Read-modify-write in sessions at their defaults loses seven of eight without a word."""
    client, task = site.client("chA"), site.task("line-speed")
    for _round in range(5):
        version, found = site.version(task), []

        def answer(number: int, version: int = version, found: list[int] = found) -> None:
            form = {"version": str(version), "answer": str(100 + number)}
            found.append(client.post(f"/tasks/{task}/answer", data=form).status_code)

        threads = [threading.Thread(target=answer, args=(number + 10 * _round,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sorted(found) == [303, *[409] * 7]
        assert site.version(task) == version + 1
    with site.database.reading() as session:
        assert len(session.exec(select(Answer).where(Answer.task_id == task)).all()) == 1
        events = session.exec(select(Event).where(Event.subject_id == task, Event.verb == "task.answered")).all()
        assert len(events) == 5


def test_sqlite_keeps_foreign_keys_and_syncs_before_it_answers(site: Site) -> None:
    if site.database.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has them off")
    with site.database.reading() as session:
        kept = [session.connection().execute(text(f"PRAGMA {name}")).scalar() for name in
                ("foreign_keys", "synchronous", "journal_mode", "busy_timeout")]  # fmt: skip
    assert kept == [1, 2, "wal", 15_000]


# --- rows as bodies: no validation, and the client sets the key ---------------------------------------------


def test_no_route_takes_a_row_for_a_body() -> None:
    for router in ROUTERS:
        for route in router.routes:
            if not isinstance(route, APIRoute):
                continue
            for taken in typing.get_type_hints(route.endpoint).values():
                assert not (isinstance(taken, type) and issubclass(taken, SQLModel)), route.path


def test_what_a_form_does_not_ask_for_is_never_set(site: Site) -> None:
    extra = {"id": "1", "person_id": "1", "password_hash": "x", "deactivated_at": "", "access": "director"}
    answer = site.client("adm").post("/people", data={"name": "Nora New", "email": "nora@example.org", **extra})
    assert answer.status_code == 200
    with site.database.reading() as session:
        person = session.exec(select(Person).where(Person.email == "nora@example.org")).one()
        assert person.id not in (1, None)
        assert person.password_hash is None


def test_a_text_that_is_too_long_is_refused(site: Site) -> None:
    answer = site.client("adm").post("/people", data={"name": "x" * 201, "email": "nora@example.org"})
    assert answer.status_code == 422
    answer = site.client("adm").post("/people", data={"name": "x" * 9_999, "email": "nora@example.org"})
    assert answer.status_code == 422


# --- numbers ------------------------------------------------------------------------------------------------


NO_IDS = ("9" * 23, "2147483648", "9" * 5_000, "-1", "0", "1_0", "1e3", "١", "NaN", "%00")
PATHS = ("/tasks/{}", "/evidence/{}", "/people/{}", "/account/sign-ins/{}/end", "/mail/{}/again")


def test_an_id_that_is_none_of_ours_is_not_found(site: Site) -> None:
    client, found = site.client("dir"), {}
    for path in PATHS:
        ask = client.post if path.endswith(("end", "again")) else client.get
        found |= {path.format(number): ask(path.format(number)).status_code for number in NO_IDS}
    assert {address: status for address, status in found.items() if status != 404} == {}


def test_a_version_is_digits_and_nothing_else(site: Site) -> None:
    task, client = site.task("scanners"), site.client("chA")
    for version in ("1_000", "on", "true", "1.0", "1e0", "NaN", "", "٣", "+1", " 1", "9" * 30, "9" * 5_000):
        answer = client.post(f"/tasks/{task}/completion", data={"version": version})
        assert answer.status_code == 422, version
    assert site.version(task) == 1


def test_a_figure_is_a_finite_number_as_people_write_it(site: Site) -> None:
    task, client = site.task("line-speed"), site.client("chA")
    for value in ("NaN", "Infinity", "-inf", "1e999", "1_000", "0x10", "½"):
        answer = client.post(f"/tasks/{task}/answer", data={"version": "1", "answer": value})
        assert answer.status_code == 422, value
    assert site.version(task) == 1


def test_a_tick_is_the_word_that_our_form_sends_and_no_other(site: Site) -> None:
    client = TestClient(site.app, follow_redirects=False, headers=SAME_SITE)
    for own in ("on", "true", "1", "YES"):
        answer = client.post("/sign-in", data={"email": email("chA"), "password": PASSWORD, "own_device": own})
        assert "max-age" not in answer.headers["set-cookie"].lower(), own


# --- characters that one engine stores and the other refuses ------------------------------------------------


def test_what_is_no_text_is_refused_alike_on_both_engines(site: Site) -> None:
    client = site.client("adm")
    for field in ("name", "email"):
        for evil in ("%00", "a%00b", "a%0Ab", "%C2%85", "%1B[2J"):
            form = {"name": "Nora", "email": "nora@example.org", field: evil}
            body = "&".join(f"{name}={value}" for name, value in form.items())
            assert client.post("/people", content=body, headers=FORM).status_code == 422, (field, evil)


def test_bytes_that_are_no_text_are_read_as_marks_of_it_on_both_engines(site: Site) -> None:
    """Half a surrogate pair and stray bytes reach nobody: the form's reader puts U+FFFD in their place."""
    for number, evil in enumerate(("%ED%A0%80", "%FF%FE")):
        body = f"name=Nora{evil}&email=nora{number}@example.org"
        assert site.client("adm").post("/people", content=body, headers=FORM).status_code == 200
    with site.database.reading() as session:
        names = session.exec(select(Person.name).where(Person.email.startswith("nora"))).all()  # type: ignore[attr-defined]
    assert {name.rstrip("\ufffd") for name in names} == {"Nora"}


def test_a_sign_in_with_what_is_no_text_is_refused(site: Site) -> None:
    for evil in ("%00", "%ED%A0%80", "a%0Ab"):
        body = f"email={evil}&password={evil}&next={evil}"
        assert site.client().post("/sign-in", content=body, headers=FORM).status_code in (401, 422), evil


# --- secrets ------------------------------------------------------------------------------------------------


def test_a_refusal_never_repeats_a_password(site: Site) -> None:
    client = site.client("chA")
    refused = [
        site.client().post("/sign-in", data={"email": email("chA"), "password": SECRET}),
        site.client().post("/sign-in", data={"email": "a\0b", "password": SECRET}),
        site.client().post("/sign-in", data={"email": email("chA"), "password": SECRET * 100}),
        client.post("/account/password", data={"current": PASSWORD, "new": SECRET}),
        client.post("/account/password", data={"current": SECRET, "new": SECRET * 100}),
    ]
    assert [answer.status_code for answer in refused] == [401, 422, 422, 422, 422]
    assert [answer for answer in refused if SECRET in answer.text or SECRET in str(answer.headers)] == []


def test_a_cookie_copied_before_the_sign_out_opens_nothing_after_it(site: Site) -> None:
    client = site.client("chB")
    copied = dict(client.cookies)
    assert client.post("/sign-out").status_code == 303
    thief = TestClient(site.app, follow_redirects=False, headers=SAME_SITE, cookies=copied)
    assert thief.get("/account").headers["location"].startswith("/sign-in")


def test_signing_in_gives_a_new_cookie_and_ends_the_old_one(site: Site) -> None:
    client = site.client("chB")
    old = dict(client.cookies)
    assert client.post("/sign-in", data={"email": email("chB"), "password": PASSWORD}).status_code == 303
    assert dict(client.cookies) != old
    replay = TestClient(site.app, follow_redirects=False, headers=SAME_SITE, cookies=old)
    assert replay.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


# --- sizes --------------------------------------------------------------------------------------------------


def test_a_body_of_fifty_megabytes_is_refused_while_it_is_read(site: Site) -> None:
    client = site.client("dir")
    for path in ("/sign-in", "/people", "/tasks/1/block", "/forgotten", "/account/mail"):
        for stated in (True, False):
            given = []

            def pieces(given: list[int] = given) -> typing.Iterator[bytes]:
                while sum(given) < LARGE:
                    given.append(100_000)
                    yield b"a" * 100_000

            headers = {**FORM, **({"content-length": str(LARGE)} if stated else {})}
            answer = client.post(path, content=pieces(), headers=headers)
            assert (answer.status_code, "larger than this page takes" in answer.text) == (413, True), (path, stated)


# --- templates, zones, floors -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x.html", "x.html.j2", "x.jinja", "x"])
def test_every_template_escapes_whatever_it_is_called(name: str) -> None:
    own = environment().overlay(loader=jinja2.DictLoader({name: "{{ typed }}"}))
    assert own.get_template(name).render(typed="<b>") == "&lt;b&gt;"


def test_a_zone_that_is_none_is_a_mistake_beside_its_field(draft_site: Site) -> None:
    path, client = "/rollouts/two-sites/set-up/locations", draft_site.client("dir")
    version = re.search(r'name="version" value="(\d+)"', client.get(path).text)
    assert version
    for zone in ("America", "../../etc/passwd", "/etc/localtime", "Mars/Base", "America/"):
        form = {"version": version[1], "name-0": "Yew", "zone-0": zone, "wave-0": "pilot"}
        answer = client.post(path, data=form)
        assert answer.status_code == 422, zone


def test_the_parsers_that_had_holes_are_at_or_above_the_version_that_closed_them() -> None:
    lock = Path("requirements/prod.lock").read_text(encoding="utf-8")
    pins = {name: tuple(int(part) for part in version.split(".")) for name, version in
            re.findall(r"^(starlette|python-multipart)==([\d.]+)", lock, re.MULTILINE)}  # fmt: skip
    assert pins["starlette"] >= (1, 3, 1)
    assert pins["python-multipart"] >= (0, 0, 31)
