"""The rehearsals that gates ask for: those that went to their end. Three queries for a whole rollout."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models import Run, RunEntry, RunStep
from app.plan.minutes import NO_TIME
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.runbooks.ledger import Act
from app.rules.runbooks.rehearsed import Rehearsed

Where = tuple[int | None, str, str]
"""A location, or (None) a wave, which is empty for the network; and a runbook."""


def rehearsals_of(
    session: Session, rollout: RolloutFacts, runbooks: Collection[str]
) -> Mapping[Where, tuple[Rehearsed, ...]]:
    """Every rehearsal of these runbooks that finished, by where it was."""
    finished = (
        col(Run.rollout_id) == rollout.id,
        col(Run.live).is_(False),
        col(Run.outcome) == "finished",
        col(Run.runbook).in_(runbooks),
    )
    runs = session.exec(select(Run).where(*finished).order_by(col(Run.id))).all()
    ids = [run.id or 0 for run in runs]
    ends, blocked = _ends(session, ids), _blocked(session, ids)
    found: dict[Where, tuple[Rehearsed, ...]] = {}
    for run in runs:
        where = (run.location_id, "" if run.location_id is not None else run.wave, run.runbook)
        one = _rehearsed(rollout, run, ends.get(run.id or 0), blocked.get(run.id or 0, 0))
        found[where] = (*found.get(where, ()), one)
    return found


def rehearsed_for(
    found: Mapping[Where, tuple[Rehearsed, ...]], place: PlaceFacts, runbook: str
) -> tuple[Rehearsed, ...]:
    """Those of a location, of its wave, and of the network."""
    places = ((place.id, ""), (None, place.wave), (None, ""))
    return tuple(one for where in dict.fromkeys(places) for one in found.get((*where, runbook), ()))


def _ends(session: Session, runs: Collection[int]) -> dict[int, datetime]:
    """When the last step of each run was over or left out: a run is often ended by hand only later."""
    steps = select(RunStep.run_id, RunStep.finished_at, RunStep.verified_at, RunStep.skipped_at)
    found: dict[int, datetime] = {}
    for run, *times in session.exec(steps.where(col(RunStep.run_id).in_(runs))):
        known = [at for at in times if at is not None]
        if known:
            found[run] = max([*known, *([found[run]] if run in found else [])])
    return found


def _blocked(session: Session, runs: Collection[int]) -> dict[int, int]:
    """How many steps of each run were blocked, once or more often."""
    counted = (
        select(RunEntry.run_id, func.count(func.distinct(col(RunEntry.step_id))))
        .where(col(RunEntry.run_id).in_(runs), col(RunEntry.kind) == Act.BLOCKED.value)
        .group_by(col(RunEntry.run_id))
    )
    return dict(session.exec(counted).all())


def _rehearsed(rollout: RolloutFacts, run: Run, last: datetime | None, blocked: int) -> Rehearsed:
    place = rollout.location(run.location_id)
    ended = last or run.ended_at or run.made_at
    return Rehearsed(
        number=run.number,
        ended=ended,
        day=ended.astimezone(ZoneInfo(place.zone if place else rollout.zone)).date(),
        blocked=blocked,
        over=max(ended - run.window_ends, NO_TIME) if run.window_ends else NO_TIME,
        outdated=_outdated(rollout, run),
    )


def _outdated(rollout: RolloutFacts, run: Run) -> bool:
    """Whether the runbook has other steps now than those that were rehearsed."""
    then, now = rollout.books.get(run.playbook_version_id), rollout.book_at(run.location_id)
    if then is now:
        return False
    before, after = (book.runbooks.get(run.runbook) if book else None for book in (then, now))
    return before is None or after is None or (before.steps, before.back_out) != (after.steps, after.back_out)
