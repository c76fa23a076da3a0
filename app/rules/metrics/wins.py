"""Early wins: what has clearly become better since a go-live, found from the readings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from app.rules.metrics.course import change
from app.rules.metrics.readings import Reading

IN_A_ROW: Final = 2
LEAST: Final = Decimal(10)
"""Percent of the baseline."""
FRESH: Final = timedelta(days=14)
RULE: Final = (
    "Muster calls it a win when at least two readings in a row that count, the newest of them not older than 14"
    " days, are each at least 10% better than the baseline. Weeks that the playbook leaves out do not count."
)


def better_run(counted: Sequence[Reading], baseline: Decimal | None, better: str | None, live: date | None) -> int:
    """How many of the last readings in a row are clearly better than the baseline. Only what was read from the go-live
    on counts; `counted` are in the order of their days.

    >>> read = [Reading(date(2027, 3, day), date(2027, 3, day + 6), Decimal(v)) for day, v in ((1, 9), (8, 7), (15, 6))]
    >>> better_run(read, Decimal(9), "lower", date(2027, 3, 1))
    2
    """
    if baseline is None or better is None or live is None:
        return 0
    run = 0
    for one in reversed(counted):
        if one.first < live or not _clearly(baseline, one.value, better):
            break
        run += 1
    return run


def _clearly(baseline: Decimal, value: Decimal, better: str) -> bool:
    found = change(baseline, value, better)
    return found.better is True and found.percent is not None and abs(found.percent) >= LEAST


def is_win(run: int, last: date | None, today: date) -> bool:
    """Whether it is one on a day: long enough, and not old."""
    return run >= IN_A_ROW and last is not None and today - FRESH <= last <= today


def weeks_words(live: date, last: date) -> str:
    """How long it took, from the go-live to the last day of the newest reading: `in three weeks`."""
    weeks = max(1, round(((last - live).days + 1) / 7))
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    said = words[weeks - 1] if weeks <= len(words) else str(weeks)
    return f"in {said} {'week' if weeks == 1 else 'weeks'}"
