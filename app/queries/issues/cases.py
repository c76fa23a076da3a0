"""What has happened to issues so far, as the rules of their clock ask for it. Two queries, however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Issue, Resolution, Standstill
from app.plan.calendars import PlaceCalendar
from app.plan.sites import network_calendar
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.rollouts.heard import calendar_of
from app.rules.issues.ladder import Case
from app.rules.issues.law import stored
from app.rules.issues.running import joined


def cases_of(session: Session, rollout: RolloutFacts, issues: Sequence[Issue]) -> dict[int, Case]:
    """The case of each issue, by id."""
    ids = [issue.id or 0 for issue in issues]
    spans: dict[int, list[tuple[datetime, datetime | None]]] = {id_: [] for id_ in ids}
    waits = select(Standstill.issue_id, Standstill.since, Standstill.until).where(
        col(Standstill.issue_id).in_(ids), col(Standstill.stops_clock).is_(True)
    )
    solved = select(Resolution.issue_id, Resolution.at, Resolution.reopened_at).where(col(Resolution.issue_id).in_(ids))
    for statement in (waits, solved):
        for id_, since, until in session.exec(statement):
            spans[id_].append((since, until))
    calendars: dict[int | None, PlaceCalendar] = {}
    for issue in issues:
        if issue.location_id not in calendars:
            calendars[issue.location_id] = calendar_at(rollout, rollout.location(issue.location_id))
    return {
        issue.id or 0: Case(
            law=stored(issue.law),
            calendar=calendars[issue.location_id],
            opened=issue.opened_at,
            stood=joined(spans[issue.id or 0]),
            acknowledged_at=issue.acknowledged_at,
            news_at=issue.told_at,
            resolved=issue.resolved_at is not None,
        )
        for issue in issues
    }


def calendar_at(rollout: RolloutFacts, place: PlaceFacts | None) -> PlaceCalendar:
    """The calendar of a location, or of the network. Raises ValueError without a start day."""
    if place is not None:
        return calendar_of(rollout, place)
    if rollout.start is None:
        raise ValueError("a calendar begins with the start day of its rollout")
    return network_calendar(rollout.playbook, rollout.start)
