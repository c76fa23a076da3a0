"""Figures that are captured and compared: readings, signed baselines, what they cost, and where each metric stands."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Optional

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.models.columns import DecimalText, JSONDoc, UTCDateTime, unique_where


class MetricReading(SQLModel, table=True):
    """One figure of a metric over the days `first` to `last`, both included. A correction is a row more, with its
    `reason`; the old one keeps `replaced_at`. One that was taken out keeps it too, with `withdrawn_by` and why; nothing
    took its place. `size`: of how many things it is the figure. `definition` and `unit` are
    those under which it was read; `basis` holds the facts that must agree before it is compared. `source` is where it
    came from: form, file, api or worksheet. `figure` is its value for sums, and `counts` says whether it is among what
    the metric is judged by now: not left out by the playbook, and of the definition in force.
    """

    __tablename__ = "metric_reading"
    __table_args__ = (
        unique_where(
            "uq_metric_reading_location",
            "location_id",
            "metric",
            "first",
            "last",
            where="replaced_at IS NULL AND location_id IS NOT NULL",
        ),
        unique_where(
            "uq_metric_reading_shared",
            "rollout_id",
            "wave",
            "metric",
            "first",
            "last",
            where="replaced_at IS NULL AND location_id IS NULL",
        ),
        Index("ix_metric_reading_period", "rollout_id", "metric", "last", "first"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    wave: str = ""
    metric: str
    first: date
    last: date
    value: Decimal = Field(sa_type=DecimalText)
    size: Optional[Decimal] = Field(default=None, sa_type=DecimalText)
    definition: int = 1
    unit: str = ""
    basis: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    source: str = "form"
    note: str = Field(default="", sa_type=Text)
    reason: str = Field(default="", sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    withdrawn_by: Optional[int] = Field(default=None, foreign_key="person.id")
    withdrawn_reason: str = Field(default="", sa_type=Text)
    figure: float
    counts: bool = True


class Baseline(SQLModel, table=True):
    """The figures of a place before any change, signed and frozen: canonical JSON and its hash. What takes its place
    has a `reason`; the old one keeps `replaced_at`. Without a location it is that of the metrics of the network.
    """

    __tablename__ = "baseline"
    __table_args__ = (
        unique_where("uq_baseline_location", "location_id", where="replaced_at IS NULL AND location_id IS NOT NULL"),
        unique_where("uq_baseline_network", "rollout_id", where="replaced_at IS NULL AND location_id IS NULL"),
        Index("ix_baseline_place", "rollout_id", "location_id"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    number: int
    content: str = Field(sa_type=Text)
    sha256: str
    reason: str = Field(default="", sa_type=Text)
    by_id: int = Field(foreign_key="person.id")
    name: str
    at: datetime = Field(sa_type=UTCDateTime)
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class MetricStanding(SQLModel, table=True):
    """Where a metric stands at a place, kept up to date by every change that it follows from, so that a page over two
    thousand locations does not read their readings.

    `baseline` is the signed one, `captured` what the readings give so far (from so many, over those days). `latest` is
    the last reading that counts, `season` the same days a year before; `weight` and `baseline_weight` are those of the
    metric that weighs in the roll-up. `course` is a word of `rules.metrics.course`, as of the latest reading. `parts`:
    of a computed metric, what each figure from which it is computed was before, and over the days of the latest one.
    `better_run`: so many of the last readings since the go-live are clearly better than the baseline.
    """

    __tablename__ = "metric_standing"
    __table_args__ = (
        unique_where("uq_metric_standing_location", "location_id", "metric", where="location_id IS NOT NULL"),
        unique_where("uq_metric_standing_shared", "rollout_id", "wave", "metric", where="location_id IS NULL"),
        Index(
            "ix_metric_standing_sum",
            "rollout_id",
            "metric",
            "location_id",
            "baseline",
            "latest",
            "course",
            "live",
            "weight",
            "baseline_weight",
        ),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    wave: str = ""
    metric: str
    definition: int
    baseline_due: Optional[date] = None
    captured: Optional[float] = None
    captured_readings: int = 0
    captured_size: Optional[float] = None
    captured_first: Optional[date] = None
    captured_last: Optional[date] = None
    baseline: Optional[float] = None
    baseline_weight: Optional[float] = None
    latest: Optional[float] = None
    latest_first: Optional[date] = None
    latest_last: Optional[date] = None
    latest_size: Optional[float] = None
    weight: Optional[float] = None
    season: Optional[float] = None
    parts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)
    better_run: int = 0
    readings: int = 0
    left_out: int = 0
    otherwise: int = 0
    target: Optional[float] = None
    target_by: Optional[date] = None
    live: Optional[date] = None
    course: str = ""


class MetricPoint(SQLModel, table=True):
    """The figure of all locations together over some days, by the playbook's roll-up, from so many `places`."""

    __tablename__ = "metric_point"

    rollout_id: int = Field(foreign_key="rollout.id", primary_key=True)
    metric: str = Field(primary_key=True)
    first: date = Field(primary_key=True)
    last: date = Field(primary_key=True)
    value: float
    places: int


class MetricRollUp(SQLModel, table=True):
    """Where a metric stands at all locations together, kept by every change that it follows from, so that a page does
    not go through them. `places` of them are in both figures. `stands` holds what `rules.metrics.network` counts.
    """

    __tablename__ = "metric_roll_up"

    rollout_id: int = Field(foreign_key="rollout.id", primary_key=True)
    metric: str = Field(primary_key=True)
    baseline: Optional[float] = None
    latest: Optional[float] = None
    places: int = 0
    of: int = 0
    signed: int = 0
    readings: int = 0
    left_out: int = 0
    otherwise: int = 0
    first: Optional[date] = None
    last: Optional[date] = None
    stands: dict[str, Any] = Field(default_factory=dict, sa_type=JSONDoc)


class MetricSaving(SQLModel, table=True):
    """What a metric saved at one location over the days of a reading since its go-live, by `rules.metrics.money`: in
    its currency, or in positions.
    """

    __tablename__ = "metric_saving"
    __table_args__ = (Index("ix_metric_saving_period", "rollout_id", "metric", "last", "first", "amount"),)

    location_id: int = Field(foreign_key="location.id", primary_key=True)
    metric: str = Field(primary_key=True)
    first: date = Field(primary_key=True)
    last: date = Field(primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    amount: float


class MetricSaved(SQLModel, table=True):
    """The savings of all locations over some days, of so many `places`."""

    __tablename__ = "metric_saved"

    rollout_id: int = Field(foreign_key="rollout.id", primary_key=True)
    metric: str = Field(primary_key=True)
    first: date = Field(primary_key=True)
    last: date = Field(primary_key=True)
    amount: float
    places: int


class ImplementationCost(SQLModel, table=True):
    """What the go-live cost: an amount that was spent on a day, for one location or (None) for all of them."""

    __tablename__ = "implementation_cost"

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id", index=True)
    location_id: Optional[int] = Field(default=None, foreign_key="location.id")
    title: str
    amount: Decimal = Field(sa_type=DecimalText)
    currency: str
    spent_on: date
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    removed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    removed_by: Optional[int] = Field(default=None, foreign_key="person.id")


class PositionCost(SQLModel, table=True):
    """What a full position costs in a year, as somebody said it: what a saved one is worth. A later one replaces it."""

    __tablename__ = "position_cost"
    __table_args__ = (unique_where("uq_position_cost_standing", "rollout_id", "metric", where="replaced_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    metric: str
    amount: Decimal = Field(sa_type=DecimalText)
    currency: str
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
