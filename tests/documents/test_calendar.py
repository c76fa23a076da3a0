"""Calendar files: what RFC 5545 asks of a line, a text and a change."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest

from app.documents.calendar import CANCEL, REQUEST, at_site, calendar_file, method_of
from app.notify.message import Message, built
from app.rules.training.invitation import Invitation, Mailbox

NOW = datetime(2027, 1, 5, 15, 0, tzinfo=UTC)
ONE = Invitation(
    id="training-7@muster.example.org", sequence=3, stamp=NOW, starts_at=datetime(2027, 2, 3, 16, 0, tzinfo=UTC),
    minutes=90, title="Front desk; part one, two\\three", place="Room 2, Alder", details="Line one\nLine two",
    organizer=Mailbox('Ivo "the" Tanaka', "ivo@example.org"), attendee=Mailbox("Ann Abel", "ann@example.org"),
)  # fmt: skip


def properties(data: bytes) -> dict[str, str]:
    """The lines of a file, unfolded, by name."""
    unfolded = data.decode().replace("\r\n ", "")
    return dict(line.split(":", 1) for line in unfolded.split("\r\n") if ":" in line and not line.startswith("BEGIN"))


def test_texts_are_escaped_and_times_are_in_utc() -> None:
    found = properties(calendar_file([ONE], REQUEST))
    assert found["SUMMARY"] == "Front desk\\; part one\\, two\\\\three"
    assert found["LOCATION"] == "Room 2\\, Alder"
    assert found["DESCRIPTION"] == "Line one\\nLine two"
    assert (found["DTSTART"], found["DTEND"]) == ("20270203T160000Z", "20270203T173000Z")
    assert (found["METHOD"], found["STATUS"], found["SEQUENCE"]) == ("REQUEST", "CONFIRMED", "3")
    assert found["ORGANIZER;CN=\"Ivo 'the' Tanaka\""] == "mailto:ivo@example.org"


@pytest.mark.parametrize("sign", ["é", "字", "🙂", "a"])
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(sign: str) -> None:
    data = calendar_file([replace(ONE, title=sign * 400, details=sign * 333)])
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")
    assert properties(data)["SUMMARY"] == sign * 400


def test_what_is_typed_cannot_begin_a_line_of_its_own() -> None:
    evil = "x\r\nBEGIN:VALARM\r\nATTACH:file\x00\x0b"
    data = calendar_file([replace(ONE, title=evil, place=evil, organizer=Mailbox(evil, "a\r\nb@x.org"))])
    assert not re.search(rb"^(BEGIN:VALARM|ATTACH)", data, re.MULTILINE)
    assert len(re.findall(rb"^BEGIN:", data, re.MULTILINE)) == 2


def test_what_is_called_off_is_a_cancellation() -> None:
    off = replace(ONE, called_off=True)
    assert (method_of(ONE), method_of(off)) == (REQUEST, CANCEL)
    assert properties(calendar_file([off], CANCEL))["STATUS"] == "CANCELLED"


def test_an_id_belongs_to_its_site() -> None:
    plain = replace(ONE, id="training-7")
    assert at_site(plain, "https://muster.example.org:8443/x").id == "training-7@muster.example.org"


def test_a_mail_carries_the_file_and_says_what_it_asks_for() -> None:
    file = calendar_file([ONE], REQUEST)
    made = Message("m1", "ann@example.org", "Ann", "Training", "text", "<p>html</p>", NOW, file, REQUEST)
    mail: Any = message_from_bytes(built(made, "muster@example.org", "Muster").as_bytes(), policy=policy.default)
    (part,) = mail.iter_attachments()
    assert (part.get_content_type(), part.get_param("method"), part.get_filename()) == (
        "text/calendar", "REQUEST", "training.ics",
    )  # fmt: skip
    assert "UID:training-7@muster.example.org" in part.get_content()
    assert mail.get_body(("plain",)).get_content().strip() == "text"
