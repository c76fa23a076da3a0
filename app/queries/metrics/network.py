"""The return of a whole rollout: where each metric stands at all locations together.

What is read does not grow with the locations or their readings: their sums are kept by every change. Only for somebody
who sees single locations are those few added up here, by the same rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models import Location, MetricPoint, MetricReading, MetricRollUp, MetricStanding
from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.queries.rollouts.facts import RolloutFacts
from app.rules.metrics.network import Network, network_of
from app.rules.metrics.rolled import rolled
from app.rules.metrics.wins import is_win
from app.rules.people.access import Extent
from app.stored.standings import at_of, exact, network_from, standings

POINTS: Final = 160
"""Of one metric, the newest: three years of weeks."""


@dataclass(frozen=True)
class Point:
    """The figure of `places` locations together over some days."""

    first: date
    last: date
    value: Decimal
    places: int


@dataclass(frozen=True)
class Gain:
    """A win of a metric at a location that the reader may see."""

    metric: Metric
    location: int
    slug: str
    name: str
    before: Decimal
    now: Decimal
    live: date
    last: date


@dataclass(frozen=True)
class MetricLine:
    """A metric over the locations that the reader may see. `group` is the title of its group."""

    metric: Metric
    group: str
    network: Network
    points: tuple[Point, ...]


@dataclass(frozen=True)
class NetworkReturn:
    """Every metric in the order of the playbook; the names of locations that are spoken of, by id; wins, newest and
    greatest first.
    """

    lines: tuple[MetricLine, ...]
    names: Mapping[str, tuple[str, str]]
    wins: tuple[Gain, ...]


def network_return(session: Session, rollout: RolloutFacts, extent: Extent, today: date) -> NetworkReturn:
    """Of what `extent` may see. Four queries for the whole network, five for single locations."""
    metrics = rollout.playbook.figures
    found = _kept(session, rollout.id) if extent.everywhere else _summed(session, rollout, extent.ids)
    points = points_of(session, rollout, extent)
    groups = dict(group_titles(rollout.playbook.metrics))
    lines = tuple(
        MetricLine(one, groups.get(one.parent, ""), found.get(id_, Network()), tuple(points.get(id_, ())))
        for id_, one in metrics.items()
    )
    return NetworkReturn(lines, _names(session, lines), tuple(wins_of(session, rollout, lines, today)))


def group_titles(entries: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The titles of groups of metrics by their ids, those inside of others too."""
    for id_, entry in entries.items():
        inside = getattr(entry, "items", None)
        if isinstance(inside, Mapping):
            yield id_, entry.title
            yield from group_titles(inside)


def network_line(session: Session, rollout: RolloutFacts, extent: Extent, metric: Metric) -> MetricLine:
    """One metric alone."""
    if extent.everywhere:
        row = session.get(MetricRollUp, (rollout.id, metric.id))
        network = network_from(row) if row else Network()
    else:
        network = _summed(session, rollout, extent.ids).get(metric.id, Network())
    points = points_of(session, rollout, extent, (metric.id,)).get(metric.id, ())
    groups = dict(group_titles(rollout.playbook.metrics))
    return MetricLine(metric, groups.get(metric.parent, ""), network, tuple(points))


def _kept(session: Session, rollout_id: int) -> dict[str, Network]:
    rows = session.exec(select(MetricRollUp).where(col(MetricRollUp.rollout_id) == rollout_id))
    return {row.metric: network_from(row) for row in rows}


def _summed(session: Session, rollout: RolloutFacts, locations: Collection[int]) -> dict[str, Network]:
    metrics = dict(rollout.playbook.figures)
    here = or_(col(MetricStanding.location_id).in_(locations), col(MetricStanding.location_id).is_(None))
    rows: dict[str, list[MetricStanding]] = defaultdict(list)
    for row in session.exec(standings(rollout.id).where(here)):
        rows[row.metric].append(row)
    return {
        id_: network_of(metrics, id_, [at_of(row, metrics[id_]) for row in mine])
        for id_, mine in rows.items()
        if id_ in metrics
    }


def points_of(
    session: Session, rollout: RolloutFacts, extent: Extent, only: Sequence[str] = ()
) -> dict[str, list[Point]]:
    """The figures over time, oldest first, by metric; of `only` some of them, or of all. What is read once for the
    network is a point as it is.
    """
    found: dict[str, list[Point]] = defaultdict(list)
    if extent.everywhere:
        row: Any = MetricPoint
        statement = select_columns(row.metric, row.first, row.last, row.value, row.places).where(
            col(row.rollout_id) == rollout.id
        )
        if only:
            statement = statement.where(col(row.metric).in_(only))
        for metric, first, last, value, places in session.execute(statement.order_by(col(row.last), col(row.first))):
            found[metric].append(Point(first, last, Decimal(repr(value)), places))
    else:
        found = _points_at(session, rollout, extent.ids)
    for metric, mine in _shared(session, rollout.id).items():
        found[metric] = mine
    return {id_: mine[-POINTS:] for id_, mine in found.items() if not only or id_ in only}


Values = dict[tuple[date, date], dict[str, dict[str, Decimal]]]


def _points_at(session: Session, rollout: RolloutFacts, locations: Collection[int]) -> dict[str, list[Point]]:
    """By the same rule as of all, over a few locations."""
    row: Any = MetricReading
    statement = select_columns(row.metric, row.location_id, row.first, row.last, row.figure, row.definition).where(
        col(row.rollout_id) == rollout.id,
        col(row.location_id).in_(locations),
        col(row.replaced_at).is_(None),
        col(row.counts),
    )
    metrics = {id_: one for id_, one in rollout.playbook.figures.items() if one.scope is Scope.LOCATION}
    values: Values = {}
    for metric, location, first, last, figure, definition in session.execute(statement):
        if metric in metrics and definition == metrics[metric].definition:
            values.setdefault((first, last), {}).setdefault(metric, {})[str(location)] = Decimal(repr(figure))
    found: dict[str, list[Point]] = defaultdict(list)
    for (first, last), there in sorted(values.items(), key=lambda one: (one[0][1], one[0][0])):
        for id_ in metrics:
            figure = rolled(metrics, id_, there)
            if figure.value is not None:
                found[id_].append(Point(first, last, figure.value, figure.places))
    return found


def _shared(session: Session, rollout_id: int) -> dict[str, list[Point]]:
    """What is read once for the network."""
    row: Any = MetricReading
    statement = select_columns(row.metric, row.first, row.last, row.figure).where(
        col(row.rollout_id) == rollout_id,
        col(row.location_id).is_(None),
        col(row.wave) == "",
        col(row.replaced_at).is_(None),
        col(row.counts),
    )
    found: dict[str, list[Point]] = defaultdict(list)
    for metric, first, last, figure in session.execute(statement.order_by(col(row.last), col(row.first))):
        found[metric].append(Point(first, last, Decimal(repr(figure)), 1))
    return found


def _names(session: Session, lines: Iterable[MetricLine]) -> dict[str, tuple[str, str]]:
    """Of the locations that are not in a figure: address and name."""
    keys = {int(place) for line in lines for place in line.network.without if place.isdigit()}
    if not keys:
        return {}
    found = session.exec(select(Location.id, Location.slug, Location.name).where(col(Location.id).in_(keys)))
    return {str(key): (slug, name) for key, slug, name in found}


def wins_of(session: Session, rollout: RolloutFacts, lines: Iterable[MetricLine], today: date) -> Iterable[Gain]:
    """The wins that are fresh today, of the places that the sums name. One query."""
    metrics = {line.metric.id: line.metric for line in lines}
    named = {(line.metric.id, int(place)) for line in lines for place in line.network.wins if place.isdigit()}
    if not named:
        return []
    statement = (
        select(MetricStanding, Location.slug, Location.name)
        .join(Location, col(Location.id) == col(MetricStanding.location_id))
        .where(
            MetricStanding.rollout_id == rollout.id,
            col(MetricStanding.location_id).in_({place for _, place in named}),
            col(MetricStanding.metric).in_({metric for metric, _ in named}),
        )
    )
    found = [
        gain
        for row, slug, name in session.exec(statement)
        if (row.metric, row.location_id) in named and (gain := gain_of(row, slug, name, metrics[row.metric], today))
    ]
    return sorted(found, key=lambda one: abs((one.now - one.before) / one.before), reverse=True)


def network_gains(session: Session, rollout: RolloutFacts, extent: Extent, today: date) -> list[Gain]:
    """The wins where somebody may look, without all the rest of the return. Two queries; none without metrics."""
    if not rollout.playbook.figures:
        return []
    found = _kept(session, rollout.id) if extent.everywhere else _summed(session, rollout, extent.ids)
    metrics = rollout.playbook.figures
    lines = [MetricLine(metrics[id_], "", one, ()) for id_, one in found.items() if id_ in metrics]
    return list(wins_of(session, rollout, lines, today))


def gain_of(row: MetricStanding, slug: str, name: str, metric: Metric, today: date) -> Gain | None:
    """A row as a win; None where it is none on that day."""
    before = exact(row.baseline if row.baseline is not None else row.captured)
    now = exact(row.latest)
    if not before or now is None or row.live is None or row.latest_last is None:
        return None
    if not is_win(row.better_run, row.latest_last, today):
        return None
    return Gain(metric, row.location_id or 0, slug, name, before, now, row.live, row.latest_last)


def openings(session: Session, rollout: RolloutFacts, extent: Extent) -> list[tuple[str, date]]:
    """The first go-live of each wave where the reader may look, by the wave's title. One query."""
    statement = select(Location.wave, func.min(Location.cutover_at)).where(
        Location.rollout_id == rollout.id, col(Location.dropped_at).is_(None), col(Location.cutover_at).is_not(None)
    )
    if not extent.everywhere:
        statement = statement.where(col(Location.id).in_(extent.ids))
    waves = rollout.playbook.waves
    return [
        (waves[wave].title if wave in waves else wave, at.date())
        for wave, at in session.exec(statement.group_by(col(Location.wave)))
        if at is not None
    ]
