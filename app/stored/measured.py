"""The minutes that the runs of a runbook took, and what was proposed of them already. Both sides read it so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.models import Proposal, Run, RunStep
from app.plan.draft.guided import Change, SetMinutes, stored
from app.rules.lessons.standing import ACCEPTED
from app.rules.runbooks.ledger import Told
from app.rules.runbooks.review import timed

TO_THEIR_END: Final = ("finished", "backed-out")
"""How runs ended whose minutes count: those that were abandoned say nothing of how long a step takes."""
# Half a megabyte each.
_TEXT: Any = Proposal.text


@dataclass(frozen=True)
class Minutes:
    """How long steps took, each time, by their ids; in so many `runs`."""

    took: Mapping[str, Sequence[timedelta]]
    runs: int


def minutes_of(session: Session, rollout_id: int, runbook: str) -> Minutes:
    """Of every run of a runbook that went to its end, rehearsed or live, wherever it was. One query."""
    ended = (Run.rollout_id == rollout_id, Run.runbook == runbook, col(Run.outcome).in_(TO_THEIR_END))
    statement = select(RunStep).join(Run, col(Run.id) == col(RunStep.run_id)).where(*ended).order_by(col(RunStep.id))
    took: dict[str, list[timedelta]] = {}
    runs = set()
    for row in session.exec(statement):
        if (found := timed(_told(row))) is not None:
            took.setdefault(row.step, []).append(found)
            runs.add(row.run_id)
    return Minutes(took, len(runs))


def _told(row: RunStep) -> Told:
    """Where a step of a run that is over stands: one that is done was checked, if that was asked for."""
    return Told(
        checked=row.verified_at is not None,
        started=row.started_at,
        finished=row.finished_at,
        verified=row.verified_at,
        skipped=row.skipped_at,
        lost=timedelta(seconds=row.lost_seconds),
    )


def minutes_proposals(session: Session, rollout_id: int, runbook: str) -> list[Proposal]:
    """Every proposal that sets minutes of a runbook, the last one first. One query."""
    statement = select(Proposal).options(defer(_TEXT)).where(Proposal.rollout_id == rollout_id)
    found = session.exec(statement.order_by(col(Proposal.number).desc()))
    return [one for one in found if any(edit.entry == runbook for edit in minutes_in(one))]


def minutes_in(proposal: Proposal) -> tuple[SetMinutes, ...]:
    """The edits of a proposal that set minutes."""
    edits = (_edit(one) for one in proposal.edits)
    return tuple(one for one in edits if isinstance(one, SetMinutes))


def _edit(row: Mapping[str, Any]) -> Change | None:
    return stored(row) if row["do"] == "minutes" else None


def proposed_before(proposals: Iterable[Proposal], runbook: str) -> dict[tuple[str, int], Proposal]:
    """The proposal by which the same minutes of a step wait to be decided, or were rejected; of several the last."""
    found: dict[tuple[str, int], Proposal] = {}
    for proposal in proposals:
        if proposal.outcome == ACCEPTED:
            continue
        for edit in minutes_in(proposal):
            if edit.entry == runbook:
                found.setdefault((edit.step, edit.minutes), proposal)
    return found
