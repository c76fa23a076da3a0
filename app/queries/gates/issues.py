"""The issues that gates ask for: how many are not solved, how many of those are nobody's, how many are opened a day.

One of the whole network counts everywhere, and one that another place has too counts at both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlmodel import Session, col

from app.models import Issue, SameIssue
from app.plan.format.gates import DAILY, UNOWNED, Test
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.ownership import able
from app.rules.rollouts.criteria import Found, of_inflow, of_issues, of_unowned

Where = tuple[int | None, str]
"""A location (None: the network) and a severity."""


@dataclass(frozen=True)
class AskedIssues:
    """What was read: how many are not solved, how many of those nobody took or was given, and when those of the last
    days were opened. `zone` is that of the network.
    """

    zone: str
    now: datetime
    open: Mapping[Where, int] = field(default_factory=dict)
    unowned: Mapping[Where, int] = field(default_factory=dict)
    opened: Mapping[Where, Sequence[datetime]] = field(default_factory=dict)

    def found(self, test: Test, places: Sequence[PlaceFacts]) -> Found:
        """What a test finds over some locations together."""
        wheres = [(one, severity) for severity in test.names for one in (*(place.id for place in places), None)]
        if test.counts == UNOWNED:
            return of_unowned(sum(self.unowned.get(one, 0) for one in wheres), test.passes)
        if test.counts == DAILY and test.over is not None:
            zone = ZoneInfo(places[0].zone if len(places) == 1 else self.zone)
            return of_inflow(self._worst(wheres, test.over.amount, zone), test.over.amount, test.passes)
        return of_issues(sum(self.open.get(one, 0) for one in wheres), test.passes)

    def _worst(self, wheres: Iterable[Where], days: int, zone: ZoneInfo) -> int:
        """Of so many days that have ended, and of today so far, the most that were opened on one."""
        first = self.now.astimezone(zone).date() - timedelta(days=days)
        opened = Counter(at.astimezone(zone).date() for one in wheres for at in self.opened.get(one, ()))
        return max((number for day, number in opened.items() if day >= first), default=0)


def issues_asked(session: Session, rollout: RolloutFacts, tests: Collection[Test], now: datetime) -> AskedIssues:
    """What these tests ask for. Two queries for what is not solved, two for what was opened."""
    still = {name for test in tests if test.counts != DAILY for name in test.names}
    daily = {name for test in tests if test.over is not None for name in test.names}
    days = max((test.over.amount for test in tests if test.over is not None), default=0)
    found, nobody = _open(session, rollout.id, still) if still else ({}, {})
    opened = _opened(session, rollout.id, daily, days, now) if daily else {}
    return AskedIssues(rollout.zone, now, found, nobody, opened)


def nobodys() -> ColumnElement[bool]:
    """Nobody took the issue and it is given to nobody, or to none who still sees its place."""
    people = (Issue.holder_id, Issue.acknowledged_by)
    return and_(*(not_(able(col(one), col(Issue.rollout_id), col(Issue.location_id))) for one in people))


def _open(
    session: Session, rollout_id: int, severities: Collection[str]
) -> tuple[Mapping[Where, int], Mapping[Where, int]]:
    """How many are not solved, and how many of those are nobody's."""
    open_ = (*_of(rollout_id, severities), col(Issue.resolved_at).is_(None))
    nobody = nobodys().label("nobody")
    own = select(col(Issue.location_id), col(Issue.severity), nobody, func.count()).where(*open_)
    too = select(col(SameIssue.location_id), col(Issue.severity), nobody, func.count()).where(*open_, *_of_another())
    found: Counter[Where] = Counter()
    unowned: Counter[Where] = Counter()
    for statement, place in ((own, Issue.location_id), (too, SameIssue.location_id)):
        for where, severity, is_nobodys, number in session.execute(
            statement.group_by(col(place), col(Issue.severity), "nobody")
        ):
            found[where, severity] += number
            unowned[where, severity] += number if is_nobodys else 0
    return found, unowned


def _opened(
    session: Session, rollout_id: int, severities: Collection[str], days: int, now: datetime
) -> dict[Where, list[datetime]]:
    """When they were opened, solved since or not. A day more at each end: that of a place is not that of the clock."""
    lately = (*_of(rollout_id, severities), col(Issue.opened_at) >= now - timedelta(days=days + 2))
    own = select(col(Issue.location_id), col(Issue.severity), col(Issue.opened_at)).where(*lately)
    too = select(col(SameIssue.location_id), col(Issue.severity), col(Issue.opened_at)).where(*lately, *_of_another())
    found: dict[Where, list[datetime]] = {}
    for statement in (own, too):
        for where, severity, at in session.execute(statement):
            found.setdefault((where, severity), []).append(at)
    return found


def _of(rollout_id: int, severities: Collection[str]) -> Iterator[ColumnElement[bool]]:
    yield col(Issue.rollout_id) == rollout_id
    yield col(Issue.severity).in_(severities)


def _of_another() -> Iterator[ColumnElement[bool]]:
    """Another place has it too; one of the whole network is everywhere as it is."""
    yield col(SameIssue.issue_id) == col(Issue.id)
    yield col(Issue.location_id).is_not(None)
