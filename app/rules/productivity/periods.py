"""The share of a year that a period is. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Final

_FOUR: Final = Decimal("0.0001")


def share_of_year(first: date, last: date) -> Decimal:
    """To four digits: whole months are twelfths, whatever their length; other periods their days out of 365.

    Raises `ValueError` for a period that ends before it begins.
    """
    if last < first:
        raise ValueError("ends before it begins")
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        return (Decimal(months) / 12).quantize(_FOUR)
    return (Decimal((last - first).days + 1) / 365).quantize(_FOUR)
