"""For how long somebody stays signed in. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

ABSOLUTE: Final = timedelta(hours=12)
"""A shift, and never longer, whatever the device."""
IDLE_OWN: Final = timedelta(hours=12)
IDLE_SHARED: Final = timedelta(minutes=30)


def is_over(*, own_device: bool, last_seen: datetime, expires: datetime, now: datetime) -> bool:
    """Whether a sign-in has ended by itself: too old, or too long without use for the kind of its device."""
    return now >= expires or now - last_seen >= (IDLE_OWN if own_device else IDLE_SHARED)
