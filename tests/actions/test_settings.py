"""Settings of the mail server: whole or refused, and a password is never shown."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.serving import _read
from app.settings import Settings
from app.worker.post import office_of

SECRET = "canary-smtp-password"


def test_without_a_mail_server_there_is_no_office() -> None:
    assert office_of(Settings()) is None


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_from_the_security(security: str, port: int) -> None:
    given = Settings(smtp_host="mail.example.org", smtp_sender="muster@example.org", smtp_security=security)  # type: ignore[arg-type]
    assert given.smtp_port_used == port
    assert office_of(given) is not None


@pytest.mark.parametrize(
    "given",
    [
        {"smtp_host": "mail.example.org"},
        {"smtp_host": "mail.example.org", "smtp_sender": "m@example.org", "smtp_user": "m", "smtp_security": "none"},
        {"smtp_port": "x"},
    ],
)
def test_half_a_mail_server_stops_the_start_without_showing_the_password(given: dict[str, str]) -> None:
    everything = {**given, "smtp_password": SECRET}
    with pytest.raises(ValidationError) as fault:
        Settings(**everything)  # type: ignore[arg-type]
    assert SECRET not in str(fault.value)
    with pytest.raises(SystemExit) as end:
        _read(everything)
    assert str(end.value).startswith("Muster does not start. ")
    assert SECRET not in str(end.value)


def test_the_password_is_not_shown_by_the_settings_themselves() -> None:
    assert SECRET not in repr(Settings(smtp_password=SECRET))  # type: ignore[arg-type]
