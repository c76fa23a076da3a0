"""Whether a figure can be taken as a reading of a metric: which days, which number, and what is plausible. Pure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from app.plan.facts import satisfied
from app.plan.format.metrics import Metric
from app.plan.terms import FIRST_YEAR, LAST_YEAR
from app.rules.clock import plain_day
from app.rules.metrics.readings import Stretch

LONGEST: Final = 366
"""Days of one reading, at most."""
_DIGITS: Final = 12
_FIGURE: Final = re.compile(r"-?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)(\.[0-9]+)?")
_MEANT: Final = {"%": ("%",), "$": ("$", "USD", "CAD", "AUD", "NZD", "SGD", "HKD")}
_PLACES: Final = 6


def figure_of(text: str) -> Decimal:
    """A figure as people write it: `1,753.5`, `62 %`, `$12`. Raises `ValueError` with what would be right; a comma that
    may be meant for decimals is no figure.
    """
    plain = (
        text.strip().replace("\u2212", "-").removesuffix("%").removeprefix("$").replace(" ", "").replace("\u00a0", "")
    )
    if not _FIGURE.fullmatch(plain):
        raise ValueError(f"“{text.strip()[:20]}” is no figure: write 1,753.5 or 1753.5, with a point for decimals")
    return checked_figure(Decimal(plain.replace(",", "")))


def sign_of(text: str) -> str:
    """`%` or `$` where a figure is written with it."""
    plain = text.strip()
    return "%" if plain.endswith("%") else "$" if plain.startswith("$") else ""


def fault_of_sign(sign: str, unit: str | None) -> str:
    """What is wrong with a figure that is written as a share or as money; empty: nothing."""
    if not sign or (unit or "").startswith(_MEANT[sign]):
        return ""
    return f"Written with {sign}, and this is read in {unit or 'plain numbers'}."


def checked_figure(value: Decimal) -> Decimal:
    """Raises `ValueError` for what no metric can be."""
    if not value.is_finite() or value.adjusted() >= _DIGITS:
        raise ValueError("the figure is too large")
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _PLACES:
        raise ValueError(f"at most {_PLACES} decimals")
    return value


def fault_of_days(first: date, last: date, today: date) -> str:
    """What is wrong with the days of a reading; empty: nothing."""
    if first > last:
        return "The first day comes after the last one."
    if not first.year >= FIRST_YEAR or not last.year <= LAST_YEAR:
        return f"A year from {FIRST_YEAR} to {LAST_YEAR}."
    if last > today:
        return f"These days are not over: {plain_day(last)} is still to come."
    if (last - first).days >= LONGEST:
        return f"A reading is over {LONGEST} days at most."
    return ""


def fault_of_value(metric: Metric, value: Decimal, baseline: Decimal | None = None) -> str:
    """Why a figure is not plausible, by what the playbook accepts; empty: it is, or nothing can be said."""
    known = None if baseline is None else float(baseline)
    if metric.accept is None or satisfied(metric.accept, float(value), known) is not False:
        return ""
    return f"{value:f} cannot be: the playbook accepts {metric.accept.text}."


def fault_of_size(size: Decimal | None) -> str:
    return "" if size is None or size > 0 else "It is the figure of more than nothing."


def shared(one: Stretch, other: Stretch) -> bool:
    """Whether two readings are over some of the same days, and not over just the same."""
    return one != other and one[0] <= other[1] and other[0] <= one[1]
