"""The answers to what an upgrade asks: a conflict is settled one way or the other, a day is named for what comes too
late. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256

from app.plan.language.dates import parse_iso_date
from app.plan.problems import Wrong
from app.rules.upgrades.lines import NEW, OURS, Line

Choices = Mapping[str, str]
"""What was chosen, by the key of the line: `new` or `ours` for a conflict, a day as 2027-02-05 for what comes late."""


def unanswered(lines: Iterable[Line], choices: Choices, today: Mapping[str, date]) -> dict[str, str]:
    """What is wrong with the answer to each line that asks, by its key; `today` is the day at each place."""
    found = {line.key: _fault(line, choices.get(line.key, ""), today[line.location]) for line in lines if line.asks}
    return {key: fault for key, fault in found.items() if fault}


def _fault(line: Line, choice: str, today: date) -> str:
    if not line.asks_due:
        return "" if choice in (NEW, OURS) else "Say which of the two holds."
    day = day_of(choice)
    if day is None:
        return "Name a day: the one of the playbook has passed."
    if day < today:
        return "Name a day that has not passed."
    return "" if (day - today).days <= _FARTHEST else "Choose a day of this rollout."


_FARTHEST = 3 * 366


def day_of(choice: str) -> date | None:
    """The day of a choice; None for another."""
    try:
        return parse_iso_date(choice) if choice else None
    except (Wrong, ValueError):
        return None


def takes_new(line: Line, choices: Choices) -> bool:
    """Whether a conflict was settled for the newer version."""
    return choices.get(line.key) == NEW


def fingerprint(lines: Iterable[Line], beside: Iterable[object]) -> str:
    """One word for everything that is shown, but for what is chosen: what was shown is what is done. `beside` is what
    else moves.
    """
    told = [[line.told for line in lines], [str(one) for one in beside]]
    return sha256(json.dumps(told, default=str).encode()).hexdigest()[:32]
