"""Slack, Teams and text messages: only services at hosts of their own, and what each failure is called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from apprise.plugins.slack import NotifySlack

from app.notify.apprise import SERVICES, UnknownAddress, address_at, send
from app.notify.call import Call
from app.notify.mail import PermanentFailure, ServerAway, TemporaryFailure
from tests.notify.receiver import Receiver, receiver

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
TOKEN = "TIiajkdnlazkcOXrIdevi7FQ"


def call(url: str = SLACK) -> Call:
    return Call(
        id="abc123def456abc1", url=url, secret="", kind="issue_rung", title="Issue 3: <!channel> & co",
        text="This issue has reached you.", link="https://muster.example.org/issues/3", about=("issue", 3),
        at=datetime(2027, 1, 5, 13, 0, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Slack's own machine, on loopback."""
    with receiver("200") as hook:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{hook.port}")
        yield hook


def test_an_address_that_slack_gave_out_is_taken() -> None:
    assert address_at("slack", f"https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{TOKEN}").startswith(SLACK)


@pytest.mark.parametrize(
    ("service", "typed"),
    [
        ("slack", "json://10.0.0.1/x"),
        ("slack", "file:///etc/passwd"),
        ("slack", "https://10.0.0.1/x"),
        ("slack", "nonsense"),
        ("sms", SLACK),
        ("sms", "smseagle://token@10.0.0.1/15551234567"),
        ("teams", "workflow://10.0.0.1:443/643e69f83c8944438d68119179a10a64/KODuebWbDGYFr0z0eu1234567"),
        ("teams", "workflow://logic.azure.com.evil.org/643e69f83c8944438d68119179a10a64/KODuebWbDGYFr0z0eu1234567"),
    ],
)
def test_nothing_else_is_taken(service: str, typed: str) -> None:
    with pytest.raises(UnknownAddress):
        address_at(service, typed)


def test_every_service_that_is_offered_is_known_to_the_library() -> None:
    from apprise import Apprise

    found = Apprise().details()["schemas"]
    known = {scheme for one in found for kind in ("protocols", "secure_protocols") for scheme in (one[kind] or [])}
    assert {scheme for schemes in SERVICES.values() for scheme in schemes} <= known


def test_a_message_arrives_with_its_reference_and_nothing_typed_calls_everybody(slack: Receiver) -> None:
    send(call())
    ((_, body),) = slack.heard
    text = json.dumps(json.loads(body))
    assert "Ref abc123def456" in text
    assert "https://muster.example.org/issues/3" in text
    assert "<!channel>" not in text


@pytest.mark.parametrize(
    ("mode", "error"), [("404", PermanentFailure), ("500", TemporaryFailure), ("429", TemporaryFailure)]
)
def test_a_refusal_says_whether_to_try_again_and_not_the_address(
    slack: Receiver, mode: str, error: type[Exception]
) -> None:
    slack.mode = mode
    with pytest.raises(error) as refusal:
        send(call())
    assert str(refusal.value) == f"The service answers {mode}."


def test_a_service_that_closes_the_line_counts_as_away(slack: Receiver) -> None:
    slack.mode = "drop"
    with pytest.raises(ServerAway) as refusal:
        send(call())
    assert TOKEN not in str(refusal.value)


def test_an_address_that_is_no_longer_taken_is_refused_for_good() -> None:
    with pytest.raises(PermanentFailure):
        send(call("json://127.0.0.1/x"))
