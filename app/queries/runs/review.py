"""The review of a run: planned against real, and the minutes of all runs that the playbook does not bear out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.models import Proposal, RunEntry, RunStep
from app.queries.lessons.proposals import newest_book, versions_of
from app.queries.runs.room import Room, room
from app.rules.lessons.standing import may_propose, works_in
from app.rules.people.access import Viewer
from app.rules.runbooks.forecast import Span
from app.rules.runbooks.ledger import Act, Entry
from app.rules.runbooks.measured import Measured, drifting, measured
from app.rules.runbooks.review import Review, Went, review
from app.rules.runbooks.steps import RunStep as Planned
from app.stored.measured import minutes_of, minutes_proposals, proposed_before


@dataclass(frozen=True)
class Drift:
    """A step whose measured minutes are not those of the playbook; `proposal` is where the same ones wait, or were
    rejected.
    """

    found: Measured
    proposal: Proposal | None


@dataclass(frozen=True)
class Measuring:
    """What all runs of the runbook measured; `steps` is how many steps were. `proposals` are those that set minutes of
    it, the last one first, each with the version that it has become, if any; `titles`: the reader may read theirs.
    """

    runs: int
    steps: int
    drifts: tuple[Drift, ...]
    proposals: tuple[tuple[Proposal, str], ...]
    may_propose: bool
    titles: bool


@dataclass(frozen=True)
class ReviewPage:
    """Everything that the page of a review shows. `measuring` is for whoever sees the whole network, once the run is
    over.
    """

    room: Room
    review: Review
    measuring: Measuring | None


def review_page(session: Session, run_id: int, viewer: Viewer, now: datetime) -> ReviewPage:
    """The review of a run, of one that is not over so far. The number of queries is fixed. Raises NotFound."""
    page = room(session, run_id, viewer, now)
    whole = page.over and viewer.locations(page.rollout.id).everywhere
    return ReviewPage(page, _review(page), _measuring(session, page, viewer) if whole else None)


def _review(page: Room) -> Review:
    found, run = page.found, page.run
    entries: dict[int | None, list[RunEntry]] = {}
    for entry in page.entries:
        entries.setdefault(entry.step_id, []).append(entry)

    def went(one: Planned) -> Went:
        row = found.rows[one.id]
        own = entries.get(row.id, [])
        return Went(step=one, told=found.told[one.id], **_spans(row), entries=tuple(map(_entry, own)),
                    paper=any(each.paper for each in own))  # fmt: skip

    back = found.returning if found.goes_back else ()
    limit = run.done_by if found.goes_back else run.window_ends
    return review([went(one) for one in found.plan.steps], [went(one) for one in back], limit=limit, until=page.now)


def _spans(row: RunStep) -> Mapping[str, Span]:
    return {
        "baseline": Span(row.baseline_begins, row.baseline_ends),
        "planned": Span(row.planned_begins, row.planned_ends),
    }


def _entry(row: RunEntry) -> Entry:
    return Entry(row.id or 0, Act(row.kind), row.happened_at, corrects=row.corrects_id)


def _measuring(session: Session, page: Room, viewer: Viewer) -> Measuring:
    rollout, name = page.rollout, page.run.runbook
    runbook = newest_book(session, rollout.playbook.id).runbooks.get(name)
    minutes = minutes_of(session, rollout.id, name)
    proposals = minutes_proposals(session, rollout.id, name)
    versions = versions_of(session, rollout.playbook.id)
    known = measured(runbook, minutes.took) if runbook else ()
    hand = viewer if rollout.state == "running" else viewer.reading()
    return Measuring(
        runs=minutes.runs,
        steps=len(known),
        drifts=tuple(_drifts(drifting(known), proposals, name)),
        proposals=tuple((one, versions.get(one.result_id or 0, "")) for one in proposals),
        may_propose=may_propose(hand, rollout.id),
        titles=works_in(viewer, rollout.id),
    )


def _drifts(found: Iterable[Measured], proposals: Iterable[Proposal], runbook: str) -> Iterable[Drift]:
    before = proposed_before(proposals, runbook)
    return (Drift(one, before.get((one.step, one.minutes))) for one in found)
