"""How the days of each entry went at each place so far, and how many were clean in a row: what gates ask for.

Counted by the database, a year of days as well as a week, with the rule of `app.rules.reconciliations.days`; a test
compares the two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlmodel import Session, col

from app.models import Occasion, Reconciliation
from app.queries.reconciliations.rows import at_places, come, days_at
from app.queries.rollouts.facts import RolloutFacts
from app.rules.reconciliations.days import DayState, Runs

Key = tuple[int | None, str]
"""A location (None: the whole network) and an entry."""
_SETTLED = (DayState.CLEAN, DayState.VARIANCE, DayState.MISSED)
_BREAKS = (DayState.VARIANCE, DayState.MISSED)
_UNSETTLED = (DayState.OPEN, DayState.COUNTED)


def runs_at(
    session: Session, rollout: RolloutFacts, places: Collection[int | None], now: datetime, entry: str = ""
) -> dict[Key, Runs]:
    """Of some locations of a rollout (None among them: of the network), by location and entry; of one entry where it
    is named. Places and entries without any day yet are left out. One query.
    """
    state = state_column(rollout, now)
    only = [come(rollout, now), *([col(Occasion.entry) == entry] if entry else [])]
    days = days_at(
        at_places(rollout, places),
        func.coalesce(Occasion.location_id, 0).label("place"),
        Occasion.entry,
        Occasion.due,
        state.label("state"),
        waits_column().label("waits"),
    ).where(*only).cte("days").prefix_with("MATERIALIZED")  # fmt: skip
    edges = _edges(days)
    holes = _holes(days, edges)
    run = _runs(days, edges, holes)
    columns = [edges.c[name] for name in ("place", "entry", "due", *_SETTLED, "waiting")]
    statement = select(*columns, func.coalesce(run.c.run, 0)).outerjoin(run, _same(edges, run))
    return {(place or None, name): Runs(*counted) for place, name, *counted in session.execute(statement)}


def _edges(days: Any) -> Any:
    """What there is of each state, the last day that is settled, and the last one that breaks a run."""
    state = days.c.state
    return (
        select(
            days.c.place,
            days.c.entry,
            _number(state != DayState.NOT_ASKED).label("due"),
            *(_number(state == one).label(one.value) for one in _SETTLED),
            _number(days.c.waits).label("waiting"),
            func.max(case((state.in_(_SETTLED), days.c.due))).label("settled"),
            func.max(case((state.in_(_BREAKS), days.c.due))).label("broken"),
        )
        .group_by(days.c.place, days.c.entry)
        .cte("edges")
        .prefix_with("MATERIALIZED")
    )


def _holes(days: Any, edges: Any) -> Any:
    """The last day that is not settled before one that is: it breaks a run until it is closed itself."""
    return (
        select(days.c.place, days.c.entry, func.max(days.c.due).label("hole"))
        .join(edges, _same(days, edges))
        .where(days.c.state.in_(_UNSETTLED), days.c.due < edges.c.settled)
        .group_by(days.c.place, days.c.entry)
        .cte("holes")
    )


def _runs(days: Any, edges: Any, holes: Any) -> Any:
    """How many days are clean after whatever breaks the run."""
    return (
        select(days.c.place, days.c.entry, func.count().label("run"))
        .join(edges, _same(days, edges))
        .outerjoin(holes, _same(days, holes))
        .where(
            days.c.state == DayState.CLEAN,
            or_(edges.c.broken.is_(None), days.c.due > edges.c.broken),
            or_(holes.c.hole.is_(None), days.c.due > holes.c.hole),
        )
        .group_by(days.c.place, days.c.entry)
        .cte("run")
    )


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.c.place == other.c.place, one.c.entry == other.c.entry)


def _number(only: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((only, 1), else_=0))


def waits_column() -> ColumnElement[bool]:
    """Counted, and not closed yet."""
    return and_(col(Reconciliation.counted_at).is_not(None), col(Reconciliation.reviewed_at).is_(None))


def state_column(rollout: RolloutFacts, now: datetime) -> ColumnElement[str]:
    """The state of a day that has come, as `state_of` says it."""
    watched = col(Occasion.next_at).is_not(None)
    over = col(Occasion.late_at) <= now
    begun = col(Reconciliation.id).is_not(None)
    still = [place.id for place in (*rollout.locations, *rollout.left) if place.paused or place.left_at]
    paused = col(Occasion.location_id).in_(still) if still else false()
    return case(
        (col(Reconciliation.missed_at).is_not(None), literal(DayState.MISSED.value)),
        (
            col(Reconciliation.reviewed_at).is_not(None),
            case((col(Reconciliation.clean).is_(True), DayState.CLEAN.value), else_=DayState.VARIANCE.value),
        ),
        (col(Reconciliation.counted_at).is_not(None), literal(DayState.COUNTED.value)),
        (
            and_(over, watched),
            case((paused, DayState.NOT_ASKED.value), else_=DayState.MISSED.value),
        ),
        (begun, literal(DayState.OPEN.value)),
        (or_(over, paused), literal(DayState.NOT_ASKED.value)),
        else_=literal(DayState.OPEN.value),
    )


def run_of(found: Mapping[Key, Runs], place: int | None, entry: str) -> Runs:
    """The run of one place; nothing has come there yet where it has none."""
    return found.get((place, entry), Runs())
