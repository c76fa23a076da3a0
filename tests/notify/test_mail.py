"""One message over SMTP: what arrives, and what each failure of the other side is called."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

from app.notify.mail import PermanentFailure, ServerAway, Smtp, TemporaryFailure, send
from app.notify.message import Message
from tests.notify.sink import Sink, sink

AT = datetime(2027, 1, 5, 13, 0, tzinfo=UTC)


def message(**changes: str) -> Message:
    facts = {
        "id": "abc123", "to": "chiara@example.org", "to_name": "Chiara Amato", "subject": "Yours now: Photograph",
        "text": "Ünïcödé\n.\na line", "html": "<p>Ünïcödé</p>", **changes,
    }  # fmt: skip
    return Message(**facts, at=AT)  # type: ignore[arg-type]


def smtp(server: Sink, **changes: object) -> Smtp:
    return Smtp(
        "127.0.0.1",
        server.port,
        "muster@example.org",
        security="none",
        timeout=1.0,
        **changes,  # type: ignore[arg-type]
    )


def test_a_message_arrives_whole_with_its_id_and_as_an_automatic_one() -> None:
    with sink() as server:
        send(smtp(server), message())
    (mail,) = server.taken
    assert mail["Message-ID"] == "<abc123@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == "Chiara Amato <chiara@example.org>"
    assert mail["From"] == "Muster <muster@example.org>"
    assert mail["Date"].datetime == AT
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and page is not None
    assert plain.get_content().splitlines() == ["Ünïcödé", ".", "a line"]
    assert page.get_content().strip() == "<p>Ünïcödé</p>"
    envelope = [part.upper() for part in server.envelopes[0]]
    assert envelope == ["MAIL FROM:<MUSTER@EXAMPLE.ORG>", "RCPT TO:<CHIARA@EXAMPLE.ORG>"]


@pytest.mark.parametrize("evil", ["x\r\nBcc: thief@example.org", "x\nBcc: thief@example.org", "x\u2028Bcc: y", "x\0y"])
@pytest.mark.parametrize("field", ["subject", "to_name", "id"])
def test_nothing_typed_becomes_a_header(field: str, evil: str) -> None:
    with sink() as server:
        send(smtp(server), message(**{field: evil}))
    (mail,) = server.taken
    assert sorted(mail.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version",
         "Content-Type"]
    )  # fmt: skip
    assert len(server.envelopes) == 1


@pytest.mark.parametrize("to", ["a@b\r\nRCPT TO:<thief@example.org>", "no-at", "@x", "a b@c.org", "a@\nb", ""])
def test_an_address_that_is_none_is_refused_for_good_before_anybody_is_called(to: str) -> None:
    with sink() as server, pytest.raises(PermanentFailure):
        send(smtp(server), message(to=to))
    assert server.envelopes == []


@pytest.mark.parametrize(
    ("mode", "error", "reason"),
    [
        ("refuse", PermanentFailure, "550 no such mailbox"),
        ("data", PermanentFailure, "554 we do not like this"),
        ("defer", TemporaryFailure, "451 later, please"),
        ("sender", ServerAway, "550 not from you"),
    ],
)
def test_a_refusal_says_why_and_whether_to_try_again(mode: str, error: type[Exception], reason: str) -> None:
    with sink(mode) as server, pytest.raises(error) as refusal:
        send(smtp(server), message())
    assert type(refusal.value) is error
    assert str(refusal.value) == reason
    assert server.taken == []


@pytest.mark.parametrize("mode", ["hang", "drop"])
def test_a_server_that_says_nothing_counts_as_away(mode: str) -> None:
    with sink(mode) as server, pytest.raises(ServerAway):
        send(smtp(server), message())


def test_a_server_that_is_not_there_counts_as_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ServerAway):
            send(Smtp("127.0.0.1", port, "muster@example.org", security="none", timeout=1.0), message())


def test_what_was_taken_before_the_line_broke_is_sent() -> None:
    with sink("farewell") as server:
        send(smtp(server), message())
    assert len(server.taken) == 1


def test_without_starttls_nothing_is_sent_in_the_clear() -> None:
    with sink() as server, pytest.raises(ServerAway, match="STARTTLS"):
        send(Smtp("127.0.0.1", server.port, "muster@example.org", user="u", password="p", timeout=1.0), message())
    assert server.taken == []
