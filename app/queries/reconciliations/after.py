"""The days of a rollout one after the other, in an order that nothing changes: that of their keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col

from app.models import Occasion
from app.queries.reconciliations.rows import DayRow, come, day_rows, seen
from app.queries.reconciliations.runs import state_column
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent
from app.rules.reconciliations.days import DayState


@dataclass(frozen=True)
class DayFilter:
    """Which days: of a place (None: of every one; `network`: of the whole network), an entry, a stretch, a state."""

    place: PlaceFacts | None = None
    network: bool = False
    entry: str = ""
    first: date | None = None
    last: date | None = None
    state: DayState | None = None


def days_after(
    session: Session, rollout: RolloutFacts, extent: Extent, wanted: DayFilter, after: int, limit: int, now: datetime
) -> list[DayRow]:
    """At most `limit` days with a key above `after` that the filter picks. One query."""
    only: list[Any] = [*seen(extent), col(Occasion.id) > after]
    if wanted.place is not None:
        only.append(col(Occasion.location_id) == wanted.place.id)
    if wanted.network:
        only.append(col(Occasion.location_id).is_(None))
    if wanted.entry:
        only.append(col(Occasion.entry) == wanted.entry)
    if wanted.first is not None:
        only.append(col(Occasion.due) >= wanted.first)
    if wanted.last is not None:
        only.append(col(Occasion.due) <= wanted.last)
    if wanted.state is DayState.AHEAD:
        only.append(~come(rollout, now))
    elif wanted.state is not None:
        only += [come(rollout, now), state_column(rollout, now) == wanted.state]
    return day_rows(session, rollout, now, *only, order=(col(Occasion.id),), limit=limit)
