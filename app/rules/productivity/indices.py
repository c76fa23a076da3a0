"""The three indices of a radiology practice: productivity, availability and intensity. Pure.

Source: Radiology Business Management Association, Productivity Measurements, formulas A to C.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.rules.productivity.relative_values import RelativeValues

BUSINESS_YEAR: Final = Decimal(2_080)
"""Hours: 52 weeks of 40."""


@dataclass(frozen=True)
class Work:
    """What was performed: procedures and their work RVU. `unvalued` are codes with their quantities for which the file
    has no value: they count among the procedures and bring no RVU, so nothing that is computed from them is sure.
    """

    procedures: int
    rvu: Decimal
    unvalued: Mapping[str, int]


def work_of(quantities: Mapping[str, int], values: RelativeValues) -> Work:
    """The work of so many procedures of each code: quantity × work RVU of its professional component."""
    known = {code: values.value(code) for code in quantities}
    rvu = sum((value * quantities[code] for code, value in known.items() if value is not None), Decimal(0))
    missing = {code: quantities[code] for code, value in known.items() if value is None}
    return Work(sum(quantities.values()), rvu, missing)


@dataclass(frozen=True, slots=True)
class Indices:
    """`productivity`: work RVU an available hour; `availability`: available hours against a business year for each
    full position; `intensity`: work RVU a procedure. None where there is nothing to divide by.
    """

    productivity: Decimal | None
    availability: Decimal | None
    intensity: Decimal | None


def indices(
    *, rvu: Decimal, procedures: int, hours: Decimal, positions: Decimal, year: Decimal = Decimal(1)
) -> Indices:
    """Of one period, which is the share `year` of one. `hours` are TASH, `positions` FTE."""
    return Indices(
        productivity=rvu / hours if hours else None,
        availability=hours / (BUSINESS_YEAR * year) / positions if positions and year else None,
        intensity=rvu / procedures if procedures else None,
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """What two sets of indices must have in common to be compared: the year of the values, the share of a year that the
    period is, and which kinds of hours were counted.
    """

    rvu_year: int
    year: Decimal
    kinds: frozenset[str]


def differences(one: Basis, other: Basis) -> tuple[str, ...]:
    """Why two of them do not compare, in words; none: they do."""
    found = []
    if one.rvu_year != other.rvu_year:
        found.append(f"relative values of {one.rvu_year} and of {other.rvu_year}")
    if one.year != other.year:
        found.append("periods of different length")
    if one.kinds != other.kinds:
        found.append(f"hours that only one of them counts: {', '.join(sorted(one.kinds ^ other.kinds))}")
    return tuple(found)
