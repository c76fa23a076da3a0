"""Readings of metrics and baselines as the API shows them. Figures are texts, so that not a digit of them is lost."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from app.api.fields import Shown


class Reading(Shown):
    """One figure of a metric over some days, both included. A correction is one more, with its reason."""

    id: int
    location: str | None = Field(description="The id of the location; null for what is read once for many.")
    wave: str = Field(description="The id of the wave whose locations it is read for; else empty.")
    metric: str = Field(description="Its id in the playbook.")
    first: date
    last: date
    value: str
    of: str | None = Field(description="Of how many things it is the figure.")
    unit: str
    definition: int = Field(description="The version of the metric's definition under which it was read.")
    counts: bool = Field(description="False where the playbook leaves its days out, or the definition is another now.")
    basis: dict[str, Any] = Field(description="Facts that must agree before it is compared with another one.")
    note: str | None = Field(description="Null where you may not read what people wrote.")
    reason: str | None = Field(description="Why it took the place of another figure.")
    source: str = Field(description="form, file, api or worksheet.")
    by: int
    at: datetime
    replaced_at: datetime | None
    withdrawn_by: int | None = Field(description="Who took it out; nothing took its place then.")
    withdrawn_reason: str | None = Field(description="Why. Null where you may not read what people wrote.")


class PlannedReading(Shown):
    """What a figure would do, or why it cannot be taken."""

    row: int = Field(description="From 1.")
    outcome: str = Field(description="new, corrected, same or faulty.")
    stands: str | None = Field(description="The figure that stands over those days.")
    faults: dict[str, str] = Field(description="What is wrong, by location, metric, first, value, size or reason.")


class EnteredReadings(Shown):
    """All of them were entered, or none."""

    done: bool = Field(description="False where it was asked what would be entered.")
    rows: list[PlannedReading]


class BaselineFigure(Shown):
    """What is captured of a metric, and what is frozen."""

    metric: str
    title: str
    unit: str
    due: date | None = Field(description="The day by which it is to be captured.")
    readings: int = Field(description="So many readings from before the go-live are there.")
    wanted: int = Field(description="So many make it.")
    captured: str | None = Field(description="What they give so far, also where they are too few.")
    signed: str | None = Field(description="The frozen figure.")
    signed_definition: int | None = Field(description="Of another definition than now it is not compared any more.")


class SignedBaseline(Shown):
    number: int
    name: str = Field(description="Who signed it.")
    at: datetime
    sha256: str = Field(description="Of what was signed.")
    reason: str = Field(description="Why it took the place of the one before; empty for the first.")
    replaced_at: datetime | None


class PlaceBaseline(Shown):
    """The baseline of a place."""

    complete: bool
    shown: str = Field(description="The hash of what would be frozen now: say it to sign just that.")
    missing: list[str] = Field(description="Titles of the metrics that are not captured yet.")
    figures: list[BaselineFigure]
    signed: list[SignedBaseline] = Field(description="The latest first; the one in force was not replaced.")
