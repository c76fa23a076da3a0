"""The steps of an issue's clock as rows: planned when it opens, and planned anew after every change of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.actions.loading import key_of
from app.models import Issue, IssueStep
from app.rules.issues.ladder import REPEATED, Case, Step, due, first_steps, spared


@dataclass
class DueStep:
    """A step whose hour has come, as its row has it. A climb learns its rung when it is judged."""

    id: int
    issue_id: int
    kind: str
    number: int
    to: Sequence[Sequence[str]]
    said: str
    since: datetime | None
    unless: str
    due_at: datetime | None


class ToldRung(NamedTuple):
    """A rung that was told: its number, whom it means, who was told, and when."""

    number: int
    to: Sequence[Sequence[str]]
    told: Sequence[int]
    at: datetime


def due_steps(session: Session, issues: Collection[int], *where: Any) -> list[DueStep]:
    """The steps of issues for which the conditions hold, those that are due first in front. Of what is due at the same
    moment a rung comes last: whoever it tells need not be reminded at once.
    """
    row = IssueStep
    columns = (row.id, row.issue_id, row.kind, row.number, row.to, row.said, row.since, row.unless, row.due_at)
    statement = select(*columns).where(col(row.issue_id).in_(issues), col(row.settled_at).is_(None), *where)  # type: ignore[call-overload]
    ordered = statement.order_by(col(row.due_at), col(row.kind) == Step.RUNG, col(row.id))
    return [DueStep(*found) for found in session.exec(ordered)]


def plan_steps(session: Session, issue: Issue, case: Case) -> None:
    """The steps of a law that has just come to hold."""
    rungs = case.law.rungs
    for kind, number in first_steps(case.law):
        rung = rungs[number] if kind == Step.RUNG else None
        session.add(
            IssueStep(
                issue_id=key_of(issue),
                kind=kind,
                number=number,
                to=[list(one) for one in rung.to] if rung else [],
                said=rung.said if rung else "",
                unless=rung.unless if rung else "resolved",
                due_at=due(case, kind, number),
            )
        )
    issue.breach_at = case.breach_at()


def carry_over(session: Session, issue: Issue, told: Sequence[ToldRung], *, now: datetime) -> None:
    """Whom a graver law has told is not told again of what a milder one has reached already: `told` is what
    `rungs_told` says before the steps of the graver one are dropped.
    """
    for step in _open_steps(session, key_of(issue)):
        whom = [tuple(one) for one in step.to]
        heard = [rung for rung in told if any(tuple(one) in whom for one in rung.to)]
        if step.kind != Step.RUNG or step.due_at is None or step.due_at > now:
            continue
        if {tuple(one) for rung in heard for one in rung.to}.issuperset(whom):
            step.settled_at, step.outcome, step.due_at = heard[-1].at, "told", None
            step.told = sorted({person for rung in heard for person in rung.told})
            session.add(step)


def rungs_told(session: Session, issues: Collection[int]) -> dict[int, list[ToldRung]]:
    """The rungs that were told under the law that holds, by the issues."""
    columns = (col(IssueStep.issue_id), col(IssueStep.kind), col(IssueStep.outcome))
    rung = (col(IssueStep.number), col(IssueStep.to), col(IssueStep.told), col(IssueStep.settled_at))
    statement = select_columns(*columns, *rung).where(columns[0].in_(issues), columns[2].in_(("told", "dropped")))
    found: dict[int, list[ToldRung]] = {}
    for issue_id, kind, outcome, *what in session.execute(statement.order_by(col(IssueStep.id))):
        if outcome == "dropped":  # of a law that holds no more, and so is what was told before
            found[issue_id] = []
        elif kind in (Step.RUNG, Step.AGAIN):
            found.setdefault(issue_id, []).append(ToldRung(*what))
    return found


def replan(session: Session, issue: Issue, case: Case, *, now: datetime) -> None:
    """When each step that is not settled is due, as things stand now."""
    for step in _open_steps(session, key_of(issue)):
        # A rung that must not be told any more is passed over at once, not when its hour comes.
        if spared(case, step.kind, step.unless) and not case.resolved:
            step.settled_at, step.outcome, step.due_at = now, "spared", None
        else:
            step.due_at = due(case, step.kind, step.number, step.since)
        session.add(step)
    issue.breach_at = None if case.resolved else case.breach_at()


def drop_steps(session: Session, issue: Issue, *, now: datetime) -> None:
    """Another law holds: what the old one would still have done is not done."""
    for step in _open_steps(session, key_of(issue)):
        step.settled_at, step.outcome, step.due_at = now, "dropped", None
        session.add(step)


def follow(step: DueStep, case: Case, now: datetime) -> dict[str, Any] | None:
    """The next occurrence of a step that repeats itself, as a row; None for the others. What was missed is left out:
    nobody is reminded ten times at once.
    """
    if step.kind not in REPEATED:
        return None
    since, again = step.due_at, due(case, step.kind, since=step.due_at)
    while again is not None and again <= now:
        since, again = again, due(case, step.kind, since=again)
    return {
        "issue_id": step.issue_id, "kind": step.kind, "number": 0, "to": [], "said": "", "unless": "resolved",
        "since": since, "due_at": again, "outcome": "", "told": [],
    }  # fmt: skip


def _open_steps(session: Session, issue_id: int) -> list[IssueStep]:
    statement = select(IssueStep).where(IssueStep.issue_id == issue_id, col(IssueStep.settled_at).is_(None))
    return list(session.exec(statement.order_by(col(IssueStep.id))))
