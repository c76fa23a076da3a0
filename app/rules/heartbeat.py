"""Whether a worker is there: it says so every few seconds, and its silence is what raises the alarm. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SILENT_AFTER: Final = timedelta(seconds=60)


def is_silent(seen: datetime | None, now: datetime) -> bool:
    """Whether no worker has looked for a minute, or ever. One seen in the future has a clock ahead of ours."""
    return seen is None or now - seen >= SILENT_AFTER
