"""The metrics of a place, each with its dates, where it stands, and what is due and not read yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.models import Baseline, Location, MetricReading, MetricStanding, Rollout
from app.plan import Playbook
from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.metrics.access import may_enter, may_read_texts
from app.rules.metrics.periods import cadence_of, last_complete
from app.rules.metrics.readings import Stretch
from app.rules.metrics.standing import Days, wanted_readings
from app.rules.people.access import Viewer
from app.stored.metrics import MetricDays, Place, at_places, metrics_at, place_at, signed_figures


@dataclass(frozen=True)
class FigureLine:
    """A metric at a place. `signed` is what the baseline in force holds of it; `due` the latest period that is over and
    has no reading; `enters` and `reads`: what the reader may do there.
    """

    metric: Metric
    group: str
    days: Days
    standing: MetricStanding | None
    signed: Mapping[str, Any] | None
    due: Stretch | None
    enters: bool
    reads: bool

    @property
    def wanted(self) -> int:
        """So many readings make its baseline, at least; 0 where it has none."""
        return wanted_readings(self.metric) if self.metric.baseline else 0

    @property
    def captured(self) -> bool:
        row = self.standing
        return bool(self.wanted and row and row.captured is not None and row.captured_readings >= self.wanted)


def place_of(session: Session, rollout: RolloutFacts, place: PlaceFacts | None, wave: str = "") -> Place:
    """A place of the pages as the rows have it. Two queries."""
    row = session.get_one(Rollout, rollout.id)
    return place_at(row, session.get_one(Location, place.id) if place else None, wave)


def shared_waves(book: Playbook) -> tuple[str, ...]:
    """The waves for which metrics are read once for all their locations."""
    return tuple(book.waves) if any(one.scope is Scope.WAVE for one in book.figures.values()) else ()


def lines_at(
    session: Session, rollout: RolloutFacts, where: Place, signed: Baseline | None, viewer: Viewer, today: date
) -> list[FigureLine]:
    """Every metric that is read or computed there, in the order of the playbook. Two queries, and those of the
    timeline.
    """
    book = rollout.books[where.version_id]
    metrics, days = metrics_at(book, where), MetricDays(session, session.get_one(Rollout, rollout.id))
    due = {id_: last_complete(cadence, today) for id_, one in metrics.items()
           if not one.formula and (cadence := cadence_of(one.every))}  # fmt: skip
    read = read_since(session, rollout.id, where, min((first for first, _ in due.values()), default=today))
    standings, frozen = standings_at(session, rollout.id, where), signed_figures(signed)
    groups, at = dict(_groups(book.metrics)), {"rollout": rollout.id, "location": where.key[0]}
    return [
        FigureLine(
            metric=one,
            group=groups.get(one.parent, ""),
            days=days.at(where, one),
            standing=standings.get(id_),
            signed=frozen.get(id_),
            due=_unread(due.get(id_), read, one),
            enters=one.formula is None and may_enter(viewer, one, at),
            reads=may_read_texts(viewer, one, at),
        )
        for id_, one in metrics.items()
    ]


def _groups(entries: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The titles of groups by their ids, those inside of others too."""
    for id_, entry in entries.items():
        inside = getattr(entry, "items", None)
        if isinstance(inside, Mapping):
            yield id_, entry.title
            yield from _groups(inside)


def _unread(due: Stretch | None, read: Sequence[MetricReading], metric: Metric) -> Stretch | None:
    if due is None:
        return None
    known = (row for row in read if row.metric == metric.id and row.definition == metric.definition)
    return None if any(row.first <= due[1] and due[0] <= row.last for row in known) else due


def read_since(
    session: Session, rollout_id: int, where: Place, first: date, last: date = date.max
) -> Sequence[MetricReading]:
    """The readings that stand at a place and are over any of those days. One query."""
    statement = select(MetricReading).where(
        MetricReading.rollout_id == rollout_id,
        col(MetricReading.replaced_at).is_(None),
        at_places(MetricReading, [where]),
        MetricReading.last >= first,
        MetricReading.first <= last,
    )
    return session.exec(statement.order_by(col(MetricReading.last), col(MetricReading.id))).all()


def standings_at(session: Session, rollout_id: int, where: Place) -> dict[str, MetricStanding]:
    """By metric. One query."""
    statement = select(MetricStanding).where(
        MetricStanding.rollout_id == rollout_id, at_places(MetricStanding, [where])
    )
    return {row.metric: row for row in session.exec(statement)}
