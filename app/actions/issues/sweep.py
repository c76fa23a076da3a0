"""What is due by the clocks of all issues, done in one go: found, settled, told and written down in one transaction.

The steps of an issue are settled by whoever holds its row (PostgreSQL: an issue that another worker or a change of it
holds is left to them; SQLite: one writes at a time), with everything that follows, or not at all: each happens exactly
once, through crashes and with several workers. A rung that fell due while nobody looked is told as soon as somebody
does; of reminders that were missed there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Text, cast
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.actions.issues.cases import OpenIssue, cases_of, with_laws
from app.actions.issues.done import Done
from app.actions.issues.steps import DueStep, due_steps, follow, rungs_told
from app.actions.loading import key_of
from app.actions.people.viewers import staff_of
from app.models import Issue, IssueStep
from app.rules.issues.ladder import Case, Step, next_rung, reminded, spared
from app.rules.issues.law import Law, read
from app.rules.issues.recipients import Place, directors, holders_of, people_of
from app.rules.people.responsibility import Staff

MOST = 1_000
"""Issues in one transaction: on SQLite nobody else writes meanwhile."""
Waiting = Mapping[int, tuple[Issue, Law | None]]
"""Issues by their keys, with the law of each where it has been read."""


def sweep(session: Session, *, now: datetime, most: int = MOST) -> int:
    """Do what is due at `now`, of at most so many issues, in this transaction. Returns how many steps were settled."""
    issues = _waiting(session, now, most)
    return _do(session, issues, _due(session, issues, now), now)


def sweep_issue(session: Session, issue_id: int, *, now: datetime, first: Callable[[], None] | None = None) -> int:
    """The same for one issue, in the transaction of a change of it: who is told at once hears without a worker.

    `first` writes what comes before in the history.
    """
    issues: Waiting = {issue_id: (session.get_one(Issue, issue_id), None)}
    return _do(session, issues, _due(session, issues, now), now, first)


def due_issues(session: Session, *, now: datetime, most: int = MOST) -> list[int]:
    """Keys of issues whose clocks have something to do, the one that waits longest first."""
    return list(dict.fromkeys(session.exec(_keys(now, most))))


def _keys(now: datetime, most: int) -> SelectOfScalar[int]:
    """The issues of the steps that wait longest: read from the index of what is due, and nothing else."""
    waiting = select(IssueStep.issue_id).where(col(IssueStep.due_at) <= now, col(IssueStep.settled_at).is_(None))
    return waiting.order_by(col(IssueStep.due_at)).limit(most)


def put_off_issue(session: Session, issue_id: int, *, until: datetime, now: datetime) -> None:
    """What is due of an issue is tried again later: something about it fails, and must not keep the others waiting."""
    session.exec(
        update(IssueStep)
        .where(col(IssueStep.issue_id) == issue_id, col(IssueStep.due_at) <= now, col(IssueStep.settled_at).is_(None))
        .values(due_at=until)
    )


def _waiting(session: Session, now: datetime, most: int) -> Waiting:
    """Issues whose clocks have something to do, locked; none that another worker, or a change of it, holds.

    Many are under the same law: it is taken as text, so that each is read once.
    """
    statement = (
        select(Issue, cast(col(Issue.law), Text))
        .where(col(Issue.id).in_(_keys(now, most)))
        .with_for_update(of=Issue, skip_locked=True)
        .options(defer(col(Issue.law)))  # type: ignore[arg-type]
        .execution_options(populate_existing=True)
    )
    return {key_of(issue): (issue, read(law)) for issue, law in session.exec(statement)}


def _due(session: Session, issues: Collection[int], now: datetime) -> list[DueStep]:
    """What is due of the issues, which are locked: by now another worker may have done it."""
    return due_steps(session, issues, col(IssueStep.due_at) <= now) if issues else []


def _do(
    session: Session,
    issues: Waiting,
    found: Sequence[DueStep],
    now: datetime,
    first: Callable[[], None] | None = None,
) -> int:
    done, count = Done(now), 0
    while found:
        desk = _Desk(session, issues, found, now)
        for step in found:
            desk.settle(step, done)
        done.settle(session)
        count += len(found)
        found = _hastened(session, done.take_vacant())
    done.tell(session)
    if first is not None:
        first()
    done.record(session)
    return count


def _hastened(session: Session, vacant: Mapping[int, int]) -> list[DueStep]:
    """The rung above each that is vacant does not wait, if it has not been told; by issues the number of the latter."""
    if not vacant:
        return []
    rungs = due_steps(session, vacant, IssueStep.kind == Step.RUNG)
    return [step for step in rungs if step.number == vacant[step.issue_id] + 1]


class _Desk:
    """Everything needed to judge the steps that were found, read in a number of queries that does not grow."""

    def __init__(self, session: Session, issues: Waiting, found: Sequence[DueStep], now: datetime) -> None:
        concerned = [issues[key][0] for key in {step.issue_id for step in found}]
        self._opened = with_laws(session, concerned, {key: law for key, (_, law) in issues.items() if law})
        self._cases = cases_of(session, self._opened)
        self._staff = {one: staff_of(session, one, now=now, rota=True) for one in {row.rollout_id for row in concerned}}
        climbing = {step.issue_id for step in found if step.kind in (Step.RESPOND, Step.AGAIN)}
        told = rungs_told(session, climbing) if climbing else {}
        self._told = {issue: [rung.number for rung in rungs] for issue, rungs in told.items()}

    def settle(self, step: DueStep, done: Done) -> None:
        opened, case = self._opened[step.issue_id], self._cases[step.issue_id]
        if spared(case, step.kind, step.unless):
            done.add(step, opened, "spared", [], [])
            return
        staff = self._staff[opened.issue.rollout_id]
        people = self._people(step, opened, case, staff)
        vacant = not people and step.kind != Step.BREACH
        done.add(
            step,
            opened,
            "vacant" if vacant else "told",
            people,
            directors(staff, opened.issue.rollout_id) if vacant else [],
            follow(step, case, done.now),
        )

    def _people(self, step: DueStep, opened: OpenIssue, case: Case, staff: Staff) -> list[int]:
        law, issue = case.law, opened.issue
        place = Place(issue.rollout_id, issue.location_id, issue.holder_id, issue.acknowledged_by)
        first = law.rungs[0].to if law.rungs else []
        if step.kind in (Step.RUNG, Step.RESPOND, Step.AGAIN):
            numbers = self._numbers(step, law, opened.id)
            return people_of(staff, place, [to for number in numbers for to in law.rungs[number].to], first)
        return holders_of(staff, place, first)

    def _numbers(self, step: DueStep, law: Law, issue_id: int) -> list[int]:
        """The rungs that a step means; that of a climb is noted on it, so that the next climb goes higher."""
        told = self._told.setdefault(issue_id, [])
        if step.kind == Step.RESPOND:
            return reminded(law, told)
        if step.kind == Step.AGAIN:
            step.number = next_rung(law, told) or 0
            step.said = law.rungs[step.number].said if law.rungs else ""
        told.append(step.number)
        return [step.number] if law.rungs else []
