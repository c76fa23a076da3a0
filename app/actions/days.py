"""Days that people give: only those that a plan can reckon with."""

from __future__ import annotations

from datetime import date

from app.errors import Invalid
from app.plan.terms import FIRST_YEAR, LAST_YEAR

OUTSIDE = f"Give a day in the years {FIRST_YEAR} to {LAST_YEAR}."


def demand_years(**days: date | None) -> None:
    """Raises Invalid for every field whose day lies outside the years of a plan (no day is no fault)."""
    wrong = {name: OUTSIDE for name, day in days.items() if day and not FIRST_YEAR <= day.year <= LAST_YEAR}
    if wrong:
        raise Invalid(wrong)
