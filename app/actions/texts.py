"""What people type, made safe to keep: trimmed, of one line or of several, within a limit."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from app.errors import Invalid
from app.plan.terms import PROSE_LIMIT, TITLE_LIMIT

EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]{1,64}@[^@\s.\"(),:;<>\[\\\]]+(\.[^@\s.\"(),:;<>\[\\\]]+)*")
EMAIL_LIMIT = 254
LONGEST_LINK = 2_000


def one_line(field: str, value: str, limit: int = TITLE_LIMIT) -> str:
    """A required text without line breaks or control characters, composed (NFC). Raises Invalid."""
    text = unicodedata.normalize("NFC", " ".join(value.split()))
    if not text:
        raise Invalid({field: "Say something here."})
    return _checked(field, text, limit)


def prose(field: str, value: str, limit: int = PROSE_LIMIT, *, required: bool = True) -> str:
    """A text of several lines; line ends become plain newlines. Raises Invalid."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n").strip())
    if required and not text:
        raise Invalid({field: "Say something here."})
    return _checked(field, text, limit)


def _checked(field: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise Invalid({field: f"At most {limit} characters; this has {len(text)}."})
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in text):
        raise Invalid({field: "This holds a character that cannot be shown."})
    return text


def email(field: str, value: str) -> str:
    """An address as it is compared: casefolded, so that one mailbox is one account. Raises Invalid."""
    text = mailbox(value)
    if len(text) > EMAIL_LIMIT or not EMAIL.fullmatch(text):
        raise Invalid({field: "Write an e-mail address, such as name@example.org."})
    return _checked(field, text, EMAIL_LIMIT)


def mailbox(value: str) -> str:
    """Whatever was typed as an address, in the form in which addresses are compared."""
    return printable(unicodedata.normalize("NFC", value.strip())).casefold()


def printable(value: str) -> str:
    """The text without the characters that cannot be shown, for what is kept but not judged."""
    return "".join(character for character in value if character.isprintable())


def file_name(value: str) -> str:
    """The last part of the name of a file, for showing only."""
    return printable(PurePosixPath(value.replace("\\", "/")).name)[:200] or "file"


def link(field: str, value: str) -> str:
    """An https address without a name or a password in it. Raises Invalid."""
    url = one_line(field, value, LONGEST_LINK)
    if not _is_https(url):
        raise Invalid({field: "Write an address that begins with https://"})
    return url


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and " " not in url and parts.username is None
    except ValueError:
        return False
