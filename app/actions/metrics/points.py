"""The figures of all locations together over some days, made anew where a reading of those days changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.actions.loading import key_of
from app.models import MetricPoint, MetricReading, Rollout
from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.rules.metrics.rolled import behind, following, rolled
from app.stored import playbook_of

Period = tuple[str, date, date]
"""A metric and the days of one of its figures."""


def write_points(session: Session, rollout: Rollout, touched: Collection[Period]) -> None:
    """By the network's version of the playbook; also of the metrics whose figure is made from what was touched."""
    figures = playbook_of(session, rollout.playbook_version_id).figures
    metrics = {id_: one for id_, one in figures.items() if one.scope is Scope.LOCATION}
    todo: dict[tuple[date, date], set[str]] = defaultdict(set)
    for metric, first, last in touched:
        todo[first, last] |= following(metrics, metric)
    for (first, last), wanted in sorted(todo.items()):
        _write(session, key_of(rollout), metrics, wanted, first, last)


def points_anew(session: Session, rollout: Rollout) -> None:
    """All of them: the network has come to another version of the playbook."""
    session.execute(delete(MetricPoint).where(col(MetricPoint.rollout_id) == rollout.id))
    row: Any = MetricReading
    read = select_columns(row.metric, row.first, row.last).where(
        row.rollout_id == rollout.id, col(row.replaced_at).is_(None), col(row.counts)
    )
    write_points(session, rollout, [tuple(one) for one in session.execute(read.distinct())])


def _write(
    session: Session, rollout_id: int, metrics: Mapping[str, Metric], wanted: Collection[str], first: date, last: date
) -> None:
    needed = {part for id_ in wanted for part in behind(metrics, id_)}
    values = _values(session, rollout_id, {id_: metrics[id_] for id_ in needed}, first, last)
    gone = delete(MetricPoint).where(
        col(MetricPoint.rollout_id) == rollout_id,
        col(MetricPoint.metric).in_(wanted),
        col(MetricPoint.first) == first,
        col(MetricPoint.last) == last,
    )
    session.execute(gone)
    for id_ in sorted(wanted):
        found = rolled(metrics, id_, values)
        if found.value is not None:
            days = {"first": first, "last": last}
            point = MetricPoint(
                rollout_id=rollout_id, metric=id_, value=float(found.value), places=found.places, **days
            )
            session.add(point)
    session.flush()


def _values(
    session: Session, rollout_id: int, metrics: Mapping[str, Metric], first: date, last: date
) -> dict[str, dict[str, Decimal]]:
    """What counts of those very days, by metric and location; what stands under another definition is left out."""
    row: Any = MetricReading
    statement = select_columns(row.metric, row.location_id, row.figure, row.definition).where(
        row.rollout_id == rollout_id,
        col(row.metric).in_(metrics),
        row.first == first,
        row.last == last,
        col(MetricReading.replaced_at).is_(None),
        col(MetricReading.counts),
        col(MetricReading.location_id).is_not(None),
    )
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for metric, location, figure, definition in session.execute(statement):
        if definition == metrics[metric].definition:
            found[metric][str(location)] = Decimal(repr(figure))
    return found
