"""Reviews of runs from the facts of their pages."""

from __future__ import annotations

from app.api.runs import review_shapes as shapes
from app.api.runs.lengths import minutes
from app.models import Proposal
from app.queries.runs.review import Drift, Measuring, ReviewPage
from app.rules.runbooks.measured import RULE
from app.rules.runbooks.review import Line
from app.rules.runbooks.reviewed import review_sentence


def review_whole(page: ReviewPage) -> shapes.ReviewWhole:
    """Everything that the page of a review shows, what was entered apart."""
    run, found = page.room.run, page.review
    return shapes.ReviewWhole(
        run=page.room.id,
        outcome=run.outcome,
        says="".join(part.text for part in review_sentence(run.live, run.outcome, found)),
        planned_end=found.planned_end,
        ended=found.ended,
        limit=found.limit,
        left=minutes(found.left),
        blocked=minutes(found.blocked),
        steps=[_went(one, back) for back, way in ((False, found.lines), (True, found.back)) for one in way],
        measuring=_measuring(page.measuring) if page.measuring else None,
    )


def _went(line: Line, back: bool) -> shapes.WentLine:
    went = line.went
    return shapes.WentLine(
        step=line.step.id,
        number=line.step.number,
        title=line.step.title,
        back=back,
        state=line.state,
        baseline_begins=went.baseline.begin,
        baseline_ends=went.baseline.end,
        planned_begins=went.planned.begin,
        planned_ends=went.planned.end,
        started_at=went.told.started,
        over_at=went.told.over,
        planned=minutes(line.planned),
        took=minutes(line.took),
        longer=minutes(line.longer),
        was_blocked=line.was_blocked,
        blocked=minutes(line.blocked),
        waited=minutes(line.waited),
        early=list(line.early),
        corrected=line.corrected,
        paper=went.paper,
    )


def _measuring(found: Measuring) -> shapes.MeasuringLine:
    return shapes.MeasuringLine(
        runs=found.runs,
        steps=found.steps,
        rule=RULE,
        may_propose=found.may_propose,
        drifts=[_drift(one) for one in found.drifts],
        proposals=[_proposal(row, version, found.titles) for row, version in found.proposals],
    )


def _drift(one: Drift) -> shapes.DriftLine:
    found = one.found
    return shapes.DriftLine(
        step=found.step,
        title=found.title,
        planned=minutes(found.planned),
        measured=found.n,
        median=minutes(found.median),
        shortest=minutes(found.lowest),
        longest=minutes(found.highest),
        minutes=found.minutes,
        proposal=one.proposal.id if one.proposal else None,
    )


def _proposal(row: Proposal, version: str, titles: bool) -> shapes.MinutesProposal:
    return shapes.MinutesProposal(
        id=row.id or 0, number=row.number, title=row.title if titles else None, outcome=row.outcome, version=version,
        at=row.at,
    )  # fmt: skip
