"""Where metrics stand, made anew in the change that it follows from: a reading, a signed baseline, a moved go-live,
another version of the playbook.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlmodel import Session, select

from app.actions.metrics.network import one_at_a_time, write_roll_ups
from app.actions.metrics.points import Period, write_points
from app.actions.metrics.saving import Kept, keep_savings, savings_at, savings_kept, write_saved
from app.models import MetricReading, MetricStanding, Rollout
from app.plan.format.metrics import Metric
from app.rules.metrics.readings import Reading
from app.rules.metrics.roll_up import weight_metric
from app.rules.metrics.rolled import behind
from app.rules.metrics.standing import Series, Standing, series_at, standing
from app.rules.metrics.wins import better_run
from app.stored import playbook_of
from app.stored.metrics import (
    MetricDays,
    Place,
    at_places,
    metrics_at,
    places_in,
    reading_of,
    readings_of,
    signed_at,
    signed_value,
)

_AT_ONCE = 50
"""Places whose readings are in memory together."""


def restand_moved(session: Session, rollout: Rollout, locations: Collection[int]) -> None:
    """Of locations whose go-live moved or whose playbook is another now, and of what is read once for many. Nothing
    where no metric was ever read.
    """
    known = select(MetricReading.id).where(MetricReading.rollout_id == rollout.id).limit(1)
    if session.exec(known).first() is not None:
        restand(session, rollout, [place for place in places_in(session, rollout, locations) if _stays(place)])


def restand(session: Session, rollout: Rollout, places: Sequence[Place], touched: Iterable[Period] = ()) -> None:
    """Make the standings of some places anew, and the figures of all locations over the days that were `touched` or
    whose readings count now and did not before, or the other way round. Two changes of one rollout wait for each other:
    what is summed over all locations is summed over both.
    """
    one_at_a_time(session, rollout)
    days, periods = MetricDays(session, rollout), set(touched)
    named, saved = {metric for metric, _, _ in periods}, set[Period]()
    for start in range(0, len(places), _AT_ONCE):
        made = _Restanding(session, rollout, places[start : start + _AT_ONCE], days)
        periods |= made.write()
        saved |= made.saved
    session.flush()
    if named:
        named |= {metric for metric, _, _ in periods}
    write_points(session, rollout, periods)
    write_saved(session, rollout.id or 0, saved)
    write_roll_ups(session, rollout, named)


def _stays(place: Place) -> bool:
    return place.location is None or place.location.dropped_at is None


@dataclass
class _Restanding:
    session: Session
    rollout: Rollout
    places: Sequence[Place]
    days: MetricDays
    saved: set[Period] = field(default_factory=set)
    """The periods whose savings are others than before."""

    def write(self) -> set[Period]:
        """Returns the periods whose readings count otherwise than before."""
        rows: dict[tuple[int | None, str], list[MetricReading]] = defaultdict(list)
        for row in readings_of(self.session, self.rollout.id or 0, self.places):
            rows[row.location_id, row.wave].append(row)
        signed = signed_at(self.session, self.rollout.id or 0, [place.key[0] for place in self.places])
        kept = self._kept()
        savings = savings_kept(self.session, [place.location.id or 0 for place in self.places if place.location])
        changed: set[Period] = set()
        for place in self.places:
            playbook = playbook_of(self.session, place.version_id)
            metrics = metrics_at(playbook, place)
            series = self._series(place, metrics, rows[place.key])
            found = {
                id_: standing(one, signed_value(signed.get(place.key[0]), one.metric)) for id_, one in series.items()
            }
            for id_, one in found.items():
                self._keep(place, kept.pop((*place.key, id_), None), one, found)
            self._save(place, metrics, series, found, savings)
            changed |= self._count(rows[place.key], series)
        for gone in kept.values():
            self.session.delete(gone)
        return changed

    def _kept(self) -> dict[tuple[int | None, str, str], MetricStanding]:
        statement = select(MetricStanding).where(
            MetricStanding.rollout_id == self.rollout.id, at_places(MetricStanding, self.places)
        )
        return {(row.location_id, row.wave, row.metric): row for row in self.session.exec(statement)}

    def _series(self, place: Place, metrics: Mapping[str, Metric], rows: Iterable[MetricReading]) -> dict[str, Series]:
        readings: dict[str, list[Reading]] = defaultdict(list)
        for row in rows:
            readings[row.metric].append(reading_of(row))
        return series_at(metrics, readings, {id_: self.days.at(place, one) for id_, one in metrics.items()})

    def _keep(self, place: Place, row: MetricStanding | None, found: Standing, others: Mapping[str, Standing]) -> None:
        location, wave = place.key
        metric = found.series.metric
        if row is None:
            row = MetricStanding(
                rollout_id=self.rollout.id or 0, location_id=location, wave=wave, metric=metric.id, definition=1
            )
        _write_baseline(row, found)
        _write_latest(row, found)
        _write_weights(row, found, others)
        self.session.add(row)

    def _save(
        self,
        place: Place,
        metrics: Mapping[str, Metric],
        series: Mapping[str, Series],
        found: Mapping[str, Standing],
        savings: Mapping[int, Kept],
    ) -> None:
        if place.location is None or place.location.id is None:
            return
        now = savings_at(metrics, series, found)
        key = place.location.id
        self.saved |= keep_savings(self.session, self.rollout.id or 0, key, savings.get(key, {}), now)

    def _count(self, rows: Iterable[MetricReading], series: Mapping[str, Series]) -> set[Period]:
        """Say of each reading whether it counts."""
        counted = {id_: {(one.first, one.last) for one in found.sorted.counted} for id_, found in series.items()}
        changed = set()
        for row in rows:
            counts = (row.first, row.last) in counted.get(row.metric, ())
            if row.counts != counts:
                row.counts = counts
                self.session.add(row)
                changed.add((row.metric, row.first, row.last))
        return changed


def _write_baseline(row: MetricStanding, found: Standing) -> None:
    series, captured = found.series, found.series.captured
    row.definition = series.metric.definition
    row.baseline_due = series.days.due
    row.captured = _float(captured.value if captured else None)
    row.captured_readings = captured.readings if captured else 0
    row.captured_size = _float(captured.size if captured else None)
    row.captured_first = captured.first if captured else None
    row.captured_last = captured.last if captured else None
    row.baseline = _float(found.baseline)
    row.target = series.metric.target.value if series.metric.target else None
    row.target_by = series.days.by
    row.live = series.days.live


def _write_latest(row: MetricStanding, found: Standing) -> None:
    latest, sorted_ = found.latest, found.series.sorted
    row.latest = _float(latest.value if latest else None)
    row.latest_size = _float(latest.size if latest else None)
    row.latest_first = latest.first if latest else None
    row.latest_last = latest.last if latest else None
    row.season = _float(found.season.value if found.season else None)
    row.readings = len(sorted_.counted)
    row.left_out = len(sorted_.left_out)
    row.otherwise = len(sorted_.otherwise)
    row.course = found.course.value
    metric, live = found.series.metric, found.series.days.live
    row.better_run = better_run(sorted_.counted, found.before, metric.better, live)


def _write_weights(row: MetricStanding, found: Standing, others: Mapping[str, Standing]) -> None:
    """The figures of the metric that weighs, or from which it is computed: before the go-live, and over the days of the
    latest reading.
    """
    weighs = others.get(weight_metric(found.series.metric.roll_up or ""))
    row.weight = row.baseline_weight = None
    if weighs is not None:
        row.baseline_weight = _float(weighs.before)
        row.weight = _float(_beside(weighs, found))
    row.parts = {}
    if found.series.metric.formula is not None:
        metrics = {id_: one.series.metric for id_, one in others.items()}
        parts = sorted(id_ for id_ in behind(metrics, row.metric) if metrics[id_].formula is None)
        row.parts = {id_: [_float(others[id_].before), _float(_beside(others[id_], found))] for id_ in parts}


def _beside(other: Standing, found: Standing) -> Decimal | None:
    """The figure of another metric over the days of the latest reading."""
    if found.latest is None:
        return None
    return _at(other.series.sorted.counted, found.latest.first, found.latest.last)


def _at(readings: Iterable[Reading], first: date, last: date) -> Decimal | None:
    return next((one.value for one in readings if (one.first, one.last) == (first, last)), None)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
