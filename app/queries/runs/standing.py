"""Where runs that are not over stand: forecast, way back and position, of one or of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Run, RunStep
from app.plan import Playbook
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import moment
from app.rules.runbooks.back_out import BackOut
from app.rules.runbooks.forecast import Forecast
from app.rules.runbooks.position import Position, backing_out, position
from app.stored import playbook_of
from app.stored.runs import StoredRun, as_stored


def position_of(found: StoredRun, forecast: Forecast, back: BackOut | None, zone: str, now: datetime) -> Position:
    """Where a run stands on the way that is gone now."""
    if found.goes_back:
        return backing_out(found.plan, forecast, lambda at: moment(at, zone, now))
    return position(found.plan, forecast, found.actuals(), back)


def positions_of(session: Session, rollout: RolloutFacts, runs: Iterable[Run], now: datetime) -> Mapping[int, Position]:
    """Where each of some open runs stands, by its key. One query for all their steps."""
    known = {run.id or 0: run for run in runs}
    steps: dict[int, list[RunStep]] = {key: [] for key in known}
    statement = select(RunStep).where(col(RunStep.run_id).in_(known)).order_by(col(RunStep.number))
    for row in session.exec(statement) if known else ():
        steps[row.run_id].append(row)
    return {key: _position(session, rollout, run, steps[key], now) for key, run in known.items()}


def _position(session: Session, rollout: RolloutFacts, run: Run, steps: Sequence[RunStep], now: datetime) -> Position:
    found = as_stored(run, steps, _book(session, rollout, run))
    forecast, place = found.forecast(now), rollout.location(run.location_id)
    zone = place.zone if place else rollout.zone
    return position_of(found, forecast, found.back_out(forecast, now), zone, now)


def _book(session: Session, rollout: RolloutFacts, run: Run) -> Playbook:
    """The version that it was made under, read anew only where nothing else in the rollout stands under it."""
    return rollout.books.get(run.playbook_version_id) or playbook_of(session, run.playbook_version_id)
