"""Which issues a list shows: its filters, as they stand in an address. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlencode

OPEN: Final = "open"
SOLVED: Final = "solved"
ALL: Final = "all"
STATES: Final = (OPEN, SOLVED, ALL)
NETWORK: Final = "network"
"""In place of a location: what is of the whole network."""


@dataclass(frozen=True)
class IssueFilter:
    """`words` are words of a title, a number, or the name of somebody who has to do with it; empty filters nothing."""

    words: str = ""
    location: str = ""
    severity: str = ""
    kind: str = ""
    state: str = OPEN


NAMES: Final = {"words": "q", "location": "location", "severity": "severity", "kind": "kind", "state": "state"}


def query_of(wanted: IssueFilter, **more: str) -> str:
    """The filter as the query of an address; what filters nothing is left out."""
    given = {NAMES[name]: value for name, value in asdict(wanted).items() if value}
    if given.get("state") == OPEN:
        del given["state"]
    return urlencode({**given, **more})
