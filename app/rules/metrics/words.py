"""Figures in words, with no more digits than a reader can use. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from app.rules.clock import MINUS, NBSP
from app.rules.metrics.money import currency_of
from app.rules.metrics.wins import weeks_words

_TENTH: Final = Decimal("0.1")
_HUNDREDTH: Final = Decimal("0.01")
_SMALL: Final = 10


def number(value: Decimal | float) -> str:
    """`1,753`, `45.1`, `0.85`: no more digits than a reader can use."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    size = abs(exact)
    step = Decimal(1) if size >= 1000 else _TENTH if size >= _SMALL else _HUNDREDTH
    text = f"{exact.quantize(step):,f}"
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return ("0" if plain in ("-0", "") else plain).replace("-", MINUS)


def figure(value: Decimal | float | None, unit: str | None) -> str:
    """`38.2 days`, `8%`, `USD 12`; empty for None."""
    if value is None:
        return ""
    if unit == "%":
        return f"{number(value)}%"
    if currency := currency_of(unit):
        rest = (unit or "").removeprefix(currency)
        return f"{currency}{NBSP}{number(value)}{rest}"
    return f"{number(value)}{NBSP}{unit}" if unit else number(value)


def from_to(before: Decimal | float, now: Decimal | float, unit: str | None) -> str:
    """`from 45 to 37.8 days`, `from 9% to 6%`."""
    first, last = figure(before, unit), figure(now, unit)
    ending = f"{NBSP}{unit}" if unit and unit != "%" else ""
    return f"from {first.removesuffix(ending) if ending and last.endswith(ending) else first} to {last}"


def moved_words(before: Decimal, now: Decimal, unit: str | None, live: date, last: date) -> str:
    """`fell from 9% to 6% in three weeks`: what became of a figure since a go-live."""
    verb = "fell" if now < before else "rose"
    return f"{verb} {from_to(before, now, unit)} {weeks_words(live, last)}"
