"""Which lessons a list shows: its filters, as they stand in an address. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlencode

from app.rules.lessons.standing import State

STATES: Final = tuple(state.value for state in State)
NETWORK: Final = "network"
"""In place of a location: what is of the whole network."""


@dataclass(frozen=True)
class LessonFilter:
    """Empty filters nothing."""

    state: str = ""
    location: str = ""


def query_of(wanted: LessonFilter, **more: str) -> str:
    """The filter as the query of an address; what filters nothing is left out."""
    return urlencode({**{name: value for name, value in asdict(wanted).items() if value}, **more})
