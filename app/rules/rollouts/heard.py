"""How old the information about a location is. Pure.

A location is out of date when nothing was recorded there on two whole open days in a row, up to yesterday: what it
says may still be true, but nobody has shown it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from app.rules.clock import count

SILENT_DAYS: Final = 2
_FARTHEST: Final = 30


def is_out_of_date(heard: date, today: date, is_open: Callable[[date], bool]) -> bool:
    """Whether too many open days have passed without a word. Days are those of the place."""
    silent = 0
    for number in range(1, min((today - heard).days, _FARTHEST)):
        silent += is_open(today - timedelta(days=number))
        if silent == SILENT_DAYS:
            return True
    return False


def silence_words(heard: date | None, today: date) -> str:
    """`nothing heard for 3 days`."""
    if heard is None:
        return "nothing heard yet"
    return f"nothing heard for {count((today - heard).days, 'day')}"
