"""One mail, built so that nothing in it can become a header of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

LONGEST_HEADER: Final = 200


class Unwritable(ValueError):
    """An address that no mail can carry."""


@dataclass(frozen=True)
class Message:
    """What is sent to whom. `id` is the same for every try, `at` is in UTC; `html` shows what `text` says.
    `calendar` is a file that goes along, and `method` what it asks a calendar to do (RFC 5546).
    """

    id: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str
    at: datetime
    calendar: bytes = b""
    method: str = ""


def built(message: Message, sender: str, sender_name: str) -> EmailMessage:
    """The mail as it is sent. Raises Unwritable."""
    mail = EmailMessage(policy=policy.SMTP.clone(cte_type="7bit"))
    mail["From"] = address(sender, sender_name)
    mail["To"] = address(message.to, message.to_name)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{one_line(message.id)}@{address(sender, '').domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    if message.calendar:
        mail.add_attachment(
            message.calendar.decode(), subtype="calendar", filename="training.ics", params={"method": message.method}
        )
    return mail


def one_line(text: str) -> str:
    """The text without line ends and control characters, and no longer than a header should be."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(plain.split())[:LONGEST_HEADER]


def address(spec: str, name: str) -> Address:
    """A mailbox with the name shown beside it; a domain with other letters is written in its ASCII form."""
    local, at, domain = spec.rpartition("@")
    try:
        if not (at and local and domain) or any(not c.isprintable() or c.isspace() for c in spec):
            raise ValueError
        return Address(one_line(name), local, domain if domain.isascii() else domain.encode("idna").decode())
    except ValueError as error:
        raise Unwritable("This address cannot be written to.") from error
