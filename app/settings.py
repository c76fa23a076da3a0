"""Settings, all from the environment: MUSTER_DATABASE_URL and so on. Each says what it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DATABASE_FILE = "muster.db"


class Settings(BaseSettings):
    """How this installation runs. Anything given by name wins over the environment."""

    model_config = SettingsConfigDict(env_prefix="MUSTER_", extra="ignore", hide_input_in_errors=True)

    data: Path = Field(default=Path("data"), description="Folder of the SQLite database and of evidence files.")
    database_url: str = Field(
        default="",
        description="The database, as an SQLAlchemy URL. Empty: the SQLite file `muster.db` in the data folder.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    base_url: str = Field(
        default="", description="Address under which people reach the site, for links. Empty: made of host and port."
    )
    secure_cookies: bool = Field(
        default=False,
        description="Cookies over HTTPS only, with the `__Host-` prefix. Set it wherever TLS ends before.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses of proxies whose word on the caller's address is taken, with commas between.",
    )
    worker: Literal["inside", "separate"] = Field(
        default="inside",
        description="`inside`: the web process does the background work; `separate`: `muster work` does.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")
    evidence_limit_mb: int = Field(default=25, ge=1, le=1024, description="Largest evidence file, in megabytes.")

    smtp_host: str = Field(default="", description="The mail server. Empty: no mail is sent, messages wait.")
    smtp_port: int = Field(default=0, ge=0, le=65535, description="Its port. 0: the usual one of `smtp_security`.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="`starttls` after connecting, `tls` from the start, or `none`."
    )
    smtp_user: str = Field(default="", description="Account at the mail server. Empty: without signing in.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Password of that account.")
    smtp_sender: str = Field(default="", description="Address that mail comes from.")

    webhook_hosts: str = Field(
        default="",
        description="Hosts in a private network that web hooks may call, also over plain http; with commas between.",
    )

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Settings:
        if self.smtp_host and "@" not in self.smtp_sender:
            raise ValueError("MUSTER_SMTP_SENDER must name the address that mail comes from")
        if self.smtp_user and self.smtp_security == "none":
            raise ValueError("MUSTER_SMTP_USER wants MUSTER_SMTP_SECURITY: a password is not sent in the clear")
        return self

    @property
    def smtp_port_used(self) -> int:
        return self.smtp_port or {"starttls": 587, "tls": 465, "none": 25}[self.smtp_security]

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_host)

    @property
    def webhook_hosts_allowed(self) -> frozenset[str]:
        return frozenset(one.strip().casefold() for one in self.webhook_hosts.split(",") if one.strip())

    @property
    def database(self) -> str:
        """The URL in use. PostgreSQL always goes through psycopg 3, whatever prefix was written."""
        if not self.database_url:
            return f"sqlite:///{self.data.absolute() / DATABASE_FILE}"
        for prefix in ("postgres://", "postgresql://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def database_file(self) -> Path | None:
        """The SQLite file in the data folder; None when a database was named."""
        return None if self.database_url else self.data / DATABASE_FILE

    @property
    def evidence_folder(self) -> Path:
        return self.data / "evidence"

    @property
    def evidence_limit(self) -> int:
        """Largest evidence file, in bytes."""
        return self.evidence_limit_mb * 1_000_000

    def invitation(self, token: str) -> str:
        """The link by which somebody joins."""
        return f"{self.address}/invitations/{token}"

    @property
    def address(self) -> str:
        """Where the site is reached, without a slash at the end."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"
