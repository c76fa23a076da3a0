"""Figures of metrics that are shared, with what they are based on: the latest, its days, the baseline and the target.

Nothing else of a reading is fetched: not who entered it, nor what was written beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models import MetricReading, MetricStanding
from app.plan.terms import Scope
from app.queries.rollouts.facts import RolloutFacts
from app.rules.metrics.beside import Figure, basis_words, read_for

Wanted = Mapping[int, Collection[str]]
"""The ids of metrics by location."""
Figures = Mapping[int, Mapping[str, Figure]]
"""Figures by location and metric."""


def figures_at(session: Session, rollout: RolloutFacts, wanted: Wanted) -> Figures:
    """The figures of the metrics that are read at those locations, also where nothing was read yet. Two queries."""
    asked = {
        place: [id_ for id_ in ids if id_ in (figures := rollout.book_at(place).figures)
                and figures[id_].scope is Scope.LOCATION]
        for place, ids in wanted.items()
    }  # fmt: skip
    rows = _standings(session, rollout, asked)
    bases = _bases(session, rollout, asked, rows.values())
    return {
        place: {id_: _figure(rollout, place, id_, rows.get((place, id_)), bases) for id_ in ids}
        for place, ids in asked.items()
    }


Standings = Mapping[tuple[int, str], MetricStanding]


def _standings(session: Session, rollout: RolloutFacts, asked: Wanted) -> Standings:
    ids = sorted({id_ for found in asked.values() for id_ in found})
    if not ids:
        return {}
    statement = select(MetricStanding).where(
        MetricStanding.rollout_id == rollout.id,
        col(MetricStanding.location_id).in_(asked),
        col(MetricStanding.metric).in_(ids),
    )
    rows = {(row.location_id or 0, row.metric): row for row in session.exec(statement)}
    return {(place, id_): row for (place, id_), row in rows.items() if id_ in asked[place]}


Bases = Mapping[tuple[int, str, Any, Any], Mapping[str, Any]]
"""What readings rest on, by location, metric, first and last day."""


def _bases(session: Session, rollout: RolloutFacts, asked: Wanted, rows: Iterable[MetricStanding]) -> Bases:
    """Of the readings over the days of the latest figures, where the metric asks for a basis at all."""
    based: set[str] = set()
    days: set[date] = set()
    for row in rows:
        figures = rollout.book_at(row.location_id).figures
        if row.latest_last is not None and figures[row.metric].basis:
            based |= read_for(figures, row.metric)
            days.add(row.latest_last)
    if not based:
        return {}
    columns = (MetricReading.location_id, MetricReading.metric, MetricReading.first, MetricReading.last)
    statement = select_columns(*map(col, columns), col(MetricReading.basis)).where(
        col(MetricReading.rollout_id) == rollout.id,
        col(MetricReading.location_id).in_(asked),
        col(MetricReading.metric).in_(based),
        col(MetricReading.last).in_(days),
        col(MetricReading.replaced_at).is_(None),
        col(MetricReading.counts),
    )
    return {(place, id_, first, last): basis for place, id_, first, last, basis in session.execute(statement)}


def _figure(rollout: RolloutFacts, place: int, id_: str, row: MetricStanding | None, bases: Bases) -> Figure:
    figures = rollout.book_at(place).figures
    metric = figures[id_]
    target = metric.target.value if metric.target else None
    if row is None or row.definition != metric.definition:
        return Figure(metric, target=_decimal(target))
    parts = read_for(figures, id_)
    found = [basis for part in parts if (basis := bases.get((place, part, row.latest_first, row.latest_last)))]
    return Figure(
        metric, _decimal(row.latest), row.latest_first, row.latest_last, _decimal(row.baseline), _decimal(target),
        row.target_by, row.live, basis_words(metric, found if len(found) == len(parts) else [*found, {}]),
    )  # fmt: skip


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))
