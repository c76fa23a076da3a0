"""Readings of a rollout in the order in which they were entered, for programs that keep up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from app.models import MetricReading
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent


@dataclass(frozen=True)
class ReadingFilter:
    """`place` and `network`: read there; `metric` its id; `first` and `last`: over any of those days; `replaced`: also
    those that another figure took the place of.
    """

    place: PlaceFacts | None = None
    network: bool = False
    metric: str = ""
    first: date | None = None
    last: date | None = None
    replaced: bool = False


def readings_after(
    session: Session, rollout: RolloutFacts, extent: Extent, wanted: ReadingFilter, after: int, limit: int
) -> list[MetricReading]:
    """At no location but those that the reader may see. One query."""
    statement = select(MetricReading).where(
        MetricReading.rollout_id == rollout.id, col(MetricReading.id) > after, *_wanted(wanted, extent)
    )
    return list(session.exec(statement.order_by(col(MetricReading.id)).limit(limit)))


def _wanted(wanted: ReadingFilter, extent: Extent) -> Iterator[ColumnElement[bool]]:
    at = col(MetricReading.location_id)
    if wanted.place is not None:
        yield at == wanted.place.id
    elif wanted.network:
        yield at.is_(None)
    elif not extent.everywhere:
        yield or_(at.is_(None), at.in_(extent.ids))
    if wanted.metric:
        yield col(MetricReading.metric) == wanted.metric
    if wanted.first is not None:
        yield col(MetricReading.last) >= wanted.first
    if wanted.last is not None:
        yield col(MetricReading.first) <= wanted.last
    if not wanted.replaced:
        yield col(MetricReading.replaced_at).is_(None)
