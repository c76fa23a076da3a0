"""What a runbook may not be run live before, at its place."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.plan.format.runbooks import Runbook
from app.queries.gates.dates import gate_dates
from app.queries.gates.held import held_gates
from app.queries.gates.rolls import Counts
from app.queries.gates.waits import Reached, waits_of
from app.queries.rollouts.facts import RolloutFacts
from app.queries.runs.dates import runbook_dates
from app.queries.selection.chosen import unchosen
from app.queries.tasks.standing import standing
from app.rules.people.access import Extent


def waits_of_runbook(
    session: Session, rollout: RolloutFacts, dated_id: int, runbook: Runbook, now: datetime, extent: Extent
) -> tuple[str, ...]:
    """In words; `rollout` is whole, whoever asks, and places outside the `extent` of the reader are not named. Nothing
    is read for a runbook that waits for nothing.
    """
    runbooks = runbook_dates(session, rollout.id) if runbook.after else []
    at = next((one for one in runbooks if one.id == dated_id), None)
    if at is None:
        return ()
    here = Extent(False, frozenset(place.id for place in at.places(rollout)))
    counts = Counts(standing(session, rollout, here, now).groups)
    gates, held = gate_dates(session, rollout.id), held_gates(session, rollout.id, now)
    open_ = unchosen(session, rollout, runbook.after)
    return waits_of(Reached(rollout, gates, held, runbooks, counts, open_, extent), at, runbook.after)
