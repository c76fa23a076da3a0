"""Productivity as the API shows it. Figures are texts, since numbers of JSON are not exact."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from app.api.fields import Shown
from app.rules.productivity.hours import HourKind


class BasisShown(Shown):
    """What two periods must have in common to be compared."""

    rvu_year: int
    year: str = Field(description="The share of a year that the period is.")
    hours: list[str] = Field(description="The kinds of hours that count, in words.")


class IndicesShown(Shown):
    """Null where there is nothing to divide by."""

    productivity: str | None = Field(description="Work RVU an available hour.")
    availability: str | None = Field(description="Available hours against a business year for each full position.")
    intensity: str | None = Field(description="Work RVU a procedure.")


class PeriodItem(Shown):
    """A period at a location with its indices."""

    id: int
    location: str
    first: date
    last: date
    full_time: str = Field(description="Weekly hours of a full position.")
    values: int | None = Field(description="The file of relative values that it rests on.")
    hours: str = Field(description="Total available staffed hours (TASH).")
    positions: str = Field(description="Full positions (FTE).")
    procedures: int
    rvu: str | None = Field(description="Work RVU of the professional component; null without relative values.")
    unvalued: int = Field(description="Codes that the file has no value for: they bring no RVU.")
    unvalued_procedures: int
    indices: IndicesShown
    basis: BasisShown | None
    version: int


class HoursShown(Shown):
    """A line of hours: so many times so many, shared by so many radiologists."""

    kind: HourKind
    times: str
    hours: str
    shared_by: str
    within: bool = Field(description="They lie within hours that count, and are taken off them.")
    note: str
    total: str
    counts: Literal["counted", "taken off", "not counted"]
    available: str = Field(description="What the line adds to the available hours, or takes off them.")


class WorksheetShown(Shown):
    """The hours of one radiologist."""

    id: int
    name: str | None = Field(description="Null where you may not know whose it is.")
    weekly: str
    worked: str = Field(description="The share of the period that they were there.")
    hours: str
    positions: str
    lines: list[HoursShown]


class CodeShown(Shown):
    code: str
    quantity: int
    work: str | None
    extended: str | None


class UploadShown(Shown):
    """Procedures of a period. `faulty` lines were passed over; those of the technical component are left out."""

    id: int
    lines: int
    technical: int
    codes: int
    procedures: int
    other: int = Field(description="Of the procedures those that are known as a sum only.")
    other_rvu: str
    faulty: int
    counted_at: datetime | None


class PeriodWhole(PeriodItem):
    """A period with each figure on the way to its indices."""

    worksheets: list[WorksheetShown]
    counted: UploadShown | None
    waiting: UploadShown | None = Field(description="Brought on a page and not counted yet.")
    codes: list[CodeShown] = Field(description="Those with most work, at most 50.")
    unvalued_codes: list[CodeShown] = Field(description="The first of those without a value, at most 50.")


class FaultShown(Shown):
    row: int
    message: str


class ValueFile(Shown):
    """A file of relative values."""

    id: int
    year: int
    file_name: str
    sha256: str
    codes: int
    faulty: int
    faults: list[FaultShown] = Field(description="The first rows that were passed over.")
    at: datetime


class ValueFiles(Shown):
    files: list[ValueFile]


class PercentileShown(Shown):
    percentile: int
    value: str


class BenchmarkShown(Shown):
    """Percentiles of the indices, and what they rest on."""

    id: int
    name: str
    source: str
    basis: BasisShown
    percentiles: dict[str, list[PercentileShown]]


class Benchmarks(Shown):
    benchmarks: list[BenchmarkShown]


class BandShown(Shown):
    """Between which percentiles a value lies: null below the lowest, or from the highest on."""

    low: int | None
    high: int | None


class ComparedShown(Shown):
    period: PeriodItem
    bands: dict[str, BandShown | None]
    differs: list[str] = Field(description="Why it does not compare with the benchmark, else with the first period.")


class ComparisonShown(Shown):
    """Periods side by side, in the order in which they were named."""

    benchmark: BenchmarkShown | None
    periods: list[ComparedShown]
