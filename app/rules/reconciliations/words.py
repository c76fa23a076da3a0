"""Figures and answers of a day in words. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from app.plan.format.rhythm import ReconciliationLine
from app.rules.clock import MINUS
from app.rules.reconciliations.judging import Variance, variance

_CENT: Final = Decimal("0.01")
_MOST: Final = Decimal(1_000_000)


def variance_of(line: ReconciliationLine, left: Decimal | None, right: Decimal | None) -> Variance | None:
    """The variance of a line that was counted on both sides."""
    return variance(line.tolerance, left, right) if line.compare and left is not None and right is not None else None


def figure(count: Decimal | None) -> str:
    """`1,204.50`, with every digit that was given."""
    return "" if count is None else f"{count:,f}".replace("-", MINUS)


def signed(amount: Decimal) -> str:
    """`+3`, a true minus for less, `0`."""
    return f"+{figure(amount)}" if amount > 0 else figure(amount) if amount else "0"


def percent_words(percent: Decimal) -> str:
    """`+0.73%`, to a hundredth of a percent; what is less than half of that, or beyond all sense, is said so."""
    if abs(percent) > _MOST:
        return f"more than {figure(_MOST)}%"
    rounded = percent.quantize(_CENT, ROUND_HALF_UP)
    if percent and not rounded:
        return "under 0.01%"
    return f"{signed(rounded.normalize() if rounded else Decimal(0))}%"


def tolerance_words(line: ReconciliationLine) -> str:
    """As the playbook writes it, with its unit; `none` where both must agree."""
    if line.tolerance.text == "0":
        return "none"
    unit = f" {line.unit}" if line.unit and line.tolerance.percent is None else ""
    return f"{line.tolerance.text.replace(' %', '%')}{unit}"


def answer_words(line: ReconciliationLine, value: Any) -> str:
    """An answer as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    unit = line.answer.unit if line.answer else ""
    return f"{value} {unit}".strip() if value is not None else ""
