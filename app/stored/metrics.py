"""The metrics of a rollout at its places: their dates, their readings and what was signed. Both sides read it so."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from app.models import Baseline, Location, MetricReading, MetricStanding, Rollout
from app.plan import Playbook
from app.plan.format.metrics import Baseline as Asked
from app.plan.format.metrics import Metric
from app.plan.language.dates import DateRange, Offset
from app.plan.language.durations import Duration
from app.plan.moments import stepped
from app.plan.places import NETWORK, Spot
from app.plan.terms import Scope
from app.plan.timeline import Timeline
from app.rules.metrics.readings import Reading, Stretch
from app.rules.metrics.standing import Days, wanted_readings
from app.rules.schedule.dated import UNDATABLE
from app.stored import playbook_of
from app.stored.timelines import timeline_now

Signed = Mapping[str, Mapping[str, Any]]
"""What a signed baseline holds of each metric, by its id."""


@dataclass(frozen=True)
class Place:
    """Where metrics are read: a location, a wave, or (neither) the network; with the version that holds there."""

    location: Location | None
    wave: str
    version_id: int

    @property
    def key(self) -> tuple[int | None, str]:
        """As the rows of readings and standings have it."""
        return (self.location.id if self.location else None, "" if self.location else self.wave)

    @property
    def scope(self) -> Scope:
        return Scope.LOCATION if self.location else Scope.WAVE if self.wave else Scope.NETWORK

    @property
    def spot(self) -> Spot:
        if self.location:
            return Spot(Scope.LOCATION, self.location.wave, self.location.slug)
        return Spot(Scope.WAVE, self.wave) if self.wave else NETWORK


def place_at(rollout: Rollout, location: Location | None, wave: str = "") -> Place:
    """The place of a location, of a wave, or of the network."""
    return Place(location, wave, (location and location.playbook_version_id) or rollout.playbook_version_id)


def metrics_at(playbook: Playbook, place: Place) -> dict[str, Metric]:
    """The metrics that are read or computed at a place, in the order of the playbook."""
    return {id_: one for id_, one in playbook.figures.items() if one.scope is place.scope}


class MetricDays:
    """The dates of metrics at places of a rollout as it stands now. The timeline of each version is made when the first
    date of it is asked for.
    """

    def __init__(self, session: Session, rollout: Rollout) -> None:
        self._session, self._rollout = session, rollout
        self._timelines: dict[int, Timeline] = {}

    def at(self, place: Place, metric: Metric) -> Days:
        """Nothing that cannot be dated has a day; before the rollout has a start nothing has one."""
        if self._rollout.start is None:
            return Days()
        timeline, spot = self._timeline(place.version_id), place.spot
        asked = metric.baseline
        due = self._last(timeline, asked.due if isinstance(asked, Asked) else asked, spot)
        over = asked.over if isinstance(asked, Asked) else None
        live = self._live(timeline, place, due)
        ends = [due, live - timedelta(days=1) if live else None]
        spans = (self._span(timeline, one, spot) for one in metric.exclude or ())
        return Days(
            due=due,
            windows=tuple((_since(end, over, timeline, spot), end) for end in dict.fromkeys(ends) if end),
            by=self._last(timeline, metric.target.by if metric.target else None, spot),
            without=tuple(one for one in spans if one),
            live=live,
        )

    def _timeline(self, version_id: int) -> Timeline:
        if version_id not in self._timelines:
            self._timelines[version_id] = timeline_now(self._session, self._rollout, version_id)
        return self._timelines[version_id]

    def _live(self, timeline: Timeline, place: Place, due: date | None) -> date | None:
        """A location's go-live; for what is read once for many, the first of them. Where the playbook takes nobody live
        its work changes the figures from the day on after which no more of the baseline is captured.
        """
        if not timeline.playbook.waves:
            return due + timedelta(days=1) if due else self._rollout.start
        try:
            if place.scope is not Scope.NETWORK:
                return timeline.cutover(place.spot).day
            found = [timeline.cutover(site.spot).day for site in timeline.sites.values()]
        except UNDATABLE:
            return None
        return min(found, default=None)

    def _last(self, timeline: Timeline, written: DateRange | None, spot: Spot) -> date | None:
        if written is None:
            return None
        try:
            end = timeline.stretch(written, spot).end
        except UNDATABLE:
            return None
        return end.day if end else None

    def _span(self, timeline: Timeline, written: DateRange, spot: Spot) -> Stretch | None:
        try:
            return timeline.span(written, spot)
        except UNDATABLE:
            return None


def _since(end: date, over: Duration | None, timeline: Timeline, spot: Spot) -> date:
    if over is None or over.elapsed:
        return date.min
    before, _ = stepped((Offset(-1, over),), end + timedelta(days=1), None, timeline.calendar(spot))
    return before


def at_places(model: Any, places: Collection[Place]) -> ColumnElement[bool]:
    """The rows of some places of one rollout, of readings, standings or (waves apart) baselines."""
    ids = [place.location.id for place in places if place.location]
    shared = [place.wave for place in places if not place.location]
    here = col(model.location_id).in_(ids)
    if not shared:
        return here
    return or_(here, and_(col(model.location_id).is_(None), col(model.wave).in_(shared)))


def readings_of(session: Session, rollout_id: int, places: Collection[Place]) -> Iterator[MetricReading]:
    """The readings that stand at some places, in the order of their days. One query."""
    statement = select(MetricReading).where(
        MetricReading.rollout_id == rollout_id,
        col(MetricReading.replaced_at).is_(None),
        at_places(MetricReading, places),
    )
    yield from session.exec(statement.order_by(col(MetricReading.last), col(MetricReading.first)))


def reading_of(row: MetricReading) -> Reading:
    """A row as the rules take it."""
    return Reading(row.first, row.last, row.value, row.size, row.definition)


def signed_at(session: Session, rollout_id: int, locations: Collection[int | None]) -> dict[int | None, Baseline]:
    """The baselines that are in force, by location (None: the network). One query."""
    ids = [one for one in locations if one is not None]
    here: ColumnElement[bool] = col(Baseline.location_id).in_(ids)
    if None in locations:
        here = or_(here, col(Baseline.location_id).is_(None))
    statement = select(Baseline).where(Baseline.rollout_id == rollout_id, col(Baseline.replaced_at).is_(None), here)
    return {row.location_id: row for row in session.exec(statement)}


def signed_figures(row: Baseline | None) -> Signed:
    """What a baseline holds, by metric."""
    return json.loads(row.content)["metrics"] if row else {}


def signed_value(row: Baseline | None, metric: Metric) -> Decimal | None:
    """The signed figure of a metric; None for one that is not in it, or was signed under another definition."""
    found = signed_figures(row).get(metric.id)
    return Decimal(found["value"]) if found and found["definition"] == metric.definition else None


def places_in(session: Session, rollout: Rollout, locations: Collection[int]) -> list[Place]:
    """The network, its waves and some of its locations, as places where metrics are read."""
    playbook = playbook_of(session, rollout.playbook_version_id)
    statement = select(Location).where(Location.rollout_id == rollout.id, col(Location.id).in_(locations))
    own = [place_at(rollout, row) for row in session.exec(statement.order_by(col(Location.position), col(Location.id)))]
    return [*(place_at(rollout, None, wave) for wave in ("", *playbook.waves)), *own]


def baseline_figures(
    session: Session, rollout: Rollout, place: Place
) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """What would be frozen, by metric, and the titles of those that are not captured. As the standings have it."""
    playbook = playbook_of(session, place.version_id)
    metrics = {id_: one for id_, one in metrics_at(playbook, place).items() if one.baseline}
    statement = select(MetricStanding).where(
        MetricStanding.rollout_id == rollout.id, MetricStanding.location_id == place.key[0], MetricStanding.wave == ""
    )
    known = {row.metric: row for row in session.exec(statement)}
    figures, missing = {}, []
    for id_, metric in metrics.items():
        row = known.get(id_)
        if row is None or row.captured is None or row.captured_readings < wanted_readings(metric):
            missing.append(metric.title)
            continue
        figures[id_] = {
            "title": metric.title,
            "unit": metric.unit or "",
            "definition": metric.definition,
            "value": repr(row.captured),
            "readings": row.captured_readings,
            "size": None if row.captured_size is None else repr(row.captured_size),
            "first": row.captured_first.isoformat() if row.captured_first else "",
            "last": row.captured_last.isoformat() if row.captured_last else "",
        }
    return figures, tuple(missing)
