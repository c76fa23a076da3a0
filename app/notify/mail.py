"""SMTP: one message, one conversation, each step with a time limit."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from typing import Final, Literal

from app.notify.message import Message, Unwritable, built

TIMEOUT_SECONDS: Final = 10.0
LONGEST_REASON: Final = 300


class TemporaryFailure(Exception):
    """Not sent now; a later try may succeed."""


class ServerAway(TemporaryFailure):
    """The mail server cannot be reached, or does not serve us at all: nothing is the message's fault."""


class PermanentFailure(Exception):
    """Refused for good: sending it again would not help."""


@dataclass(frozen=True)
class Smtp:
    """How to reach the mail server. `security`: STARTTLS after connecting, TLS from the start, or none."""

    host: str
    port: int
    sender: str
    sender_name: str = "Muster"
    user: str = ""
    password: str = ""
    security: Literal["starttls", "tls", "none"] = "starttls"
    timeout: float = TIMEOUT_SECONDS


def send(smtp: Smtp, message: Message) -> None:
    """Hand a message to the server. Raises TemporaryFailure (ServerAway where the server is at fault) and
    PermanentFailure, with a reason that can be shown. When the connection ends after the message was accepted, it was
    sent; when it ends before that is known, it counts as not sent.
    """
    try:
        mail = built(message, smtp.sender, smtp.sender_name)
    except Unwritable as error:
        raise PermanentFailure(str(error)) from error
    with _conversation(smtp) as server:
        _hand_over(server, smtp, message.to, mail)


@contextmanager
def _conversation(smtp: Smtp) -> Iterator[smtplib.SMTP]:
    """A server that has taken us in; left without waiting for its good-bye."""
    server = None
    try:
        server = _connected(smtp)
        if smtp.user:
            server.login(smtp.user, smtp.password)
        yield server
    except (OSError, smtplib.SMTPException) as error:  # SMTPException is an OSError; named for the reader
        raise ServerAway(_reason(error)) from error
    finally:
        if server is not None:
            with suppress(OSError):
                server.quit()
            server.close()


def _connected(smtp: Smtp) -> smtplib.SMTP:
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=smtp.timeout, context=ssl.create_default_context())
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout)
    try:
        if smtp.security == "starttls":
            server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise
    return server


def _hand_over(server: smtplib.SMTP, smtp: Smtp, to: str, mail: EmailMessage) -> None:
    try:
        server.send_message(mail, from_addr=smtp.sender, to_addrs=[mail["To"].addresses[0].addr_spec])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _refusal(code)(_reply(code, said)) from error
    except smtplib.SMTPSenderRefused as error:  # our own address: nobody's message would be taken
        raise ServerAway(_reply(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code)(_reply(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise PermanentFailure("The mail server takes no addresses with such letters.") from error


def _refusal(code: int) -> type[TemporaryFailure] | type[PermanentFailure]:
    return PermanentFailure if 500 <= code < 600 else TemporaryFailure


def _reply(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return _shown(f"{code} {text}")


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The mail server said: {_reply(error.smtp_code, error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server's certificate does not hold: {_shown(error.verify_message)}"
    if isinstance(error, TimeoutError):
        return "The mail server did not answer in time."
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"The mail server cannot be used: {_shown(str(said))}"


def _shown(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_REASON]


def sender_to(smtp: Smtp) -> partial[None]:
    """`send` to that server, as the worker takes it."""
    return partial(send, smtp)
