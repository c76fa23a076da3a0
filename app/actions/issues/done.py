"""What a sweep does, gathered and written down in a handful of statements, however many issues it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from app.actions.bulk import insert_rows, update_rows
from app.actions.deliveries.telling import Telling, tell
from app.actions.events import APPEND_LOCK
from app.actions.issues.cases import OpenIssue
from app.actions.issues.steps import DueStep
from app.models import Event, IssueStep
from app.plan.calendars import PlaceCalendar
from app.rules.issues.ladder import Step
from app.rules.issues.law import Law, loud_at

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
Row = dict[str, Any]


@dataclass
class Done:
    """What was done at `now`. Rows are settled first, then people told, events last, as every change does."""

    now: datetime
    _settled: list[Row] = field(default_factory=list)
    _following: list[Row] = field(default_factory=list)
    _tellings: list[Telling] = field(default_factory=list)
    _events: list[Row] = field(default_factory=list)
    _vacant: dict[int, int] = field(default_factory=dict)
    _out: dict[tuple[int, int], tuple[datetime, Law, PlaceCalendar]] = field(default_factory=dict)

    def add(
        self,
        step: DueStep,
        opened: OpenIssue,
        outcome: str,
        people: list[int],
        directing: Sequence[int],
        following: Row | None = None,
    ) -> None:
        """One step: what came of it, who is told, whoever directs (where nobody is there), and what it leads to."""
        self._settled.append(
            {
                "id": step.id,
                "settled_at": self.now,
                "due_at": None,
                "outcome": outcome,
                "told": people,
                "number": step.number,
                "said": step.said,
            }
        )
        if following is not None:
            self._following.append(following)
        if outcome == "spared":
            return
        self._tell(step, opened, people, KINDS[Step(step.kind)])
        self._tell(step, opened, directing, "issue_vacant")
        self._events.append(self._event(step, opened, outcome, people))
        if outcome == "vacant" and step.kind == Step.RUNG:
            self._vacant[opened.id] = max(step.number, self._vacant.get(opened.id, 0))

    def _tell(self, step: DueStep, opened: OpenIssue, people: Sequence[int], kind: str) -> None:
        if not people:
            return
        issue, law = opened.issue, opened.law
        out = self._out_at(law, opened.calendar)
        self._tellings += [
            Telling(f"{step.id}", kind, person, ("issue", opened.id), issue.rollout_id, step.said, law.loud, out)
            for person in people
        ]

    def _out_at(self, law: Law, calendar: PlaceCalendar) -> datetime:
        """When its message leaves the house; asked once for issues of the same law and place."""
        key = id(law), id(calendar)
        if key not in self._out:
            self._out[key] = loud_at(law, calendar, self.now), law, calendar
        return self._out[key][0]

    def _event(self, step: DueStep, opened: OpenIssue, outcome: str, people: list[int]) -> Row:
        due = step.due_at.isoformat() if step.due_at else ""
        after = {"step": step.kind, "rung": step.number, "said": step.said, "due": due, "told": people}
        return {
            "at": self.now,
            "actor_id": None,
            "verb": f"issue.{VERBS[Step(step.kind)] if outcome != 'vacant' else 'found_vacant'}",
            "rollout_id": opened.issue.rollout_id,
            "location_id": opened.issue.location_id,
            "subject_kind": "issue",
            "subject_id": opened.id,
            "data": {"after": after},
        }

    def take_vacant(self) -> dict[int, int]:
        """The highest vacant rung of each issue that has one, once."""
        found, self._vacant = self._vacant, {}
        return found

    def settle(self, session: Session) -> None:
        """The steps are done, and what follows from them stands."""
        session.flush()
        update_rows(session, IssueStep, self._settled)
        insert_rows(session, IssueStep, self._following)
        self._settled, self._following = [], []

    def tell(self, session: Session) -> None:
        tell(session, self._tellings, now=self.now)

    def record(self, session: Session) -> None:
        if not self._events:
            return
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPEND_LOCK})
        insert_rows(session, Event, self._events)
