"""Calendar files (iCalendar, RFC 5545) of sessions, meetings and duties; invitations and changes of them (RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from app.rules.training.invitation import Invitation, Mailbox

LONGEST_LINE: Final = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""
PRODUCT: Final = "-//Muster//EN"
REQUEST: Final = "REQUEST"
CANCEL: Final = "CANCEL"
PUBLISH: Final = "PUBLISH"


def method_of(invitation: Invitation) -> str:
    """What a mail asks a calendar to do: to take the session in, or out."""
    return CANCEL if invitation.called_off else REQUEST


def at_site(invitation: Invitation, address: str) -> Invitation:
    """The same with the name of this site behind its id, so that no other site has it (RFC 5545, 3.8.4.7)."""
    return replace(invitation, id=f"{invitation.id}@{urlsplit(address).hostname or 'muster'}")


def calendar_file(invitations: Sequence[Invitation], method: str = PUBLISH) -> bytes:
    """The file, its lines folded and ended by CRLF. Times are in UTC, so that it names no zone of its own."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}"]
    for one in invitations:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(one: Invitation) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(one.id)}"
    yield f"DTSTAMP:{_stamp(one.stamp)}"
    yield f"SEQUENCE:{one.sequence}"
    yield f"DTSTART:{_stamp(one.starts_at)}"
    yield f"DTEND:{_stamp(one.starts_at + timedelta(minutes=one.minutes))}"
    yield f"SUMMARY:{_escaped(one.title)}"
    if one.place:
        yield f"LOCATION:{_escaped(one.place)}"
    if one.details:
        yield f"DESCRIPTION:{_escaped(one.details)}"
    yield f"STATUS:{'CANCELLED' if one.called_off else 'CONFIRMED'}"
    yield from _people(one.organizer, one.attendee)
    yield "END:VEVENT"


def _people(organizer: Mailbox | None, attendee: Mailbox | None) -> Iterable[str]:
    if organizer:
        yield f"ORGANIZER;CN={_quoted(organizer.name)}:mailto:{_address(organizer.email)}"
    if attendee:
        what = "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
        yield f"ATTENDEE;CN={_quoted(attendee.name)};{what}:mailto:{_address(attendee.email)}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """TEXT as a property has it (RFC 5545, 3.3.11); other control characters have no place in a file."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        lines = lines.replace(sign, written)
    return _printable(lines)


def _quoted(text: str) -> str:
    """A parameter's value: in quotes, within which a quote has no way to stand (RFC 5545, 3.2)."""
    return f'"{_printable(" ".join(text.split())).replace(chr(34), chr(39))}"'


def _address(email: str) -> str:
    return "".join(sign for sign in email if sign.isprintable() and not sign.isspace())


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign == "\t")


def _folded(line: str) -> bytes:
    """A line in pieces of at most `LONGEST_LINE` octets, none of which cuts a character in two."""
    pieces, piece = [], b""
    for sign in line:
        octets = sign.encode("utf-8")
        if len(piece) + len(octets) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
