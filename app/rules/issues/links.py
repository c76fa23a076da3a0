"""Links by which an issue is acknowledged from a message: signed, for one person, and for a while. Pure.

A link holds whom it is for, which issue, which step of its clock, and until when, in plain digits, and the HMAC-SHA256
(RFC 2104) of these under a key of the installation. Nothing is stored of it: once the issue is taken it opens nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

LASTS: Final = timedelta(days=3)
_SHAPE: Final = re.compile(r"([1-9]\d{0,9})-([1-9]\d{0,9})-(\d{1,10})-(\d{1,11})-([0-9a-f]{64})", re.ASCII)
_PURPOSE: Final = "acknowledge an issue"


@dataclass(frozen=True)
class Link:
    """Whose link it is, to which issue, from which step (0: none), and until when, in whole seconds."""

    person: int
    issue: int
    step: int
    until: datetime


def signed(key: str, link: Link) -> str:
    """The link as it stands in an address."""
    said = f"{link.person}-{link.issue}-{link.step}-{int(link.until.timestamp())}"
    return f"{said}-{_signature(key, said)}"


def opened(key: str, token: str) -> Link | None:
    """What a link says, whether or not its time is over; None for one that was not made here."""
    found = _SHAPE.fullmatch(token)
    if found is None or not key:
        return None
    person, issue, step, until, signature = found.groups()
    if not hmac.compare_digest(signature, _signature(key, f"{person}-{issue}-{step}-{until}")):
        return None
    return Link(int(person), int(issue), int(step), datetime.fromtimestamp(int(until), UTC))


def _signature(key: str, said: str) -> str:
    return hmac.new(key.encode(), f"{_PURPOSE}:{said}".encode(), hashlib.sha256).hexdigest()
