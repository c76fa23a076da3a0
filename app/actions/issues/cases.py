"""An issue with all that its clock needs, for one or for many: the number of queries does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from app.actions.loading import key_of
from app.errors import Refused
from app.models import Issue, Location, Resolution, Rollout, Standstill
from app.plan import Playbook
from app.plan.calendars import PlaceCalendar
from app.plan.sites import network_calendar, place_calendar
from app.rules.issues.ladder import Case
from app.rules.issues.law import Law, stored
from app.rules.issues.running import joined
from app.rules.schedule.schedule import read_place
from app.stored import playbook_of

Row = TypeVar("Row", bound=SQLModel)
NONE_READ: Mapping[int, Law] = MappingProxyType({})


@dataclass(frozen=True)
class OpenIssue:
    """A stored issue with its rollout, its place, and the law it is under."""

    issue: Issue
    rollout: Rollout
    location: Location | None
    playbook: Playbook
    calendar: PlaceCalendar
    law: Law = field(repr=False)

    @property
    def id(self) -> int:
        return key_of(self.issue)

    @property
    def place(self) -> dict[str, Any]:
        """Where it is, as rights are asked for."""
        return {"rollout": self.issue.rollout_id, "location": self.issue.location_id}


def with_law(session: Session, issue: Issue) -> OpenIssue:
    """An issue with everything that its clock needs."""
    return with_laws(session, [issue])[key_of(issue)]


def with_laws(
    session: Session, issues: Collection[Issue], laws: Mapping[int, Law] = MappingProxyType({})
) -> dict[int, OpenIssue]:
    """The same for many, by their keys; `laws` are those that have been read. Three queries; each place's calendar and
    each playbook is read once.
    """
    rollouts = _rows(session, Rollout, {one.rollout_id for one in issues})
    locations = _rows(session, Location, {one.location_id for one in issues if one.location_id is not None})
    in_use = {_version(rollouts[one.rollout_id], locations.get(one.location_id or 0)) for one in issues}
    playbooks = {version: playbook_of(session, version) for version in in_use}
    calendars: dict[tuple[int, int | None], PlaceCalendar] = {}
    found = {}
    for issue in issues:
        rollout, location = rollouts[issue.rollout_id], locations.get(issue.location_id or 0)
        playbook = playbooks[_version(rollout, location)]
        place = (issue.rollout_id, issue.location_id)
        if place not in calendars:
            calendars[place] = calendar_at(rollout, location, playbook)
        law = laws.get(key_of(issue)) or stored(issue.law)
        found[key_of(issue)] = OpenIssue(issue, rollout, location, playbook, calendars[place], law)
    return found


def _rows(session: Session, model: type[Row], keys: Collection[int]) -> dict[int, Row]:
    if not keys:
        return {}
    statement = select(model).where(model.id.in_(keys))  # type: ignore[attr-defined]
    return {key_of(row): row for row in session.exec(statement)}


def _version(rollout: Rollout, location: Location | None) -> int:
    return (location and location.playbook_version_id) or rollout.playbook_version_id


def calendar_at(rollout: Rollout, location: Location | None, playbook: Playbook) -> PlaceCalendar:
    """The calendar of a location, or of the network."""
    if rollout.start is None:
        raise Refused("This rollout has no start day.")
    if location is None:
        return network_calendar(playbook, rollout.start)
    return place_calendar(playbook, rollout.start, read_place(location.facts()).calendar(playbook.calendar))


def case_of(session: Session, opened: OpenIssue) -> Case:
    """What has happened to the issue so far, as the rules ask for it."""
    return cases_of(session, {opened.id: opened})[opened.id]


def cases_of(session: Session, opened: Mapping[int, OpenIssue]) -> dict[int, Case]:
    """The same for many, by their keys. Two queries."""
    stretches: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for issue_id, since, until in _stretches(session, opened.keys()):
        stretches[issue_id].append((since, until))
    return {
        key: Case(
            law=one.law,
            calendar=one.calendar,
            opened=one.issue.opened_at,
            stood=joined(stretches[key]),
            acknowledged_at=one.issue.acknowledged_at,
            news_at=one.issue.told_at,
            resolved=one.issue.resolved_at is not None,
        )
        for key, one in opened.items()
    }


def _stretches(session: Session, issues: Collection[int]) -> Iterable[tuple[int, datetime, datetime | None]]:
    """When clocks did not run: stopped, or the issue resolved."""
    waits = select(Standstill.issue_id, Standstill.since, Standstill.until).where(
        col(Standstill.issue_id).in_(issues), col(Standstill.stops_clock).is_(True)
    )
    solved = select(Resolution.issue_id, Resolution.at, Resolution.reopened_at).where(
        col(Resolution.issue_id).in_(issues)
    )
    return [*session.exec(waits), *session.exec(solved)]
