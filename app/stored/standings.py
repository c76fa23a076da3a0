"""Where metrics stand, between the rows that keep it and the rules that count it. Both sides read it so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from app.models import Location, MetricRollUp, MetricStanding
from app.plan.format.metrics import Metric
from app.rules.metrics.course import Course
from app.rules.metrics.network import At, Network, Standing
from app.rules.metrics.roll_up import weight_metric


def exact(value: float | None) -> Decimal | None:
    """A figure that was kept for sums, with the digits that it has."""
    return None if value is None else Decimal(repr(value))


def standings(rollout_id: int, metrics: Iterable[str] = ()) -> Any:
    """Select the standings of places that have not left, in their order; of some metrics or (none named) of all."""
    row = MetricStanding
    statement = (
        select(row)
        .outerjoin(Location, col(Location.id) == col(row.location_id))
        .where(row.rollout_id == rollout_id, col(Location.dropped_at).is_(None))
        .order_by(col(Location.position), col(row.location_id), col(row.wave))
    )
    named = sorted(metrics)
    return statement.where(col(row.metric).in_(named)) if named else statement


def at_of(row: MetricStanding, metric: Metric) -> At:
    """A row as the rules take it. Without a signed baseline what was captured stands in its place. One under another
    definition than that of `metric` measures another thing: its readings are counted as such, and nothing else.
    """
    if row.definition != metric.definition:
        place = str(row.location_id) if row.location_id is not None else row.wave
        return At(place, otherwise=row.readings + row.otherwise, live=row.live)
    before, now = _values(row, metric)
    return At(
        place=str(row.location_id) if row.location_id is not None else row.wave,
        before=before,
        now=now,
        baseline=exact(row.baseline if row.baseline is not None else row.captured),
        latest=exact(row.latest),
        signed=row.baseline is not None,
        readings=row.readings,
        left_out=row.left_out,
        otherwise=row.otherwise,
        first=row.latest_first,
        last=row.latest_last,
        target=exact(row.target),
        by=row.target_by,
        live=row.live,
        course=Course(row.course),
        run=row.better_run,
    )


def _values(row: MetricStanding, metric: Metric) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    if metric.formula is not None:
        parts = {id_: (exact(before), exact(now)) for id_, (before, now) in row.parts.items()}
        return (
            {id_: before for id_, (before, _) in parts.items() if before is not None},
            {id_: now for id_, (_, now) in parts.items() if now is not None},
        )
    before = {metric.id: exact(row.baseline if row.baseline is not None else row.captured)}
    now = {metric.id: exact(row.latest)}
    if weight := weight_metric(metric.roll_up or ""):
        before[weight], now[weight] = exact(row.baseline_weight), exact(row.weight)
    return tuple(
        {id_: value for id_, value in side.items() if value is not None and (id_ == metric.id or value > 0)}
        for side in (before, now)
    )  # type: ignore[return-value]


def kept(row: MetricRollUp, found: Network) -> None:
    """Write what was counted into its row."""
    row.baseline = None if found.baseline is None else float(found.baseline)
    row.latest = None if found.latest is None else float(found.latest)
    row.places, row.of, row.signed = found.places, found.of, found.signed
    row.readings, row.left_out, row.otherwise = found.readings, found.left_out, found.otherwise
    row.first, row.last = found.first, found.last
    row.stands = {
        "counts": [[course, way, _text(live), n] for (course, way, live), n in found.counts.items()],
        "targets": [[str(value), _text(by), n] for (value, by), n in found.targets.items()],
        "without": list(found.without),
        "wins": list(found.wins),
    }


def network_from(row: MetricRollUp) -> Network:
    """What `kept` has written."""
    counts: Mapping[Standing, int] = {
        (Course(course), way, _day(live)): n for course, way, live, n in row.stands["counts"]
    }
    return Network(
        baseline=exact(row.baseline),
        latest=exact(row.latest),
        places=row.places,
        of=row.of,
        signed=row.signed,
        without=tuple(row.stands["without"]),
        readings=row.readings,
        left_out=row.left_out,
        otherwise=row.otherwise,
        first=row.first,
        last=row.last,
        counts=counts,
        targets={(Decimal(value), _day(by)): n for value, by, n in row.stands["targets"]},
        wins=tuple(row.stands["wins"]),
    )


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
