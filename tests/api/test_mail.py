"""Invitations, the mail to people, and what one wants sent, over the API."""

from __future__ import annotations

import pytest
from sqlmodel import select

from app.actions.people.accounts import invite
from app.actions.people.memberships import add_membership
from app.models import Delivery
from tests.api.conftest import Programs
from tests.cast import NOW

R = "/rollouts/two-sites"
NILS = {"name": "Nils Berg", "email": "nils@example.org", "by_mail": True}


@pytest.fixture
def mailing(programs: Programs) -> Programs:
    """The cast in a running rollout, with mail set up and somebody who has not joined."""
    wanted = {"smtp_host": "127.0.0.1", "smtp_sender": "muster@example.org", "smtp_security": "none"}
    site = programs.site
    site.app.state.settings = site.settings.model_copy(update=wanted)
    site.app.state.api.state.settings = site.app.state.settings
    with site.database.writing() as session:
        by = site.cast.viewer(session, "dir")
        person, _ = invite(session, name="Vera Lund", email="vera@example.org", by=by, now=NOW)
        add_membership(
            session, person.id or 0, role="champion", rollout_id=site.cast.rollout,
            location_id=site.cast.locations["alder"], by=by, now=NOW,
        )  # fmt: skip
        site.cast.people["vera"] = person.id or 0
    return programs


def test_an_invitation_of_a_rollout_stands_among_its_mail_and_is_sent_once(mailing: Programs) -> None:
    key = {"Idempotency-Key": "nils"}
    first, again = (mailing("dir").post(f"{R}/invitations", json=NILS, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.json()["link"].startswith("http://testserver/invitations/")
    assert (again.json()["person"], again.json()["link"]) == (first.json()["person"], None)
    (line,) = mailing("dir").get(f"{R}/mail").json()["items"]
    assert (line["kind"], line["name"], line["state"]) == ("invitation", "Nils Berg", "waiting")
    other = mailing("dir").post(f"{R}/invitations", json={**NILS, "name": "Nora"}, headers=key)
    assert other.status_code == 409


def test_everybody_who_never_got_an_invitation_gets_one(mailing: Programs) -> None:
    path = f"{R}/invitations/waiting"
    assert mailing("chA").post(path).status_code == 403
    assert [one["name"] for one in mailing("dir").post(path).json()["people"]] == ["Vera Lund"]
    assert mailing("dir").post(path).json()["people"] == []
    (line,) = mailing("adm").get(f"{R}/mail").json()["items"]
    assert line["person"] == mailing.site.cast.people["vera"]


def test_a_message_that_failed_is_tried_again(mailing: Programs) -> None:
    site = mailing.site
    remark = {"text": "Look, @Omar Haddad"}
    assert mailing("dir").post(f"/tasks/{site.task('scanners')}/comments", json=remark).status_code == 201
    with site.database.writing() as session:
        row = session.exec(select(Delivery)).one()
        row.state, row.error, row.next_at = "failed", "no such mailbox", None
        session.add(row)
        key = row.id
    for base in (R, ""):
        (line,) = mailing("dir").get(f"{base}/mail?limit=1").json()["items"]
        assert (line["id"], line["resendable"]) == (key, line["state"] in ("failed", "waiting"))
    assert mailing("dir").put(f"{R}/mail/{key}/again").status_code == 428
    _, seen = mailing.read("dir", f"{R}/mail/{key}")
    sent = mailing("dir").put(f"{R}/mail/{key}/again", headers=seen)
    assert (sent.status_code, sent.json()["state"]) == (200, "waiting")
    assert mailing("dir").put(f"/mail/{key}/again", headers=seen).status_code == 412
    assert mailing("opm").get(f"{R}/mail").status_code == 403
    (own,) = mailing("opm").get("/me/messages").json()["items"]
    assert own["id"] == key


def test_one_says_what_one_wants_sent(programs: Programs) -> None:
    shown, seen = programs.read("chA", "/me/mail")
    assert shown == {"mail": "all"}
    changed = programs("chA").put("/me/mail", headers=seen, json={"mail": "digest"})
    assert (changed.status_code, changed.json()) == (200, {"mail": "digest"})
    assert programs("chA").put("/me/mail", headers=seen, json={"mail": "none"}).status_code == 412
    assert programs("chA").put("/me/mail", headers=seen, json={"mail": "digest"}).status_code == 200
    fresh = {"If-Match": changed.headers["etag"]}
    assert programs("chA").put("/me/mail", headers=fresh, json={"mail": "never"}).status_code == 422
