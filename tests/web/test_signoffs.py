"""Signing over HTTP: the second person, the fresh proof, the void signature, and everybody who may not."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from app.models import Completion, Event, Signature
from app.rules.signoffs import FRESH
from tests.cast import NOW, PASSWORD
from tests.web.conftest import Site


def completed(site: Site, who: str = "itl") -> int:
    task = site.task("migration")
    answer = site.client(who).post(f"/tasks/{task}/completion", data={"version": str(site.version(task))})
    assert answer.status_code == 303
    return task


def sign(site: Site, task: int, who: str, **more: str) -> int:
    form = {"version": str(site.version(task)), **more}
    return site.client(who).post(f"/tasks/{task}/signature", data=form).status_code


def test_a_task_that_somebody_must_sign_waits_until_a_second_person_has(site: Site) -> None:
    task = completed(site)
    page = site.client("itl").get(f"/tasks/{task}").text
    assert "It counts once Dana Whitfield has signed for it." in page
    assert "I sign for it" not in page
    page = site.client("dir").get(f"/tasks/{task}").text
    assert "I sign for it" in page
    assert "Your password, once more" not in page  # she has just signed in
    assert sign(site, task, "dir") == 303
    page = site.client("dir").get(f"/tasks/{task}").text
    assert "Approved as Operations director, today 09:00, by password" in page
    assert 'data-state="stands"' in page


def test_later_than_five_minutes_after_the_sign_in_the_password_is_asked_once_more(site: Site) -> None:
    task = completed(site)
    director = site.client("dir")
    site.now = NOW + FRESH + timedelta(seconds=1)
    assert "Your password, once more" in director.get(f"/tasks/{task}").text
    answer = director.post(f"/tasks/{task}/signature", data={"version": "2"})
    assert answer.status_code == 422
    assert "a signature is yours alone" in answer.text
    assert sign(site, task, "dir", password="wrong, and kept nowhere") == 422
    with site.database.reading() as session:
        assert session.exec(select(Signature)).all() == []
    assert sign(site, task, "dir", password=PASSWORD) == 303
    with site.database.reading() as session:
        assert session.exec(select(Completion.settled_at)).one() == site.now


def test_guessing_the_password_at_a_signature_is_throttled_like_a_sign_in(site: Site) -> None:
    task = completed(site)
    director = site.client("dir")
    site.now = NOW + FRESH + timedelta(seconds=1)
    for _ in range(10):
        director.post(f"/tasks/{task}/signature", data={"version": "2", "password": "a guess of somebody"})
    answer = director.post(f"/tasks/{task}/signature", data={"version": "2", "password": PASSWORD})
    assert answer.status_code == 422
    assert "Too many failed attempts" in answer.text
    with site.database.reading() as session:
        assert session.exec(select(Signature)).all() == []


def test_what_changes_after_the_signature_voids_it_on_the_next_look(site: Site) -> None:
    task = completed(site)
    assert sign(site, task, "dir") == 303
    page = site.client("itl").get(f"/tasks/{task}?correct=yes").text
    assert 'action="/tasks/' in page
    form = {"version": str(site.version(task)), "url": "https://wiki.example.org/later", "kind": "link"}
    assert site.client("itl").post(f"/tasks/{task}/evidence/link", data=form).status_code in (303, 404)
    with site.database.reading() as session:
        voided = session.exec(select(Signature.voided_at)).one()
    page = site.client("dir").get(f"/tasks/{task}").text
    assert (voided is not None) == ('data-state="void"' in page)
    assert voided == NOW
    assert "Void since today 09:00" in page
    assert "https://wiki.example.org/later" in page
    assert "It waits for you, as Operations director: a signature given before is void." in page
    assert sign(site, task, "dir") == 303


def test_the_signed_content_can_be_hashed_again_by_anybody_who_may_see_it(site: Site) -> None:
    task = completed(site)
    sign(site, task, "dir")
    with site.database.reading() as session:
        row = session.exec(select(Signature)).one()
    answer = site.client("itl").get(f"/signatures/{row.id}/content")
    assert hashlib.sha256(answer.content).hexdigest() == row.sha256 == answer.headers["x-content-sha256"]
    for who in ("chB", "ch0", "exe", "adm"):
        assert site.client(who).get(f"/signatures/{row.id}/content").status_code == 404


def test_taking_it_back_needs_a_reason_and_keeps_what_was_typed(site: Site) -> None:
    task = completed(site)
    sign(site, task, "dir")
    with site.database.reading() as session:
        signature = session.exec(select(Signature.id)).one()
    address = f"/signatures/{signature}/withdrawal"
    form = {"version": str(site.version(task))}
    assert site.client("dir").post(address, data={**form, "reason": " "}).status_code == 422
    assert site.client("itl").post(address, data={**form, "reason": "Not mine"}).status_code == 403
    assert site.client("chB").post(address, data={**form, "reason": "Not mine"}).status_code == 404
    assert site.client("dir").post(address, data={**form, "reason": "The wrong report"}).status_code == 303
    page = site.client("dir").get(f"/tasks/{task}").text
    assert 'data-state="withdrawn"' in page
    assert "The wrong report" in page


@pytest.mark.parametrize("road", ["signature", "verification"])
def test_there_is_no_road_to_approving_own_work(site: Site, road: str) -> None:
    """The director did it, took it up again, and somebody else finished it: still own work."""
    task = completed(site, "dir")
    site.client("dir").post(f"/tasks/{task}/reopening", data={"version": "2"})
    completed(site)
    answer = site.client("dir").post(f"/tasks/{task}/{road}", data={"version": str(site.version(task))})
    assert answer.status_code == 409
    assert "I sign for it" not in site.client("dir").get(f"/tasks/{task}").text
    with site.database.reading() as session:
        assert session.exec(select(Signature)).all() == []


def test_many_signing_and_changing_at_once_leave_no_signature_over_what_was_not_signed(site: Site) -> None:
    """Signers and a worker race: what stands in the end is over the present content, and by nobody who did it."""
    task = completed(site)
    clients = {who: site.client(who) for who in ("dir", "opm", "itl")}

    def act(number: int) -> int:
        who = ("dir", "opm", "itl")[number % 3]
        version = str(site.version(task))
        if who == "itl":
            verb = "reopening" if number % 2 else "completion"
            return clients[who].post(f"/tasks/{task}/{verb}", data={"version": version}).status_code
        return clients[who].post(f"/tasks/{task}/signature", data={"version": version}).status_code

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(act, range(60)))
    assert found <= {303, 403, 409}
    with site.database.reading() as session:
        workers = set(session.exec(select(Event.actor_id).where(Event.verb == "task.completed")))
        rows = session.exec(select(Signature)).all()
        completion = session.exec(select(Completion)).first()
        standing = [row for row in rows if row.voided_at is None]
        assert not workers & {row.by_id for row in rows}
        assert len(standing) <= 1
        assert bool(standing) == (completion is not None and completion.settled_at is not None)
