"""The figures of one place: every metric by its group, the readings of one period, and the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Baseline, MetricReading, Rollout
from app.queries.figures.lines import FigureLine, lines_at, place_of, read_since
from app.queries.people import Naming, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.metrics.access import may_sign
from app.rules.metrics.readings import Stretch
from app.rules.people.access import Viewer
from app.rules.signoffs import canonical, fingerprint
from app.stored.metrics import Place, baseline_figures


@dataclass(frozen=True)
class BaselineFacts:
    """The baseline of a place. `rows` are those that were signed, the latest first; `figures` what would be frozen now
    and `shown` its hash; `missing` the titles of what is not captured.
    """

    rows: tuple[Baseline, ...]
    figures: Mapping[str, Mapping[str, Any]]
    missing: tuple[str, ...]
    content: str
    asked: bool
    may_sign: bool

    @property
    def frozen(self) -> Baseline | None:
        return next((row for row in self.rows if row.replaced_at is None), None)

    @property
    def shown(self) -> str:
        return fingerprint(self.content)

    @property
    def changed(self) -> bool:
        """Whether the readings give other figures now than those that are frozen."""
        return self.frozen is not None and self.frozen.content != self.content


@dataclass(frozen=True)
class PlaceFigures(Naming):
    """`readings` are those that stand over any day of the period that was asked for."""

    rollout: RolloutFacts
    place: PlaceFacts | None
    wave: str
    today: date
    lines: tuple[FigureLine, ...]
    baseline: BaselineFacts
    readings: Sequence[MetricReading]
    names: Mapping[int, str]

    @property
    def due(self) -> tuple[FigureLine, ...]:
        return tuple(line for line in self.lines if line.due)

    @property
    def enters(self) -> bool:
        return any(line.enters for line in self.lines)


def place_figures(
    session: Session,
    rollout: RolloutFacts,
    place: PlaceFacts | None,
    wave: str,
    period: Stretch | None,
    viewer: Viewer,
    now: datetime,
) -> PlaceFigures:
    """The number of queries grows neither with the metrics nor with the readings."""
    where = place_of(session, rollout, place, wave)
    today = place.today(now) if place else rollout.today(now)
    baseline = baseline_facts(session, rollout, where, viewer)
    lines = tuple(lines_at(session, rollout, where, baseline.frozen, viewer, today))
    readings = read_since(session, rollout.id, where, *period) if period else ()
    names = holders(session, rollout.id, viewer.locations(rollout.id), now).known()
    return PlaceFigures(rollout, place, wave, today, lines, baseline, readings, names)


def baseline_facts(session: Session, rollout: RolloutFacts, where: Place, viewer: Viewer) -> BaselineFacts:
    """Of a location or of the network; that of the network holds nothing of a wave. Three queries."""
    key = where.key[0]
    if where.wave and key is None:
        return BaselineFacts((), {}, (), canonical({"metrics": {}}), False, False)
    statement = select(Baseline).where(Baseline.rollout_id == rollout.id, Baseline.location_id == key)
    rows = tuple(session.exec(statement.order_by(col(Baseline.number).desc())))
    figures, missing = baseline_figures(session, session.get_one(Rollout, rollout.id), where)
    at = {"rollout": rollout.id, "location": key}
    return BaselineFacts(
        rows=rows,
        figures=figures,
        missing=missing,
        content=canonical({"metrics": figures}),
        asked=bool(figures or missing),
        may_sign=may_sign(viewer, at, frozen=any(row.replaced_at is None for row in rows)),
    )


def frozen_content(session: Session, rollout_id: int, location: int | None, number: int) -> Baseline:
    """A baseline as it was signed. Raises NotFound."""
    statement = select(Baseline).where(
        Baseline.rollout_id == rollout_id, Baseline.location_id == location, Baseline.number == number
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound("baseline")
    return found
