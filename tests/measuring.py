"""A rollout that measures: figures of its two sites and of the network, and what its people do with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from app.actions.metrics.baselines import sign_baseline
from app.actions.metrics.planned import Given, Plan
from app.actions.metrics.recording import record_reading, record_readings
from app.models import Baseline, Location, MetricReading, MetricStanding, Rollout
from app.rules.signoffs import canonical, fingerprint
from app.stored.metrics import baseline_figures, place_at
from tests.cast import NOW, PLAYBOOK, Cast

METRICS = """\
metrics:
  money:
    title: Money
    owner: champion
    every: week
    better: lower
    baseline: {due: week 2 fri, at_least: 2}
    metrics:
      ar-days:
        title: Days in receivables
        unit: days
        roll_up: mean
        how: From the day of the exam to the day of the payment.
        source: Billing system
        target: {value: 35, by: cutover + 90d}
      denials: {title: Claim denials, unit: "%", accept: 0 .. 100, roll_up: mean by exams}
      spend: {title: Spend on billing, unit: USD, roll_up: sum}
      cost: {title: Cost of an exam, unit: USD, formula: spend / exams, target: {value: 8, by: undated}}
  flow:
    title: Flow
    owner: it-lead
    every: week
    better: higher
    roll_up: sum
    metrics:
      exams: {title: Exams, unit: exams, exclude: live week 1, baseline: {due: week 2 fri}}
      downtime: {title: Hours of downtime, unit: hours, every: month, better: lower, accept: at most 8, on_fail: normal}
  growth:
    title: Growth
    owner: director
    scope: network
    metrics:
      launch-time: {title: Time to launch, unit: weeks, better: lower, baseline: week 2 fri}
"""
MEASURED = PLAYBOOK + METRICS
MONDAY = date(2026, 12, 21)
"""Of the first week that is read; the second ends on the day before the rollout begins."""
WEEK = timedelta(weeks=1)
LIVE_WEEK = date(2027, 2, 8)
LATER = datetime(2027, 2, 23, 15, 0, tzinfo=UTC)
"""Two weeks after both sites went live."""
BEFORE = {"ar-days": 45, "denials": 8, "spend": 1_200, "exams": 100}


def of_week(metric: str, value: Any, monday: date = MONDAY, location: str = "alder", **more: Any) -> Given:
    """The figure of a metric over the week that begins on that Monday."""
    return Given(metric, monday, monday + timedelta(days=6), Decimal(str(value)), location=location, **more)


def read(
    session: Session, cast: Cast, given: Given, who: str = "chA", now: datetime = NOW, **more: Any
) -> MetricReading:
    return record_reading(session, cast.rollout, given, by=cast.viewer(session, who, now), now=now, **more)


def read_all(
    session: Session, cast: Cast, given: Sequence[Given], who: str = "dir", now: datetime = NOW, **more: Any
) -> Plan:
    return record_readings(session, cast.rollout, given, shown=None, by=cast.viewer(session, who, now), now=now, **more)


def two_weeks(location: str = "alder", **values: Any) -> list[Given]:
    """What makes the baseline of a site: every figure of both weeks before the rollout begins."""
    known = {**BEFORE, **{name.replace("_", "-"): value for name, value in values.items()}}
    return [of_week(metric, value, monday, location)
            for metric, value in known.items() for monday in (MONDAY, MONDAY + WEEK)]  # fmt: skip


def shown_hash(session: Session, cast: Cast, location: str = "alder") -> str:
    """What a page that shows the baseline of now sends along."""
    rollout = session.get_one(Rollout, cast.rollout)
    place = session.get_one(Location, cast.locations[location]) if location else None
    return fingerprint(canonical({"metrics": baseline_figures(session, rollout, place_at(rollout, place))[0]}))


def sign(
    session: Session, cast: Cast, location: str = "alder", who: str = "chA", now: datetime = NOW, reason: str = "",
    shown: str = "",
) -> Baseline:  # fmt: skip
    return sign_baseline(
        session, cast.rollout, cast.locations[location] if location else None,
        shown=shown or shown_hash(session, cast, location), reason=reason, by=cast.proven(session, who, now), now=now,
    )  # fmt: skip


def standing(session: Session, cast: Cast, metric: str, location: str = "alder") -> MetricStanding:
    key = cast.locations[location] if location else None
    statement = select(MetricStanding).where(MetricStanding.location_id == key, MetricStanding.metric == metric)
    return session.exec(statement).one()


def readings(session: Session, metric: str) -> list[MetricReading]:
    """Every figure of a metric, also those that were replaced, the oldest first."""
    return list(
        session.exec(select(MetricReading).where(MetricReading.metric == metric).order_by(col(MetricReading.id)))
    )
