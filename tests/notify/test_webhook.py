"""One signed POST: what arrives, what each failure is called, and where it never goes."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

import pytest

from app.notify.call import Call
from app.notify.hosts import address_of, is_open, may_be_open
from app.notify.mail import PermanentFailure, ServerAway
from app.notify.webhook import post
from tests.notify.receiver import receiver

HERE = frozenset({"127.0.0.1"})
CALL = Call(
    id="abc123def456abc123def456", url="", secret="the key", kind="issue_rung", title="Issue 3: Nö images",
    text="This issue has reached you.", link="https://muster.example.org/issues/3", about=("issue", 3),
    at=datetime(2027, 1, 5, 13, 0, tzinfo=UTC),
)  # fmt: skip


def test_the_document_arrives_signed_with_the_key_of_the_channel() -> None:
    with receiver() as hook:
        post(replace(CALL, url=hook.url), HERE)
    ((headers, body),) = hook.heard
    assert json.loads(body) == {
        "id": CALL.id, "kind": "issue_rung", "title": "Issue 3: Nö images", "text": "This issue has reached you.",
        "link": CALL.link, "about": {"kind": "issue", "id": 3}, "at": "2027-01-05T13:00:00+00:00",
    }  # fmt: skip
    assert headers["x-muster-delivery"] == CALL.id
    assert headers["x-muster-signature"] == "sha256=" + hmac.new(b"the key", body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("500", ServerAway), ("503", ServerAway), ("429", ServerAway), ("408", ServerAway), ("drop", ServerAway),
        ("404", PermanentFailure), ("410", PermanentFailure), ("elsewhere", PermanentFailure),
    ],
)  # fmt: skip
def test_a_refusal_says_whether_to_try_again_and_no_redirect_is_followed(mode: str, error: type[Exception]) -> None:
    with receiver(mode) as hook, pytest.raises(error) as refusal:
        post(replace(CALL, url=hook.url), HERE)
    assert len(hook.heard) == 1
    assert hook.url not in str(refusal.value)


@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_a_receiver_that_hangs_or_drips_is_left_alone_soon(mode: str) -> None:
    begun = monotonic()
    with receiver(mode) as hook, pytest.raises(ServerAway):
        post(replace(CALL, url=hook.url), HERE, timeout=0.5)
    assert monotonic() - begun < 5


def test_a_receiver_that_is_not_there_counts_as_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ServerAway):
            post(replace(CALL, url=f"http://127.0.0.1:{taken.getsockname()[1]}/"), HERE, timeout=1)


@pytest.mark.parametrize("url", ["https://127.0.0.1:{port}/", "https://localhost:{port}/", "https://[::1]:{port}/"])
def test_our_own_network_is_not_called(url: str) -> None:
    with receiver() as hook, pytest.raises(PermanentFailure, match="private network"):
        post(replace(CALL, url=url.format(port=hook.port)), timeout=1)
    assert hook.heard == []


def test_plain_http_goes_only_to_a_host_that_was_named() -> None:
    with receiver() as hook, pytest.raises(PermanentFailure, match="https only"):
        post(replace(CALL, url=hook.url))
    assert hook.heard == []


@pytest.mark.parametrize(
    ("address", "open_"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07::1", True), ("10.0.0.1", False), ("127.0.0.1", False),
        ("169.254.169.254", False), ("192.168.1.1", False), ("172.16.0.1", False), ("100.64.0.1", False),
        ("0.0.0.0", False), ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("224.0.0.1", False), ("::", False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_open_internet_are_open(address: str, open_: bool) -> None:
    assert is_open(address) is open_


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "db", "printer.local", "x.internal", "10.0.0.1"])
def test_some_hosts_are_private_without_asking(host: str) -> None:
    assert not may_be_open(host)


def test_a_name_that_is_not_known_is_asked_for_again_later() -> None:
    with pytest.raises(ServerAway):
        address_of("no-such-host.invalid", 443, frozenset())
