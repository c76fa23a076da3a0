"""Addresses of channels: secrets, of which only a part may be shown."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

SERVICES: Final = {
    "slack": "Slack",
    "workflow": "Teams",
    "workflows": "Teams",
    "https": "Web hook",
    "http": "Web hook",
}
WEB: Final = ("https", "http")


def is_web_hook(url: str) -> bool:
    """Whether we call the address ourselves, with a signature."""
    return urlsplit(url).scheme in WEB


def service(url: str) -> str:
    """What people call the service behind an address."""
    return SERVICES.get(urlsplit(url).scheme, "Text message")


def shown(url: str) -> str:
    """The service, and of a web hook its host: never the rest, which lets anybody write there."""
    parts = urlsplit(url)
    return f"{service(url)} {parts.hostname or ''}".strip() if parts.scheme in WEB else service(url)
