"""Figures of productivity in words: as many digits as the source prints, and where a value lies."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from app.errors import Stale
from app.rules.clock import plain_day
from app.rules.productivity.benchmarks import METRICS, Band
from app.rules.productivity.indices import Basis

DIGITS: Final = {"productivity": 2, "availability": 3, "intensity": 2}
UNITS: Final = {
    "productivity": "work RVU an available hour",
    "availability": "of a business year for each full position",
    "intensity": "work RVU a procedure",
}
NOTHING: Final = "–"
_ACTS: Final = {
    "begun": "opened a period of productivity",
    "removed": "took a period of productivity away",
    "worksheet_put": "added a worksheet of hours",
    "worksheet_replaced": "changed a worksheet of hours",
    "worksheet_removed": "took a worksheet of hours away",
    "worksheets_put": "brought worksheets of hours",
    "procedures_brought": "brought a file of procedures",
    "procedures_counted": "counted the procedures of a file",
    "procedures_left_out": "left a file of procedures out",
}


def act_words(act: str) -> str:
    """A past participle of an event as a clause: who … `added a worksheet of hours`."""
    return _ACTS.get(act, "changed what a period of productivity rests on")


def stale_words(stale: Stale) -> str:
    return f"{stale.who} {act_words(stale.what)} in the meantime."


def rounded(value: Decimal | None, digits: int = 2) -> str:
    """`115,369.00`; a dash for none."""
    if value is None:
        return NOTHING
    return f"{value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,f}"


def plain(value: Decimal) -> str:
    """As few digits as it has: `1,753`, `0.25`."""
    return f"{value.normalize():,f}"


def typed(value: Decimal) -> str:
    """As somebody would type it."""
    return f"{value.normalize():f}"


def index_words(metric: str, value: Decimal | None) -> str:
    return rounded(value, DIGITS[metric])


def metric_words(metric: str) -> str:
    return METRICS[metric]


def band_words(found: Band | None) -> str:
    """`p25 to p50`, `below p25`, `p75 or above`."""
    if found is None:
        return NOTHING
    if found.low is None:
        return f"below p{found.high}"
    return f"p{found.low} or above" if found.high is None else f"p{found.low} to p{found.high}"


def period_words(first: date, last: date) -> str:
    """`2026` for a year of the calendar, else both days."""
    if (first.month, first.day, last.month, last.day, last.year) == (1, 1, 12, 31, first.year):
        return str(first.year)
    return f"{plain_day(first)} to {plain_day(last)}"


def share_words(year: Decimal) -> str:
    return "one year" if year == 1 else f"{plain(year)} of a year"


def basis_words(basis: Basis | None) -> str:
    """What figures rest on, in a sentence."""
    if basis is None:
        return "No relative values are chosen."
    kinds = "; ".join(sorted(basis.kinds)) or "none"
    return f"Relative values of {basis.rvu_year}; {share_words(basis.year)}; hours counted: {kinds}."
