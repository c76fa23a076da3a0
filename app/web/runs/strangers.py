"""Whoever tries links to walls that open nothing is answered later and later: so many of an address, then none."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from app.errors import NotFound, Throttled

TRIES, WINDOW = 20, timedelta(minutes=15)
MOST_ADDRESSES: Final = 10_000


class Strangers:
    """When unknown links came from which address, in this process."""

    def __init__(self) -> None:
        self._came: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def refuse(self, address: str, now: datetime) -> NotFound | Throttled:
        """What one more of them is answered."""
        with self._lock:
            came = self._came.setdefault(address, deque(maxlen=TRIES))
            self._came.move_to_end(address)
            while len(self._came) > MOST_ADDRESSES:
                self._came.popitem(last=False)
            while came and came[0] <= now - WINDOW:
                came.popleft()
            if len(came) == TRIES:
                return Throttled(came[0] + WINDOW, now)
            came.append(now)
            return NotFound("wall")


def strangers_of(app: Any) -> Strangers:
    """Those of this process."""
    if not hasattr(app.state, "strangers"):
        app.state.strangers = Strangers()
    found: Strangers = app.state.strangers
    return found
