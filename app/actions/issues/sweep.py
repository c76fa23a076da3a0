"""What is due by the clocks of all issues, done in one go: found, settled, told and written down in one transaction.

A step is settled by whoever holds its row (PostgreSQL: rows that another worker holds are left to it; SQLite: one
writes at a time), with everything that follows from it, or not at all: it happens exactly once, through crashes and
with several workers. What fell due while nobody looked is done as soon as somebody does, each with its own hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, text, update
from sqlmodel import Session, col, select

from app.actions.events import APPEND_LOCK
from app.actions.issues.opening import OpenIssue, case_of, with_law
from app.actions.issues.steps import follow
from app.actions.issues.telling import Telling, tell
from app.actions.loading import key_of
from app.actions.people.viewers import staff_of
from app.models import Event, Issue, IssueStep
from app.rules.issues.ladder import Case, Step, next_rung, spared
from app.rules.issues.law import loud_at
from app.rules.issues.recipients import Place, directors, holders_of, people_of
from app.rules.people.responsibility import Staff

MOST = 1_000
VERBS = {
    Step.RUNG: "escalated",
    Step.RESPOND: "reminded",
    Step.UPDATE: "reminded",
    Step.AGAIN: "escalated",
    Step.BREACH: "breached",
}
KINDS = {
    Step.RUNG: "issue_rung",
    Step.RESPOND: "issue_waits",
    Step.UPDATE: "issue_news",
    Step.AGAIN: "issue_rung",
    Step.BREACH: "issue_breach",
}


@dataclass
class _Done:
    """What a sweep has found to do, written down at its end."""

    settled: list[dict[str, Any]] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    follow: list[IssueStep] = field(default_factory=list)


def sweep(session: Session, *, now: datetime, most: int = MOST) -> int:
    """Do what is due at `now`, at most so many steps, in this transaction. Returns how many were settled."""
    return _do(session, _due(session, now, most), now)


def sweep_issue(session: Session, issue_id: int, *, now: datetime) -> int:
    """The same for one issue, in the transaction of a change of it: who is told at once hears without a worker."""
    return _do(session, _due(session, now, MOST, issue_id), now)


def _do(session: Session, found: Sequence[tuple[IssueStep, Issue]], now: datetime) -> int:
    if not found:
        return 0
    done, staffs = _Done(), dict[int, Staff]()
    opened: dict[int, tuple[OpenIssue, Case]] = {}
    for step, issue in found:
        key = key_of(issue)
        if key not in opened:
            one = with_law(session, issue)
            opened[key] = (one, case_of(session, one))
        if issue.rollout_id not in staffs:
            staffs[issue.rollout_id] = staff_of(session, issue.rollout_id, now=now)
        _settle(session, step, *opened[key], staffs[issue.rollout_id], done, now)
    _write(session, done, now)
    return len(found)


def _due(session: Session, now: datetime, most: int, issue_id: int | None = None) -> Sequence[tuple[IssueStep, Issue]]:
    """What is due, the earliest first; nothing that another worker holds."""
    statement = (
        select(IssueStep, Issue)
        .join(Issue, col(Issue.id) == col(IssueStep.issue_id))
        .where(col(IssueStep.due_at) <= now, col(IssueStep.settled_at).is_(None))
        .order_by(col(IssueStep.due_at), col(IssueStep.id))
        .limit(most)
        .with_for_update(of=IssueStep, skip_locked=True)
    )
    if issue_id is not None:
        statement = statement.where(IssueStep.issue_id == issue_id)
    return session.exec(statement).all()


def _settle(
    session: Session, step: IssueStep, opened: OpenIssue, case: Case, staff: Staff, done: _Done, now: datetime
) -> None:
    if spared(case, step.kind, step.unless):
        done.settled.append(_settled(step, "spared", [], now))
        return
    people = _people(session, step, opened, case, staff)
    outcome = "told" if people or step.kind == Step.BREACH else "vacant"
    done.settled.append(_settled(step, outcome, people, now))
    done.tellings += _tellings(step, opened, people, KINDS[Step(step.kind)], now)
    if outcome == "vacant":
        # Nobody is there to be told: whoever directs hears of it, and the next rung does not wait.
        to = directors(staff, opened.issue.rollout_id)
        done.tellings += _tellings(step, opened, to, "issue_vacant", now)
        _hasten(session, step, opened, now)
    done.events.append(_event(step, opened, outcome, people, now))
    if (again := follow(step, case, opened.id)) is not None:
        done.follow.append(again)


def _people(session: Session, step: IssueStep, opened: OpenIssue, case: Case, staff: Staff) -> list[int]:
    rungs, issue = case.law.rungs, opened.issue
    place = Place(issue.rollout_id, issue.location_id, issue.holder_id, issue.acknowledged_by)
    first = rungs[0].to if rungs else []
    if step.kind == Step.RUNG:
        return people_of(staff, place, step.to, first)
    if step.kind in (Step.RESPOND, Step.AGAIN):
        told = _rungs_told(session, opened.id)
        number = next_rung(case.law, told) if step.kind == Step.AGAIN else max(told, default=0)
        return people_of(staff, place, rungs[number].to, first) if number is not None and rungs else []
    return holders_of(staff, place, first)


def _rungs_told(session: Session, issue_id: int) -> list[int]:
    statement = select(IssueStep.number).where(
        IssueStep.issue_id == issue_id, IssueStep.kind == Step.RUNG, IssueStep.outcome == "told"
    )
    return list(session.exec(statement))


def _settled(step: IssueStep, outcome: str, told: list[int], now: datetime) -> dict[str, Any]:
    return {"step": step.id, "at": now, "outcome": outcome, "told": told}


def _tellings(step: IssueStep, opened: OpenIssue, people: Sequence[int], kind: str, now: datetime) -> list[Telling]:
    issue, law = opened.issue, opened.law
    out = loud_at(law, opened.calendar, now)
    return [
        Telling(f"{step.id}", kind, person, issue.rollout_id, opened.id, step.said, loud=law.loud, out_at=out)
        for person in people
    ]


def _hasten(session: Session, step: IssueStep, opened: OpenIssue, now: datetime) -> None:
    if step.kind != Step.RUNG:
        return
    session.flush()
    later = (
        select(IssueStep)
        .where(
            IssueStep.issue_id == opened.id,
            IssueStep.kind == Step.RUNG,
            IssueStep.number > step.number,
            col(IssueStep.settled_at).is_(None),
        )
        .order_by(col(IssueStep.number))
        .limit(1)
    )
    following = session.exec(later).first()
    if following is not None and (following.due_at is None or following.due_at > now):
        following.due_at = now
        session.add(following)


def _event(step: IssueStep, opened: OpenIssue, outcome: str, people: list[int], now: datetime) -> dict[str, Any]:
    issue = opened.issue
    after = {"step": step.kind, "rung": step.number, "said": step.said, "due": _iso(step.due_at), "told": people}
    return {
        "at": now,
        "actor_id": None,
        "verb": f"issue.{VERBS[Step(step.kind)] if outcome != 'vacant' else 'found_vacant'}",
        "rollout_id": issue.rollout_id,
        "location_id": issue.location_id,
        "subject_kind": "issue",
        "subject_id": opened.id,
        "data": {"after": after},
    }


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _write(session: Session, done: _Done, now: datetime) -> None:
    """Everything in a handful of statements; the events last, as every change does."""
    session.flush()
    table = IssueStep.__table__  # type: ignore[attr-defined]
    connection = session.connection()
    settle = (
        update(table)
        .where(table.c.id == bindparam("step"))
        .values(settled_at=bindparam("at"), outcome=bindparam("outcome"), told=bindparam("told"), due_at=None)
    )
    connection.execute(settle, done.settled)
    session.add_all(done.follow)
    session.flush()
    tell(session, done.tellings, now=now)
    if done.events:
        if session.get_bind().dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPEND_LOCK})
        connection.execute(insert(Event.__table__), done.events)  # type: ignore[attr-defined]
    session.expire_all()
