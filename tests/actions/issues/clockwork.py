"""One running rollout whose time is turned by hand: issues are reported, minutes go by, and who was told is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from app.actions.issues.reporting import report_issue
from app.db import Database
from app.models import Delivery, Event, Issue, IssueStep, Notice
from app.worker.escalation import escalate
from tests import cast as casting
from tests.cast import Cast

LIVE = datetime(2027, 2, 9, 15, 0, tzinfo=UTC)
"""Tuesday of live week 1, nine in the morning at Alder."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

Told = tuple[float, str, str]


@dataclass
class Clockwork:
    """`begun` is what the hours of `told` are counted from."""

    db: Database
    cast: Cast
    begun: datetime = LIVE

    def report(self, who: str = "chA", *, at: datetime | None = None, place: str = "alder", **given: Any) -> int:
        now = at or self.begun
        with self.db.writing() as session:
            by = self.cast.viewer(session, who, now)
            location = self.cast.locations[place] if place else None
            given = {"title": "No images on the viewer", **given}
            return report_issue(session, self.cast.rollout, location_id=location, by=by, now=now, **given).id or 0

    def do(self, act: Callable[..., Any], issue: int, who: str, *, at: datetime, **given: Any) -> Any:
        """Somebody changes an issue."""
        with self.db.writing() as session:
            return act(session, issue, by=self.cast.viewer(session, who, at), now=at, **given)

    def act(self, act: Callable[..., Any], issue: int, who: str, *, at: datetime, **given: Any) -> Any:
        """The same for an act that asks for the version that was seen."""
        return self.do(act, issue, who, at=at, seen=self.issue(issue).version, **given)

    def look(self, at: datetime) -> None:
        with self.db.writing() as session:
            escalate(session, at)

    def run(self, since: datetime, until: datetime, step: timedelta = 5 * MINUTE) -> None:
        """The worker looks again and again."""
        while since <= until:
            self.look(since)
            since += step

    def issue(self, key: int) -> Issue:
        with self.db.reading() as session:
            return session.get_one(Issue, key)

    def steps(self, issue: int) -> list[IssueStep]:
        with self.db.reading() as session:
            return list(session.exec(select(IssueStep).where(IssueStep.issue_id == issue).order_by(col(IssueStep.id))))

    def told(self, issue: int | None = None, *, kinds: Iterable[str] = ()) -> list[Told]:
        """Hours since `begun`, what, and whom, in order."""
        with self.db.reading() as session:
            rows = session.exec(select(Notice)).all()
        return sorted(
            (round((row.at - self.begun) / HOUR, 4), row.kind.removeprefix("issue_"), self.name(row.person_id))
            for row in rows
            if issue in (None, row.subject_id) and (not kinds or row.kind.removeprefix("issue_") in kinds)
        )

    def name(self, person: int) -> str:
        return next(who for who, key in self.cast.people.items() if key == person)

    def deliveries(self) -> list[Delivery]:
        with self.db.reading() as session:
            return list(session.exec(select(Delivery).where(Delivery.subject_kind == "issue")))

    def verbs(self, issue: int) -> list[str]:
        with self.db.reading() as session:
            rows = select(Event.verb).where(Event.subject_kind == "issue", Event.subject_id == issue)
            return [verb.removeprefix("issue.") for verb in session.exec(rows.order_by(col(Event.id)))]


def clockwork(database: Database, playbook: str = casting.PLAYBOOK) -> Clockwork:
    return Clockwork(database, casting.running(database, playbook))


def each(hours: float, kind: str, *who: str) -> list[Told]:
    return [(hours, kind, one) for one in who]


PLAN: list[Told] = sorted(
    [
        *each(0, "rung", "chA", "chAB"),
        *each(4, "waits", "chA", "chAB"),
        *each(8, "waits", "chA", "chAB"),
        *each(12, "waits", "chA", "chAB"),
        *each(12, "rung", "opm"),
        *each(16, "waits", "opm"),
        *each(18, "rung", "chA", "chAB"),
        *each(20, "waits", "chA", "chAB"),
        *each(24, "waits", "chA", "chAB"),
        *each(24, "breach", "chA", "chAB"),
        *each(24, "rung", "cto"),
    ]
)
"""Who is told of an issue at Alder in the first live weeks, when nobody does anything about it."""
