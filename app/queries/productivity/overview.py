"""All periods of a rollout at the locations that somebody sees, latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import ProductivityPeriod
from app.queries.productivity.facts import PeriodFacts, with_figures
from app.queries.rollouts.facts import RolloutFacts

PAGE: Final = 50


@dataclass(frozen=True)
class Overview:
    """One page of the periods, and how many there are."""

    periods: tuple[PeriodFacts, ...]
    total: int


def overview(session: Session, rollout: RolloutFacts, *, page: int = 1, location: int | None = None) -> Overview:
    """Those of a page, 1 the first; of one location, or of all that the rollout still has for the reader."""
    here = _here(rollout, location)
    rows = session.exec(
        select(ProductivityPeriod).where(*here).order_by(*_LATEST).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    total = session.exec(select(func.count()).select_from(ProductivityPeriod).where(*here)).one()
    return Overview(tuple(with_figures(session, rollout, rows)), total)


def periods_after(session: Session, rollout: RolloutFacts, after: int, limit: int) -> list[PeriodFacts]:
    """Periods in the order of their keys, from the one after `after` on."""
    wanted = select(ProductivityPeriod).where(*_here(rollout, None), col(ProductivityPeriod.id) > after)
    rows = session.exec(wanted.order_by(col(ProductivityPeriod.id)).limit(limit)).all()
    return with_figures(session, rollout, rows)


def chosen_periods(session: Session, rollout: RolloutFacts, ids: Sequence[int]) -> list[PeriodFacts]:
    """Periods in the order in which they were chosen. Raises NotFound for one that the reader does not see."""
    found = session.exec(
        select(ProductivityPeriod).where(*_here(rollout, None), col(ProductivityPeriod.id).in_(ids))
    ).all()
    by_id = {row.id: row for row in found}
    if set(ids) - by_id.keys():
        raise NotFound("period")
    return with_figures(session, rollout, [by_id[one] for one in dict.fromkeys(ids)])


_LATEST: Final = (
    col(ProductivityPeriod.last).desc(), col(ProductivityPeriod.first), col(ProductivityPeriod.location_id),
    col(ProductivityPeriod.id),
)  # fmt: skip


def _here(rollout: RolloutFacts, location: int | None) -> tuple[Any, ...]:
    places = [one.id for one in (*rollout.locations, *rollout.left)] if location is None else [location]
    return (
        ProductivityPeriod.rollout_id == rollout.id,
        col(ProductivityPeriod.removed_at).is_(None),
        col(ProductivityPeriod.location_id).in_(places),
    )
