"""A session as a calendar entry, and where each change of it stands among the others. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Mailbox:
    """Somebody as a calendar names them."""

    name: str
    email: str


@dataclass(frozen=True)
class Invitation:
    """One session for a calendar. `id` is the same for ever, `sequence` rises with every change (RFC 5545, 3.8.7.4);
    `stamp` is when it was last changed. Instants are in UTC.
    """

    id: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    minutes: int
    title: str
    place: str = ""
    details: str = ""
    called_off: bool = False
    organizer: Mailbox | None = None
    attendee: Mailbox | None = None
