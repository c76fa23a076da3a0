"""Why a message is not sent after all."""

from __future__ import annotations

from typing import Final

GONE: Final = "What it was about can no longer be seen by this person."


class NotToSend(Exception):
    """The message is dropped; the text says why."""
