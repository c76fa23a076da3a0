"""The record of a decision: its page proves it anew, its file can be hashed again, and neither tells of others."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from app.actions.gates.answering import answer_criterion
from app.actions.gates.conditions import accept_condition, ask_condition
from app.models import GateDecision, GatePack, GateRecord
from app.rules.gates.records import in_fours
from app.rules.signoffs import fingerprint
from app.worker import tick
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.gating import GATED, decide, gate_id, open_it, vote
from tests.web.conftest import Site

SAID = "canary <b>reason</b> #read(1)"
END = NOW + timedelta(days=7)


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    found = Site(database_url, tmp_path / "data")
    found.cast = casting.running(found.database, GATED)
    yield found
    found.close()


def answered(session: Session, cast: Cast, gate: int) -> None:
    for criterion, said, who in (("safe", "yes", "chA"), ("fast", "900", "itl")):
        answer_criterion(
            session, gate, criterion=criterion, text=said, seen=None, by=cast.viewer(session, who), now=NOW
        )


def carried(session: Session, cast: Cast, gate: int) -> None:
    asked = ask_condition(
        session, gate, what="canary work", instead="canary instead", owner=cast.people["itl"], expires_at=END,
        by=cast.viewer(session, "opm"), now=NOW,
    )  # fmt: skip
    accept_condition(session, gate, asked.id or 0, by=cast.proven(session, "dir"), now=NOW)


def decided(site: Site, outcome: str = "go-with-conditions", place: str = "alder") -> GateDecision:
    """The review at Alder: a go with one condition, on two votes; or another outcome at once."""
    with site.database.writing() as session:
        gate = gate_id(session, site.cast, place=place)
        if outcome == "go-with-conditions":
            answered(session, site.cast, gate)
            carried(session, site.cast, gate)
            open_it(session, site.cast, gate)
            vote(session, site.cast, gate, "chA")
            vote(session, site.cast, gate, "itl", "go-with-conditions", comment="canary comment")
        found = decide(session, site.cast, gate, outcome, reason=SAID).decision
        assert found is not None
        session.flush()
        session.expunge(found)
        return found


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\xa0", " ").split())


def changed(site: Site, statement: str, **values: Any) -> None:
    """Somebody writes into the database, past the application."""
    with site.database.writing() as session:
        session.execute(text(statement), values)


def test_the_page_says_that_the_record_is_what_was_recorded(site: Site) -> None:
    row = decided(site)
    page = words(site.client("dir").get(f"/records/{row.sha256}").text)
    assert "This is the record of Readiness review, Alder, decided Tue 5 Jan, 09:00 Central by Dana Whitfield." in page
    assert "Its content is what was recorded: the hash was computed again just now." in page
    assert "Stands" in page
    assert "4 of 4 met" in page
    assert "Failover seen can veto State Met Needed yes Measured yes" in page
    assert "canary work" in page and "canary comment" in page and "canary <b>reason</b> #read(1)" in page
    assert "Ivo Tanaka" in page


def test_a_changed_content_is_found(site: Site) -> None:
    row = decided(site)
    bent = row.content.replace('"outcome":"go-with-conditions"', '"outcome":"go"')
    assert bent != row.content
    changed(site, "UPDATE gate_decision SET content = :content", content=bent)
    page = words(site.client("dir").get(f"/records/{row.sha256}").text)
    assert "is not what was recorded" in page and "Do not rely on it" in page
    assert "the hash was computed again just now" not in page
    printed = site.client("dir").get(f"/decisions/{row.id}/record.pdf")
    assert (printed.status_code, "so it is not printed" in printed.text) == (409, True)


def test_a_content_changed_together_with_its_hash_is_found_by_either(site: Site) -> None:
    row = decided(site)
    bent = row.content.replace("canary comment", "all is well")
    changed(site, "UPDATE gate_decision SET content = :c, sha256 = :s", c=bent, s=fingerprint(bent))
    for known in (row.sha256, fingerprint(bent)):
        answer = site.client("dir").get(f"/records/{known}")
        assert (answer.status_code, "is not what was recorded" in answer.text) == (200, True)


@pytest.mark.parametrize(("column", "value"), [("outcome", "go"), ("reason", "Well"), ("name", "Adam Marek")])
def test_a_row_that_says_otherwise_than_its_record_is_found(site: Site, column: str, value: str) -> None:
    row = decided(site)
    changed(site, f"UPDATE gate_decision SET {column} = :value", value=value)
    assert "is not what was recorded" in site.client("dir").get(f"/records/{row.sha256}").text


def test_an_unknown_hash_says_what_to_do(site: Site) -> None:
    answer = site.client("dir").get("/records/" + "ab" * 32)
    page = words(answer.text)
    assert answer.status_code == 404
    assert "No record with this hash, or none that you may see." in page
    assert "Looked for: abab abab" in page and "Compare it with the sixteen groups on the paper" in page
    assert site.client("dir").get("/records/elsewhere").status_code == 404


def test_whoever_may_not_see_the_place_is_told_the_same_as_of_an_unknown_one(site: Site) -> None:
    row = decided(site)
    foreign = site.client("chB").get(f"/records/{row.sha256}")
    unknown = site.client("chB").get("/records/" + "ab" * 32)
    same = unknown.text.replace(" ".join(["abab"] * 16), " ".join(in_fours(row.sha256)))
    assert (foreign.status_code, foreign.text) == (404, same)
    for kind in ("pdf", "json"):
        assert site.client("chB").get(f"/decisions/{row.id}/record.{kind}").status_code == 404
        assert site.client("dir").get(f"/decisions/98765/record.{kind}").status_code == 404


def test_whoever_sees_no_texts_proves_the_record_without_them(site: Site) -> None:
    row = decided(site)
    answer = site.client("exe").get(f"/records/{row.sha256}")
    assert "Its content is what was recorded:" in answer.text
    assert "What people wrote is left out" in answer.text
    assert "canary" not in answer.text
    assert site.client("exe").get(f"/decisions/{row.id}/record.json").status_code == 403
    assert site.client("exe").get(f"/decisions/{row.id}/record.pdf").status_code == 200


def test_the_file_is_the_text_that_was_hashed(site: Site) -> None:
    row = decided(site)
    answer = site.client("chA").get(f"/decisions/{row.id}/record.json")
    assert hashlib.sha256(answer.content).hexdigest() == row.sha256 == answer.headers["x-content-sha256"]
    assert json.loads(answer.content)["reason"] == SAID
    assert answer.headers["content-disposition"] == f'attachment; filename="review-alder-{row.id}.json"'


def test_the_sheet_is_the_same_whenever_it_is_printed(site: Site) -> None:
    row = decided(site)
    first = site.client("dir").get(f"/decisions/{row.id}/record.pdf")
    assert (first.headers["content-type"], first.content[:5]) == ("application/pdf", b"%PDF-")
    assert f'filename="review-alder-{row.id}-2027-01-05.pdf"' in first.headers["content-disposition"]
    site.now += timedelta(minutes=9)
    assert site.client("dir").get(f"/decisions/{row.id}/record.pdf").content == first.content
    assert site.client("dir").get(f"/decisions/{row.id}/record.pdf?paper=us-letter").content != first.content
    assert site.client("dir").get(f"/decisions/{row.id}/record.pdf?paper=a3").status_code == 422


def test_a_hash_is_found_however_it_was_copied(site: Site) -> None:
    row = decided(site)
    fours = in_fours(row.sha256)
    for typed in (" ".join(fours), "\n".join(fours).upper(), "sha256:" + row.sha256, f"  {row.sha256}\n"):
        answer = site.client("dir").post("/records", data={"hash": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/records/{row.sha256}")
    for typed, said in (("", "Type a hash, or choose a file."), ("3f2a 9c", "This is no such hash")):
        answer = site.client("dir").post("/records", data={"hash": typed})
        assert (answer.status_code, said in answer.text) == (422, True)


def test_a_file_is_found_by_what_it_holds_and_a_changed_one_is_not(site: Site) -> None:
    row = decided(site)
    client = site.client("dir")
    right = client.post("/records", files={"file": ("record.json", row.content.encode())})
    assert right.headers["location"] == f"/records/{row.sha256}"
    wrong = client.post("/records", files={"file": ("record.json", row.content.encode() + b"\n")})
    assert client.get(wrong.headers["location"]).status_code == 404


def test_the_page_says_what_became_of_the_decision(site: Site) -> None:
    first = decided(site, "no-go")
    second = decided(site, "deferred")
    page = site.client("dir").get(f"/records/{first.sha256}").text
    assert "Another decision took its place today 09:00." in page
    assert f'href="/records/{second.sha256}"' in page
    assert "Stands" in words(site.client("dir").get(f"/records/{second.sha256}").text)


def evidence_hash(site: Site) -> str:
    with site.database.reading() as session:
        return session.exec(select(GatePack.sha256)).one()


def test_the_evidence_of_a_vote_is_proved_by_its_own_hash(site: Site) -> None:
    row = decided(site)
    answer = site.client("exe").get(f"/records/{evidence_hash(site)}")
    page = words(answer.text)
    assert "This is the evidence of Readiness review, Alder, frozen Tue 5 Jan, 09:00 Central." in page
    assert "Its content is what was frozen: the hash was computed again just now." in page
    assert f'href="/records/{row.sha256}"' in answer.text
    assert "canary" not in answer.text
    assert site.client("chB").get(f"/records/{evidence_hash(site)}").status_code == 404


def test_evidence_that_was_frozen_for_a_decision_is_proved_by_its_record(site: Site) -> None:
    decided(site, "no-go")
    page = words(site.client("dir").get(f"/records/{evidence_hash(site)}").text)
    assert "Its content is what was frozen" in page
    assert "2 of 4 met, 1 veto" in page


def test_what_was_decided_on_the_same_evidence_stands_beside_it(site: Site) -> None:
    row = decided(site, "no-go")
    known = evidence_hash(site)
    with site.database.writing() as session:
        assert open_it(session, site.cast, gate_id(session, site.cast)).sha256 == known
    assert f'href="/records/{row.sha256}"' in site.client("dir").get(f"/records/{known}").text


def test_changed_evidence_is_found(site: Site) -> None:
    decided(site)
    known = evidence_hash(site)
    with site.database.reading() as session:
        bent = session.exec(select(GatePack.content)).one().replace("Failover seen", "Failover heard of")
    changed(site, "UPDATE gate_pack SET content = :c", c=bent)
    assert "is not what was frozen" in site.client("dir").get(f"/records/{known}").text
    changed(site, "UPDATE gate_pack SET sha256 = :s", s=fingerprint(bent))
    assert "is not what was frozen" in site.client("dir").get(f"/records/{fingerprint(bent)}").text


def test_the_page_says_that_a_vote_is_open_again(site: Site) -> None:
    row = decided(site, "no-go")
    with site.database.writing() as session:
        open_it(session, site.cast, gate_id(session, site.cast))
    assert "Stands A new vote is open." in words(site.client("dir").get(f"/records/{row.sha256}").text)


@pytest.mark.parametrize("told", [True, False])
def test_the_page_says_that_a_go_fell_told_or_not(site: Site, told: bool) -> None:
    row = decided(site)
    site.now = END
    if told:
        with site.database.writing() as session:
            tick(session, END)
            assert session.exec(select(GateRecord)).one().next_at is None
    site.sign_everybody_in_anew()
    page = words(site.client("dir").get(f"/records/{row.sha256}").text)
    assert "Fell It fell today 09:00: a condition of it was not met by its end." in page
    assert "Its content is what was recorded" in page
