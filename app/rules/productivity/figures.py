"""All figures of one period at one location, each one on the way to the indices included. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.rules.productivity.hours import COUNTED, KIND_WORDS, NOTHING, WHOLE, HourKind, HoursLine, available_hours, fte
from app.rules.productivity.indices import BUSINESS_YEAR, Basis, Indices, indices

MOST_HOURS: Final = 10_000
MOST_SHARING: Final = 500
WEEK: Final = 168
METRICS: Final = ("tash", "fte", "pcwrvu", "procedures")
"""By these ids the playbooks ask for available hours, full positions, work RVU and procedures."""
_INCLUDED: Final = {
    HourKind.NORMAL_DAY: "normal shifts",
    HourKind.CALL_ON_SITE: "call read on site",
    HourKind.TRAVEL_BETWEEN: "travel from office to office",
}
"""As the playbooks call the hours that count."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The worksheet of one radiologist: `weekly` hours, the share of the period that was `worked`, and the lines."""

    name: str
    weekly: Decimal
    worked: Decimal = WHOLE
    lines: tuple[HoursLine, ...] = ()


def sheet_faults(sheet: Sheet) -> dict[str, str]:
    """What cannot be taken, by field; of a line with its number, from 0."""
    faults = {}
    if not 0 < sheet.weekly <= WEEK:
        faults["weekly"] = f"Hours a week, more than 0 and at most {WEEK}."
    if not 0 <= sheet.worked <= 1:
        faults["worked"] = "A share from 0 to 1, such as 0.75 for nine months of a year."
    for number, line in enumerate(sheet.lines):
        for name, value in (("times", line.times), ("hours", line.hours)):
            if not 0 <= value <= MOST_HOURS:
                faults[f"{name}-{number}"] = f"A figure from 0 to {MOST_HOURS:,}."
        if not 0 < line.shared_by <= MOST_SHARING:
            faults[f"shared_by-{number}"] = f"Shared by more than 0 and at most {MOST_SHARING} radiologists."
        if line.within and line.kind in COUNTED:
            faults[f"within-{number}"] = "Hours that count are never taken off."
    if not faults and sum((line.available for line in sheet.lines), NOTHING) < 0:
        faults["lines"] = "More hours are taken off than are counted."
    return faults


@dataclass(frozen=True, slots=True)
class SheetFigures:
    """What comes out of one worksheet."""

    sheet: Sheet
    hours: Decimal
    positions: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """Several radiologists together: those of full positions, or the others."""

    people: int
    hours: Decimal
    positions: Decimal


@dataclass(frozen=True, slots=True)
class Performed:
    """What was performed, and its work RVU (None while there are no relative values). `other` and `other_rvu` are
    contained, known as a sum only; so are `unvalued_procedures`, of `unvalued` codes that the file has no value for.
    """

    procedures: int = 0
    rvu: Decimal | None = None
    unvalued: int = 0
    unvalued_procedures: int = 0
    other: int = 0
    other_rvu: Decimal = NOTHING

    @property
    def coded(self) -> int:
        return self.procedures - self.other

    @property
    def coded_rvu(self) -> Decimal | None:
        return None if self.rvu is None else self.rvu - self.other_rvu


@dataclass(frozen=True, slots=True)
class Figures:
    """`year` is the share of one that the period is, `against_year` its hours against a business year's."""

    sheets: tuple[SheetFigures, ...]
    hours: Decimal
    positions: Decimal
    year: Decimal
    performed: Performed
    indices: Indices

    @property
    def full(self) -> Part:
        return _part(one for one in self.sheets if one.positions == 1)

    @property
    def part(self) -> Part:
        return _part(one for one in self.sheets if one.positions != 1)

    @property
    def against_year(self) -> Decimal:
        return self.hours / (BUSINESS_YEAR * self.year)

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of hours that count here, in words."""
        lines = [line for one in self.sheets for line in one.sheet.lines]
        return frozenset(KIND_WORDS[line.kind] for line in lines if line.kind in COUNTED and line.total)


def figures_of(sheets: Collection[Sheet], performed: Performed, *, full_time: Decimal, year: Decimal) -> Figures:
    """Of one period; `full_time` are the weekly hours of a full position. Raises what the rules of hours raise."""
    found = tuple(
        SheetFigures(one, available_hours(one.lines), fte(one.weekly, full_time, one.worked)) for one in sheets
    )
    hours, positions = sum((one.hours for one in found), NOTHING), sum((one.positions for one in found), NOTHING)
    of = indices(
        rvu=performed.rvu or NOTHING, procedures=performed.procedures, hours=hours, positions=positions, year=year
    )
    if performed.rvu is None or not performed.procedures:
        of = Indices(None, of.availability, None)
    return Figures(found, hours, positions, year, performed, of)


def included_hours(sheets: Iterable[Sheet]) -> list[str]:
    """The kinds of hours that count on these worksheets, as the playbooks call them."""
    found = {line.kind for sheet in sheets for line in sheet.lines if line.total}
    return [words for kind, words in _INCLUDED.items() if kind in found]


def basis_of(figures: Figures, rvu_year: int | None) -> Basis | None:
    """What the figures rest on; None without relative values."""
    return None if rvu_year is None else Basis(rvu_year, figures.year, figures.kinds)


def _part(sheets: Iterable[SheetFigures]) -> Part:
    found = list(sheets)
    return Part(len(found), sum((one.hours for one in found), NOTHING), sum((one.positions for one in found), NOTHING))
