"""Metrics at some locations, with every reading that stands behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.models import Location, MetricReading, Rollout
from app.plan import Playbook
from app.plan.format.metrics import Metric
from app.queries.metrics.network import group_titles
from app.queries.metrics.replaced import Replaced, baselines_of, replaced
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.metrics.readings import Reading
from app.rules.metrics.rolled import behind
from app.rules.metrics.standing import Standing, series_at, standing
from app.stored.metrics import (
    MetricDays,
    Place,
    at_places,
    metrics_at,
    place_at,
    signed_at,
    signed_value,
)


@dataclass(frozen=True)
class PlaceLine:
    """A metric at a location. `cut`: the first day that was read under the definition in force, where anything was
    read under another one; `replaced`: every change of its signed baseline.
    """

    metric: Metric
    group: str
    standing: Standing
    cut: date | None = None
    replaced: tuple[Replaced, ...] = ()


@dataclass(frozen=True)
class PlaceReturn:
    """Every metric of a location. `signed` is when its baseline was signed and by whom."""

    lines: tuple[PlaceLine, ...]
    signed: tuple[datetime, str] | None


def place_return(session: Session, rollout: RolloutFacts, place: PlaceFacts) -> PlaceReturn:
    """Five queries, and those of the timeline."""
    row = session.get_one(Rollout, rollout.id)
    where = place_at(row, session.get_one(Location, place.id))
    found = standings_at(session, rollout, row, [where])[where.key]
    history = baselines_of(session, [place.id]).get(place.id, ())
    groups = dict(group_titles(rollout.book_at(place.id).metrics))
    lines = tuple(
        PlaceLine(one.series.metric, groups.get(one.series.metric.parent, ""), one, cut_of(one),
                  replaced(history, one.series.metric))
        for one in found.values()
    )  # fmt: skip
    last = history[-1] if history else None
    return PlaceReturn(lines, (last.at, last.name) if last else None)


def standings_at(
    session: Session, rollout: RolloutFacts, row: Rollout, places: Sequence[Place], only: str = ""
) -> dict[tuple[int | None, str], dict[str, Standing]]:
    """Where metrics stand at some places, made from their readings; of `only` one metric, with what it is computed
    from.
    """
    days = MetricDays(session, row)
    at = {place.key: _asked(rollout.books[place.version_id], place, only) for place in places}
    read = _readings(session, rollout.id, places, {id_ for metrics in at.values() for id_ in metrics})
    signed = signed_at(session, rollout.id, [place.key[0] for place in places])
    found = {}
    for place in places:
        metrics = at[place.key]
        series = series_at(metrics, read[place.key], {id_: days.at(place, m) for id_, m in metrics.items()})
        frozen = signed.get(place.key[0])
        found[place.key] = {id_: standing(one, signed_value(frozen, one.metric)) for id_, one in series.items()}
    return found


def _asked(book: Playbook, place: Place, only: str) -> dict[str, Metric]:
    metrics = metrics_at(book, place)
    needed = behind(metrics, only) if only in metrics else metrics.keys()
    return {id_: one for id_, one in metrics.items() if id_ in needed}


def _readings(
    session: Session, rollout_id: int, places: Sequence[Place], metrics: Collection[str]
) -> Mapping[tuple[int | None, str], Mapping[str, Sequence[Reading]]]:
    """By place and metric, as columns: sixty places have thousands."""
    row: Any = MetricReading
    columns = (row.location_id, row.wave, row.metric, row.first, row.last, row.value, row.size, row.definition)
    statement = select_columns(*columns).where(
        col(row.rollout_id) == rollout_id,
        col(row.replaced_at).is_(None),
        col(row.metric).in_(metrics),
        at_places(MetricReading, places),
    )
    found: dict[tuple[int | None, str], dict[str, list[Reading]]] = defaultdict(lambda: defaultdict(list))
    for location, wave, metric, *rest in session.execute(statement):
        found[location, wave][metric].append(Reading(*rest))
    return found


def cut_of(found: Standing) -> date | None:
    """The first day that was read under the definition in force; None where no other one was."""
    known = found.series.sorted
    inside = [one.first for one in (*known.counted, *known.left_out)]
    return min(inside) if known.otherwise and inside else None
