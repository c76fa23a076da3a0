"""One metric at every location that the reader may see, the worst course first, some at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from app.models import Location, MetricStanding, Rollout
from app.queries.metrics.places import cut_of, standings_at
from app.queries.metrics.replaced import Replaced, baselines_of, replaced
from app.queries.rollouts.facts import RolloutFacts
from app.rules.metrics.course import Course
from app.rules.metrics.standing import Standing
from app.rules.people.access import Extent
from app.stored.metrics import place_at

AT_ONCE: Final = 60
ORDER: Final = (
    Course.MISSED,
    Course.BEHIND,
    Course.UNDATED,
    Course.UNKNOWN,
    Course.ON_COURSE,
    Course.MET,
    Course.NO_TARGET,
)
"""The worst first; those that are not live yet come last."""


@dataclass(frozen=True)
class MetricAt:
    """A metric at a location; `course` as of today."""

    slug: str
    name: str
    wave: str
    course: Course
    standing: Standing
    cut: date | None
    zone: str
    replaced: tuple[Replaced, ...] = ()


@dataclass(frozen=True)
class MetricPlaces:
    places: tuple[MetricAt, ...]
    total: int


def metric_places(
    session: Session, rollout: RolloutFacts, extent: Extent, metric: str, wave: str, page: int, today: date
) -> MetricPlaces:
    """Page `page` (from 1) of the locations, of one wave or of all."""
    row: Any = MetricStanding
    early = (col(row.live).is_(None)) | (col(row.live) > today)
    worst = case(*((col(row.course) == one.value, number) for number, one in enumerate(ORDER)), else_=len(ORDER))
    statement = (
        select(Location, row.course, row.live)
        .join(row, col(row.location_id) == col(Location.id))
        .where(col(row.rollout_id) == rollout.id, col(row.metric) == metric, col(Location.dropped_at).is_(None))
    )
    if wave:
        statement = statement.where(col(Location.wave) == wave)
    if not extent.everywhere:
        statement = statement.where(col(Location.id).in_(extent.ids))
    total = session.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
    order = (case((early, 1), else_=0), worst, col(Location.position), col(Location.id))
    rows = session.execute(statement.order_by(*order).offset((page - 1) * AT_ONCE).limit(AT_ONCE)).all()
    own = session.get_one(Rollout, rollout.id)
    places = [place_at(own, location) for location, _, _ in rows]
    found = standings_at(session, rollout, own, places, metric)
    history = baselines_of(session, [location.id for location, _, _ in rows])
    shown = []
    for (location, course, live), place in zip(rows, places, strict=True):
        stands = found[place.key].get(metric)
        if stands is not None:
            at = Course(course) if (live is not None and live <= today) or course == Course.NO_TARGET else Course.EARLY
            changed = replaced(history.get(location.id, ()), stands.series.metric)
            shown.append(
                MetricAt(
                    location.slug, location.name, location.wave, at, stands, cut_of(stands), location.zone, changed
                )
            )
    return MetricPlaces(tuple(shown), total)
