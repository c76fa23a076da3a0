"""The baseline of a place is signed as it is shown, with the password, and replaced only by whoever directs."""

from __future__ import annotations

import re

from tests.cast import PASSWORD
from tests.measuring import read_all, two_weeks
from tests.web.conftest import Site

ALDER = "/rollouts/two-sites/locations/alder/figures"
SIGNED = "/rollouts/two-sites/locations/alder/baseline/signature"
CONTENT = "/rollouts/two-sites/locations/alder/baseline/1/content"


def shown(page: str) -> str:
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    return found[1] if found else ""


def captured(site: Site, **values: int) -> None:
    with site.database.writing() as session:
        read_all(session, site.cast, two_weeks(**values), reason="Counted anew.")


def test_what_is_missing_is_named_and_nothing_can_be_signed(measuring: Site) -> None:
    page = measuring.client("chA").get(ALDER).text
    assert "It can be signed once these are captured: Days in receivables, Claim denials" in page
    assert shown(page) == ""
    answer = measuring.client("chA").post(SIGNED, data={"shown": "", "password": PASSWORD})
    assert answer.status_code == 409
    assert "This baseline is not complete yet." in answer.text


def test_it_is_signed_with_the_password_and_frozen(measuring: Site) -> None:
    captured(measuring)
    client = measuring.client("chA")
    page = client.get(ALDER).text
    assert "Sign and freeze" in page
    wrong = client.post(SIGNED, data={"shown": shown(page), "password": "not this one"})
    assert (wrong.status_code, "This is not your password. Nothing was signed." in wrong.text) == (422, True)
    assert client.post(SIGNED, data={"shown": shown(page), "password": PASSWORD}).status_code == 303
    page = client.get(ALDER).text
    assert "Chiara Amato" in page
    assert "Signed and froze baseline 1, today 09:00" in page
    assert "Sign and freeze" not in page
    content = client.get(CONTENT)
    assert content.headers["X-Content-SHA256"] in page
    assert measuring.client("chB").get(CONTENT).status_code == 404
    assert client.get(CONTENT.replace("/1/", "/2/")).status_code == 404


def test_only_what_was_shown_is_signed(measuring: Site) -> None:
    captured(measuring)
    client = measuring.client("chA")
    old = shown(client.get(ALDER).text)
    captured(measuring, ar_days=46)
    answer = client.post(SIGNED, data={"shown": old, "password": PASSWORD})
    assert answer.status_code == 409
    assert "Nothing was signed." in answer.text
    assert client.get(CONTENT).status_code == 404


def test_a_frozen_one_is_replaced_by_whoever_directs_with_a_reason(measuring: Site) -> None:
    captured(measuring)
    client, director = measuring.client("chA"), measuring.client("dir")
    client.post(SIGNED, data={"shown": shown(client.get(ALDER).text), "password": PASSWORD})
    captured(measuring, ar_days=50)
    page = client.get(ALDER).text
    assert "Only whoever directs the rollout replaces what is frozen." in page
    assert client.post(SIGNED, data={"shown": "x", "password": PASSWORD, "reason": "x"}).status_code == 409
    form = {"shown": shown(director.get(ALDER).text), "password": PASSWORD}
    assert client.post(SIGNED, data={**form, "reason": "Counted anew."}).status_code == 403
    missing = director.post(SIGNED, data=form)
    assert (missing.status_code, 'id="f-reason-error"' in missing.text) == (422, True)
    assert director.post(SIGNED, data={**form, "reason": "Counted anew."}).status_code == 303
    page = director.get(ALDER).text
    assert "It took the place of the one before: Counted anew." in page
    assert "Replaced today 09:00" in page
    room = director.get("/rollouts/two-sites/figures").text
    assert "It took the place of the one before: Counted anew." in room


def test_executives_and_other_places_sign_nothing(measuring: Site) -> None:
    captured(measuring)
    for who, status in (("exe", 403), ("itl", 403), ("chB", 404), ("ch0", 404)):
        assert measuring.client(who).post(SIGNED, data={"shown": "x", "password": PASSWORD}).status_code == status
