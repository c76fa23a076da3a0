"""The issues of a rollout one after the other, in an order that nothing changes: that of their keys."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Issue
from app.queries.issues.list import IssueLine, lines_of, picked, seen
from app.queries.rollouts.facts import RolloutFacts
from app.rules.issues.filtering import IssueFilter
from app.rules.people.access import Extent


def issues_after(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    wanted: IssueFilter,
    after: int,
    limit: int,
    now: datetime,
) -> list[tuple[Issue, IssueLine]]:
    """At most `limit` issues with a key above `after` that the filter picks, as stored and as a line. The number of
    queries does not grow with them.
    """
    statement = select(Issue).where(*seen(rollout, extent), *picked(rollout, wanted), col(Issue.id) > after)
    found = session.exec(statement.order_by(col(Issue.id)).limit(limit)).all()
    return list(zip(found, lines_of(session, rollout, extent, found, now), strict=True)) if found else []
