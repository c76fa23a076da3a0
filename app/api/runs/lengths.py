"""Lengths of time as the API shows those of runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, overload

MINUTE: Final = timedelta(minutes=1)


@overload
def minutes(length: timedelta) -> float: ...
@overload
def minutes(length: None) -> None: ...
@overload
def minutes(length: timedelta | None) -> float | None: ...
def minutes(length: timedelta | None) -> float | None:
    """Minutes with two digits; null for no length."""
    return None if length is None else round(length / MINUTE, 2)
