"""Whether a figure can be taken as a reading of a metric: which days, which number, and what is plausible. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from app.plan.facts import satisfied
from app.plan.format.metrics import Metric
from app.plan.terms import FIRST_YEAR, LAST_YEAR
from app.rules.clock import plain_day
from app.rules.metrics.readings import Stretch

LONGEST: Final = 366
"""Days of one reading, at most."""
_MOST: Final = Decimal(10) ** 12
_PLACES: Final = 6


def figure_of(text: str) -> Decimal:
    """A figure as people write it: `1,753.5`, `62 %`, `$12`. Raises `ValueError` with what would be right."""
    plain = (
        text.strip().replace(" ", "").replace("\u00a0", "").replace("\u2212", "-").removesuffix("%").removeprefix("$")
    )
    if "," in plain:
        whole, _, rest = plain.partition(".")
        groups = whole.split(",")
        if not all(len(group) == 3 for group in groups[1:]):
            raise ValueError(f"“{text.strip()[:20]}” is no figure: write 1,753.5 or 1753.5, with a point for decimals")
        plain = whole.replace(",", "") + (f".{rest}" if rest else "")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"“{text.strip()[:20]}” is no figure, as 1753.5") from None
    return checked_figure(value)


def checked_figure(value: Decimal) -> Decimal:
    """Raises `ValueError` for what no metric can be."""
    if not value.is_finite() or abs(value) >= _MOST:
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
