"""What the metrics of a rollout are worth in money so far, and what the change cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models import ImplementationCost, Location, MetricSaved, MetricSaving, Person, PositionCost
from app.plan.format.metrics import Metric
from app.queries.rollouts.facts import RolloutFacts
from app.rules.metrics.money import FTE, Cost, Payback, Saving, by_month, of_positions, payback, worth
from app.rules.people.access import Extent


@dataclass(frozen=True)
class CostLine:
    """A cost that was entered: for one location (its name) or, empty, for all of them. `left`: that location has left,
    and the cost is in no sum, as its savings are in none.
    """

    id: int
    title: str
    amount: Decimal
    currency: str
    day: date
    place: str
    location: str
    by: str
    at: datetime
    removed_at: datetime | None = None
    left: bool = False


@dataclass(frozen=True)
class PositionLine:
    """What a full position of a metric costs in a year, as somebody said it."""

    amount: Decimal
    currency: str
    by: str
    at: datetime


@dataclass(frozen=True)
class SavedLine:
    """What one metric saved. `positions`: it is in FTE; without a `position` it has no worth in money, and then
    `currency` is empty. `added`: it is in the sum of its currency.
    """

    metric: Metric
    currency: str
    saved: Decimal
    months: Mapping[date, Decimal]
    readings: int
    positions: bool = False
    position: PositionLine | None = None
    added: bool = True


@dataclass(frozen=True)
class Money:
    """By currency what was spent and saved; `whole`: of the whole network, so that its costs are known too."""

    lines: tuple[SavedLine, ...]
    costs: tuple[CostLine, ...]
    paybacks: Mapping[str, Payback]
    whole: bool
    removed: tuple[CostLine, ...] = ()


def money_of(session: Session, rollout: RolloutFacts, extent: Extent, today: date) -> Money:
    """What the reader may see of it. Three queries."""
    metrics = rollout.playbook.figures
    worths = {id_: kind for id_ in metrics if (kind := worth(metrics, id_))}
    saved = _saved(session, rollout.id, extent, sorted(worths)) if worths else {}
    positions = _positions(session, rollout.id)
    kinds = {kind for id_, kind in worths.items() if kind != FTE and saved.get(id_)}
    lines, sums = [], defaultdict[str, list[Saving]](list)
    for id_, kind in worths.items():
        line, found = _line(metrics[id_], kind, saved.get(id_, []), positions.get(id_), kinds)
        lines.append(line)
        if line.added and line.currency:
            sums[line.currency] += found
    every = _costs(session, rollout.id, extent)
    costs = [one for one in every if one.removed_at is None]
    spent: dict[str, list[Cost]] = defaultdict(list)
    for one in (cost for cost in costs if not cost.left):
        spent[one.currency].append(Cost(one.day, one.amount))
    paybacks = {
        currency: payback(spent.get(currency, []), sums.get(currency, []), today)
        for currency in sorted({*spent, *(key for key, found in sums.items() if found)})
    }
    removed = tuple(one for one in every if one.removed_at is not None)
    return Money(tuple(lines), tuple(costs), paybacks, extent.everywhere, removed)


def _line(
    metric: Metric, kind: str, found: Sequence[Saving], position: PositionLine | None, kinds: set[str]
) -> tuple[SavedLine, Sequence[Saving]]:
    currency = kind
    if kind == FTE:
        currency = position.currency if position else ""
        found = [of_positions(one, position.amount) for one in found] if position else found
    whole = sum((one.amount for one in found), Decimal(0))
    line = SavedLine(
        metric,
        currency,
        whole,
        by_month(found),
        len(found),
        kind == FTE,
        position,
        kind != FTE or currency not in kinds,
    )
    return line, found


def _saved(session: Session, rollout_id: int, extent: Extent, metrics: Sequence[str]) -> dict[str, list[Saving]]:
    """By metric and days, oldest first, of the locations that have not left."""
    row: Any = MetricSaved if extent.everywhere else MetricSaving
    columns = (col(row.metric), col(row.first), col(row.last))
    statement = select(*columns, func.sum(row.amount)).where(
        col(row.rollout_id) == rollout_id, col(row.metric).in_(metrics)
    )
    if not extent.everywhere:
        here = select(col(Location.id)).where(col(Location.id).in_(extent.ids), col(Location.dropped_at).is_(None))
        statement = statement.where(col(row.location_id).in_(here))
    found: dict[str, list[Saving]] = defaultdict(list)
    for metric, first, last, amount in session.execute(statement.group_by(*columns).order_by(col(row.last))):
        found[metric].append(Saving(first, last, Decimal(repr(float(amount)))))
    return found


def _positions(session: Session, rollout_id: int) -> dict[str, PositionLine]:
    row: Any = PositionCost
    statement = (
        select(row, col(Person.name))
        .join(Person, col(Person.id) == col(row.by_id))
        .where(col(row.rollout_id) == rollout_id, col(row.replaced_at).is_(None))
    )
    return {
        row.metric: PositionLine(row.amount, row.currency, name, row.at) for row, name in session.execute(statement)
    }


def _costs(session: Session, rollout_id: int, extent: Extent) -> list[CostLine]:
    """Oldest first, those that were removed too. Whoever sees single locations sees the costs of those."""
    row: Any = ImplementationCost
    statement = (
        select(row, col(Person.name), col(Location.name), col(Location.slug), col(Location.dropped_at))
        .join(Person, col(Person.id) == col(row.by_id))
        .outerjoin(Location, col(Location.id) == col(row.location_id))
        .where(col(row.rollout_id) == rollout_id)
        .order_by(col(row.spent_on), col(row.id))
    )
    if not extent.everywhere:
        statement = statement.where(col(row.location_id).in_(extent.ids))
    return [
        CostLine(one.id or 0, one.title, one.amount, one.currency, one.spent_on, place or "", slug or "", name, one.at,
                 one.removed_at, left is not None)
        for one, name, place, slug, left in session.execute(statement)
    ]  # fmt: skip
