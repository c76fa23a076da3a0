"""Slack, Teams and text messages by the library apprise: only the services named here, all at hosts of their own.

The library is imported when it is first needed: that takes a third of a second.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from app.notify.call import Call
from app.notify.mail import PermanentFailure, ServerAway, TemporaryFailure

TIMEOUT_SECONDS: Final = 10.0
SERVICES: Final = {
    "slack": ("slack",),
    "teams": ("workflow", "workflows"),
    "sms": (
        *("twilio", "vonage", "nexmo", "sinch", "msgbird", "clicksend", "plivo", "bulksms", "clickatell", "seven"),
        *("46elks", "elks", "telnyx", "d7sms", "msg91", "voipms", "sns"),
    ),
}
"""By what people choose: the schemes of addresses that are taken for it."""
WORKFLOW_HOSTS: Final = (".logic.azure.com", ".powerplatform.com", ".powerautomate.com")
_STATUS: Final = re.compile(r"error=(\d{3})\b")


class UnknownAddress(ValueError):
    """What was given as an address is none of the service."""


def address_at(service: str, typed: str) -> str:
    """What was typed as the address of a channel, as it is kept: `slack://…`; a web address that the service gave
    out is taken too. Raises UnknownAddress.
    """
    found = _sender(typed)
    if found is None or _scheme(found) not in SERVICES[service]:
        raise UnknownAddress
    address: str = found.url()
    if _scheme(found).startswith("workflow") and not str(found.host).endswith(WORKFLOW_HOSTS):
        raise UnknownAddress
    return address


def send(call: Call) -> None:
    """Hand the message to the service. Raises TemporaryFailure (ServerAway where it cannot be reached) and
    PermanentFailure; what the address holds is in no reason.
    """
    sender = _sender(call.url)
    if sender is None:
        raise PermanentFailure("The address of this channel can no longer be used.")
    sender.socket_connect_timeout = sender.socket_read_timeout = TIMEOUT_SECONDS
    sender.redirects, sender.verify_certificate = False, True
    body = f"{call.text}\n{call.link}\nRef {call.reference}"
    with _heard() as heard:
        taken = sender.notify(body=body, title=call.title, body_format="text")
    if not taken:
        raise _refusal(heard)


def _sender(url: str) -> Any:
    """The library's sender of an address; None for one that is none of the services."""
    from apprise import Apprise

    allowed = {scheme for schemes in SERVICES.values() for scheme in schemes}
    found: Any = Apprise.instantiate(url, suppress_exceptions=True)
    return found if found is not None and _scheme(found) in allowed else None


def _scheme(sender: Any) -> str:
    return str(sender.url()).partition("://")[0]


def _refusal(heard: list[str]) -> TemporaryFailure | PermanentFailure:
    """The library says only that it failed; the status that the service answered stands in its log."""
    statuses = [int(found) for line in heard for found in _STATUS.findall(line)]
    if not statuses:
        return ServerAway("The service cannot be reached.")
    status = statuses[-1]
    if 400 <= status < 500 and status not in (408, 425, 429):
        return PermanentFailure(f"The service answers {status}.")
    return TemporaryFailure(f"The service answers {status}.")


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What the library logs in this thread meanwhile; it is read here and goes nowhere else."""
    lines: list[str] = []
    own = threading.get_ident()

    class _Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == own:
                lines.append(record.getMessage())

    log, ear = logging.getLogger("apprise"), _Ear(logging.WARNING)
    log.addHandler(ear)
    log.propagate = False
    try:
        yield lines
    finally:
        log.removeHandler(ear)
