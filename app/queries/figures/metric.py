"""One metric at one place: every reading of it, what stood before each, and who entered it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import MetricReading
from app.queries.figures.lines import FigureLine, lines_at, place_of
from app.queries.people import Naming, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Viewer
from app.stored.metrics import at_places, signed_at

MOST: Final = 300
"""Readings that a page shows, corrected ones included: six years of weeks."""


@dataclass(frozen=True)
class ReadDays:
    """What was read over some days: the figure that stands, and those before it, the latest first. None stands where
    the last one was taken out.
    """

    first: date
    last: date
    stands: MetricReading | None
    before: tuple[MetricReading, ...]


@dataclass(frozen=True)
class MetricFigures(Naming):
    """`read` is the latest days first; `more` says that there are others."""

    rollout: RolloutFacts
    place: PlaceFacts | None
    wave: str
    today: date
    line: FigureLine
    read: tuple[ReadDays, ...]
    more: bool
    names: Mapping[int, str]


def metric_figures(
    session: Session,
    rollout: RolloutFacts,
    place: PlaceFacts | None,
    wave: str,
    metric: str,
    viewer: Viewer,
    now: datetime,
) -> MetricFigures:
    """Raises NotFound for a metric that is not read there."""
    where = place_of(session, rollout, place, wave)
    today = place.today(now) if place else rollout.today(now)
    signed = signed_at(session, rollout.id, [where.key[0]]).get(where.key[0])
    lines = lines_at(session, rollout, where, signed, viewer, today)
    line = next((one for one in lines if one.metric.id == metric), None)
    if line is None:
        raise NotFound("metric")
    statement = (
        select(MetricReading)
        .where(MetricReading.rollout_id == rollout.id, at_places(MetricReading, [where]))
        .where(MetricReading.metric == metric)
        .order_by(col(MetricReading.last).desc(), col(MetricReading.first), col(MetricReading.id).desc())
    )
    rows = session.exec(statement.limit(MOST + 1)).all()
    names = holders(session, rollout.id, viewer.locations(rollout.id), now).known()
    return MetricFigures(rollout, place, wave, today, line, _by_days(rows[:MOST]), len(rows) > MOST, names)


def demand_reading_there(
    session: Session, rollout: RolloutFacts, place: PlaceFacts | None, wave: str, metric: str, reading: int
) -> None:
    """Raises NotFound for a reading of another place or another metric."""
    where = place_of(session, rollout, place, wave)
    statement = select(MetricReading.id).where(
        MetricReading.id == reading,
        MetricReading.rollout_id == rollout.id,
        MetricReading.metric == metric,
        at_places(MetricReading, [where]),
    )
    if session.exec(statement).first() is None:
        raise NotFound("reading")


def _by_days(read: Sequence[MetricReading]) -> tuple[ReadDays, ...]:
    found: dict[tuple[date, date], list[MetricReading]] = {}
    for row in read:
        found.setdefault((row.first, row.last), []).append(row)
    return tuple(
        ReadDays(
            *days,
            next((row for row in rows if row.replaced_at is None), None),
            tuple(row for row in rows if row.replaced_at is not None),
        )
        for days, rows in found.items()
    )
