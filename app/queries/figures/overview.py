"""The baseline of every place of a rollout, and what of it is captured, a few places a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from app.models import Baseline, MetricStanding
from app.plan.terms import Scope
from app.queries.figures.lines import shared_waves
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.metrics.standing import wanted_readings
from app.rules.people.access import Extent
from app.stored.metrics import signed_at

PLACES: Final = 50


@dataclass(frozen=True)
class BaselineLine:
    """A place (None: the network, or a wave): how many of the metrics that have a baseline are captured, and the frozen
    baseline.
    """

    place: PlaceFacts | None
    wave: str
    captured: int
    asked: int
    metrics: int
    frozen: Baseline | None


@dataclass(frozen=True)
class Baselines:
    """`lines` are those of this page; `signed` counts the locations of all pages, of `total`."""

    lines: tuple[BaselineLine, ...]
    shared: tuple[BaselineLine, ...]
    signed: int
    total: int


def baselines(session: Session, rollout: RolloutFacts, extent: Extent, page: int) -> Baselines:
    """Three queries, however many places there are."""
    places = rollout.locations[(page - 1) * PLACES : page * PLACES]
    captured = _captured(session, rollout, [place.id for place in places])
    frozen = signed_at(session, rollout.id, [None, *(place.id for place in places)])
    waves = ("", *shared_waves(rollout.playbook))
    shared = (_line(rollout, None, wave, captured, None if wave else frozen.get(None)) for wave in waves)
    return Baselines(
        lines=tuple(_line(rollout, place, "", captured, frozen.get(place.id)) for place in places),
        shared=tuple(line for line in shared if line.metrics),
        signed=_signed(session, rollout, extent),
        total=len(rollout.locations),
    )


def _captured(session: Session, rollout: RolloutFacts, locations: list[int]) -> dict[tuple[int | None, str, str], int]:
    """How many readings each metric has before the go-live, by location, wave and metric."""
    statement = select(
        MetricStanding.location_id, MetricStanding.wave, MetricStanding.metric, MetricStanding.captured_readings
    ).where(
        MetricStanding.rollout_id == rollout.id,
        or_(col(MetricStanding.location_id).in_(locations), col(MetricStanding.location_id).is_(None)),
        col(MetricStanding.captured).is_not(None),
    )
    return {(place, wave, metric): readings for place, wave, metric, readings in session.exec(statement)}


def _line(
    rollout: RolloutFacts,
    place: PlaceFacts | None,
    wave: str,
    captured: Mapping[tuple[int | None, str, str], int],
    frozen: Baseline | None,
) -> BaselineLine:
    scope = Scope.LOCATION if place else Scope.WAVE if wave else Scope.NETWORK
    key = place.id if place else None
    metrics = [one for one in rollout.book_at(key).figures.values() if one.scope is scope]
    asked = [one for one in metrics if one.baseline]
    full = sum(captured.get((key, wave, one.id), 0) >= wanted_readings(one) for one in asked)
    return BaselineLine(place, wave, full, len(asked), len(metrics), frozen)


def _signed(session: Session, rollout: RolloutFacts, extent: Extent) -> int:
    """Of the locations that the reader sees and that are still in the rollout."""
    there = [place.id for place in rollout.locations]
    statement = select(func.count()).where(
        Baseline.rollout_id == rollout.id, col(Baseline.replaced_at).is_(None), col(Baseline.location_id).is_not(None)
    )
    if not extent.everywhere or rollout.left:
        statement = statement.where(col(Baseline.location_id).in_(there))
    return session.exec(statement).one()
