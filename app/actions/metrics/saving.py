"""What metrics saved since a go-live, kept beside their standings: of each location, and of all together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from app.models import Location, MetricSaved, MetricSaving
from app.plan.format.metrics import Metric
from app.rules.metrics.money import FTE, Saving, alike, savings, volume_of, worth
from app.rules.metrics.standing import Series, Standing

Period = tuple[str, date, date]
"""A metric and the days of one of its figures."""
Kept = dict[Period, MetricSaving]


def savings_kept(session: Session, locations: Collection[int]) -> dict[int, Kept]:
    """By location. One query."""
    found: dict[int, Kept] = {}
    for row in session.exec(select(MetricSaving).where(col(MetricSaving.location_id).in_(locations))):
        found.setdefault(row.location_id, {})[row.metric, row.first, row.last] = row
    return found


def savings_at(
    metrics: Mapping[str, Metric], series: Mapping[str, Series], found: Mapping[str, Standing]
) -> dict[Period, Saving]:
    """What each metric of a place saved; nothing of one that the playbook does not state as money."""
    saved = {}
    for id_, one in found.items():
        kind = worth(metrics, id_)
        if not kind:
            continue
        readings, volumes = one.series.sorted.counted, None
        if volume := volume_of(metrics[id_]):
            counted = series[volume].sorted.counted if volume in series else ()
            volumes = {(reading.first, reading.last): reading.value for reading in counted}
        elif kind != FTE:
            readings = alike(readings, one.series.captured)
        days = one.series.days.live
        for each in savings(readings, one.before, metrics[id_].better, days, volumes):
            saved[id_, each.first, each.last] = each
    return saved


def keep_savings(
    session: Session, rollout_id: int, location_id: int, before: Kept, now: Mapping[Period, Saving]
) -> set[Period]:
    """Write what changed at one location. Returns the periods."""
    changed = {period for period, row in before.items() if period not in now}
    for period in changed:
        session.delete(before[period])
    for period, saving in now.items():
        row, amount = before.get(period), float(saving.amount)
        if row is not None and row.amount == amount:
            continue
        metric, first, last = period
        days = {"first": first, "last": last}
        row = row or MetricSaving(location_id=location_id, metric=metric, rollout_id=rollout_id, amount=amount, **days)
        row.amount = amount
        session.add(row)
        changed.add(period)
    return changed


def write_saved(session: Session, rollout_id: int, periods: Collection[Period]) -> None:
    """The sums of all locations that have not left, over the days of some periods."""
    for metric, first, last in sorted(periods):
        here = (col(MetricSaving.metric) == metric, col(MetricSaving.first) == first, col(MetricSaving.last) == last)
        statement = (
            select(func.sum(MetricSaving.amount), func.count())
            .join(Location, col(Location.id) == col(MetricSaving.location_id))
            .where(col(MetricSaving.rollout_id) == rollout_id, col(Location.dropped_at).is_(None), *here)
        )
        amount, places = session.exec(statement).one()
        gone = (
            col(MetricSaved.rollout_id) == rollout_id,
            col(MetricSaved.metric) == metric,
            col(MetricSaved.first) == first,
            col(MetricSaved.last) == last,
        )
        session.execute(delete(MetricSaved).where(*gone))
        if places:
            days = {"first": first, "last": last}
            session.add(MetricSaved(rollout_id=rollout_id, metric=metric, amount=amount, places=places, **days))
    session.flush()
