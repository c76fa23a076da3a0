"""Baselines that took the place of others: their reasons stand beside whatever is made from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models import Baseline, Location
from app.plan.format.metrics import Metric
from app.queries.rollouts.facts import RolloutFacts
from app.rules.people.access import Extent
from app.stored.metrics import signed_figures

TOLD: Final = 5


@dataclass(frozen=True)
class Replaced:
    """A baseline that took the place of another one: when, by whom, why, and what it was before."""

    at: datetime
    by: str
    reason: str
    before: str


@dataclass(frozen=True)
class ReplacedAt:
    """A location whose baseline in force took the place of another one."""

    slug: str
    name: str
    zone: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class ReplacedIn:
    """The last few of a rollout, and how many there are."""

    lately: tuple[ReplacedAt, ...]
    total: int


def baselines_of(session: Session, locations: Collection[int]) -> Mapping[int | None, Sequence[Baseline]]:
    """Every baseline that was signed at some locations, the first one first. One query."""
    found: dict[int | None, list[Baseline]] = defaultdict(list)
    statement = select(Baseline).where(col(Baseline.location_id).in_(locations)).order_by(col(Baseline.number))
    for row in session.exec(statement):
        found[row.location_id].append(row)
    return found


def replaced(history: Sequence[Baseline], metric: Metric) -> tuple[Replaced, ...]:
    """Those that changed the figure of a metric."""
    found = []
    for before, after in pairwise(history):
        old, new = (signed_figures(one).get(metric.id, {}).get("value") for one in (before, after))
        if old is not None and old != new:
            found.append(Replaced(after.at, after.name, after.reason, old))
    return tuple(found)


def replaced_in(session: Session, rollout: RolloutFacts, extent: Extent) -> ReplacedIn:
    """Where the reader may look, the newest first. Two queries."""
    row: Any = Baseline
    columns: tuple[Any, ...] = (Location.slug, Location.name, Location.zone, row.at, row.name, row.reason)
    statement = (
        select_columns(*columns)
        .join(Location, col(Location.id) == col(row.location_id))
        .where(
            col(row.rollout_id) == rollout.id,
            col(row.replaced_at).is_(None),
            col(row.number) > 1,
            col(Location.dropped_at).is_(None),
        )
    )
    if not extent.everywhere:
        statement = statement.where(col(Location.id).in_(extent.ids))
    total = session.execute(select_columns(func.count()).select_from(statement.subquery())).scalar_one()
    rows = session.execute(statement.order_by(col(row.at).desc()).limit(TOLD)).all() if total else []
    return ReplacedIn(tuple(ReplacedAt(*one) for one in rows), total)
