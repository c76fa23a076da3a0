"""What gates find of metrics: the latest figure of each, and whether the baseline is captured and signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.models import Baseline, MetricStanding
from app.plan.format.gates import Test
from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.metrics.standing import wanted_readings
from app.rules.rollouts.criteria import Found, every, of_baseline, of_metric
from app.stored.metrics import signed_at, signed_figures

ALL = "all"
Spot = tuple[int | None, str]
"""A location, or a wave, or neither: the network."""


@dataclass(frozen=True)
class Figures:
    """The standings of metrics by place and id, and the signed baselines by location."""

    rollout: RolloutFacts
    standings: Mapping[tuple[Spot, str], MetricStanding] = field(default_factory=dict)
    signed: Mapping[int | None, Baseline] = field(default_factory=dict)

    def metric(self, test: Test, places: Collection[PlaceFacts]) -> Found:
        return every([self._metric(test, spot, metric) for spot, metric in self._asked(test, places)])

    def _metric(self, test: Test, spot: Spot, metric: Metric) -> Found:
        row = self.standings.get((spot, metric.id))
        known = (row.latest, row.baseline, row.latest_last) if row else (None, None, None)
        return of_metric(known[0], known[1], known[2], metric.unit or "", test.passes)

    def baseline(self, test: Test, places: Collection[PlaceFacts]) -> Found:
        """Of each location, and of the network where what is named is read once for all."""
        asked: dict[Spot, list[Metric]] = {}
        for spot, metric in self._asked(test, places):
            asked.setdefault(spot, []).append(metric)
        return every([self._baseline(spot, metrics) for spot, metrics in asked.items()])

    def _baseline(self, spot: Spot, metrics: Collection[Metric]) -> Found:
        row = self.signed.get(spot[0])
        frozen = signed_figures(row)
        signed = row.at if row is not None and all(one.id in frozen for one in metrics) else None
        captured = sum(self._is_captured(spot, one) for one in metrics)
        zone = next((one.zone for one in self.rollout.locations if one.id == spot[0]), self.rollout.zone)
        return of_baseline(captured, len(metrics), signed, zone)

    def _is_captured(self, spot: Spot, metric: Metric) -> bool:
        row = self.standings.get((spot, metric.id))
        return row is not None and row.captured is not None and row.captured_readings >= wanted_readings(metric)

    def _asked(self, test: Test, places: Collection[PlaceFacts]) -> list[tuple[Spot, Metric]]:
        """Where each metric that a test names is read; `all` are those of the locations themselves."""
        found: dict[tuple[Spot, str], Metric] = {}
        for place in places:
            figures = self.rollout.book_at(place.id).figures
            local = [id_ for id_, one in figures.items() if one.baseline and one.scope is Scope.LOCATION]
            for id_ in local if test.names == (ALL,) else test.names:
                if id_ in figures:
                    spot = _spot(figures[id_], place)
                    found[spot, id_] = figures[id_]
        return [(spot, metric) for (spot, _), metric in found.items()]


def _spot(metric: Metric, place: PlaceFacts) -> Spot:
    match metric.scope:
        case Scope.LOCATION:
            return place.id, ""
        case Scope.WAVE:
            return None, place.wave
    return None, ""


def figures_of(session: Session, rollout: RolloutFacts, places: Collection[PlaceFacts]) -> Figures:
    """Two queries."""
    ids = [place.id for place in places]
    statement = select(MetricStanding).where(
        MetricStanding.rollout_id == rollout.id,
        or_(col(MetricStanding.location_id).in_(ids), col(MetricStanding.location_id).is_(None)),
    )
    standings = {((row.location_id, row.wave), row.metric): row for row in session.exec(statement)}
    return Figures(rollout, standings, signed_at(session, rollout.id, [*ids, None]))
