"""Whether a worker is there: it says so every few seconds, and its silence is what raises the alarm. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SILENT_AFTER: Final = timedelta(seconds=60)
STOPPED_AFTER: Final = timedelta(minutes=2)


def is_silent(seen: datetime | None, now: datetime) -> bool:
    """Whether no worker has looked for a minute, or ever. One seen in the future has a clock ahead of ours."""
    return seen is None or now - seen >= SILENT_AFTER


def has_stopped(swept: datetime | None, now: datetime) -> bool:
    """Whether nobody has looked at the clocks of issues for two minutes, or ever: then nothing is escalated."""
    return swept is None or now - swept >= STOPPED_AFTER
