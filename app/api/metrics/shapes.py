"""The return as the API shows it: figures are texts, so that not a digit of them is lost on the way."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.rules.metrics.course import Course


class CourseCount(Shown):
    course: Course = Field(description="As of today; `early`: not live yet.")
    locations: int


class TargetLine(Shown):
    value: str
    by: date | None = Field(description="Null where the playbook names no day.")
    locations: int


class MetricReturn(Shown):
    """A metric over the locations that you see. Baseline and latest are over the same ones."""

    metric: str = Field(description="Its id in the playbook.")
    title: str
    unit: str
    better: str | None = Field(description="higher or lower.")
    rule: str = Field(description="How locations add up to one figure.")
    baseline: str | None
    latest: str | None = Field(description="Of the locations that have a baseline and a figure since their go-live.")
    change: str | None
    percent: str | None = Field(description="Of the baseline.")
    improved: bool | None = Field(description="Null where nobody knows, or nothing moved.")
    expected_change: str | None = Field(description="As the playbook writes it, in words.")
    locations: int = Field(description="How many are in both figures.")
    of: int
    signed: int = Field(description="How many have a signed baseline.")
    readings: int = Field(description="Those that count.")
    left_out: int
    other_definition: int
    targets: list[TargetLine]
    courses: list[CourseCount]


class SavedMetric(Shown):
    metric: str
    currency: str | None = Field(description="Null for positions of which nobody said what one costs.")
    saved: str
    added: bool = Field(description="In the sum of its currency.")


class PaybackLine(Shown):
    """One currency; different ones are never added."""

    currency: str
    spent: str | None = Field(description="Null for people of single locations.")
    saved: str
    paid_back_since: date | None
    expected_on: date | None = Field(description="At the mean pace of the last three whole calendar months.")
    earliest: date | None
    latest: date | None


class NetworkReturn(Shown):
    metrics: list[MetricReturn]
    saved: list[SavedMetric]
    payback: list[PaybackLine]


class Point(Shown):
    first: date
    last: date
    value: str
    locations: int = Field(description="How many are in it.")


class LocationLine(Shown):
    location: str
    course: Course
    baseline: str | None
    signed: bool
    latest: str | None
    latest_first: date | None
    latest_last: date | None
    target: str | None
    target_by: date | None
    go_live: date | None
    readings: int
    left_out: int
    other_definition: int
    same_season: str | None = Field(description="The same days of the year before; null without a year of data.")


class OneMetricReturn(MetricReturn):
    points: list[Point] = Field(description="Oldest first.")
    page: int
    pages: int
    by_location: list[LocationLine] = Field(description="The worst course first, 60 at once.")


class PlaceMetric(LocationLine):
    metric: str
    title: str
    unit: str


class PlaceReturn(Shown):
    location: str
    signed_at: datetime | None = Field(description="When its baseline was signed.")
    metrics: list[PlaceMetric]


class CostShape(Shown):
    id: int
    title: str
    amount: str
    currency: str = Field(description="ISO 4217.")
    day: date
    location: str | None = Field(description="Null for all of them.")
    by: str
    at: datetime
    removed_at: datetime | None


class CostList(Shown):
    costs: list[CostShape]
