"""An issue opened for a change: loaded through what the person may see, locked, with what holds for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from app.actions.events import record, stale
from app.actions.issues.steps import replan
from app.actions.loading import key_of, load
from app.errors import Forbidden, NotFound, Refused
from app.models import Issue, Location, PlaybookVersion, Resolution, Rollout, Standstill
from app.plan import Playbook
from app.plan.calendars import PlaceCalendar
from app.plan.sites import network_calendar, place_calendar
from app.rules.issues.ladder import Case
from app.rules.issues.law import Law, stored
from app.rules.issues.running import Stood
from app.rules.people.access import Permission, Viewer
from app.rules.playbooks import parsed
from app.rules.schedule.schedule import read_place


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


def open_issue(session: Session, issue_id: int, *, by: Viewer, may: Permission = Permission.RAISE_ISSUE) -> OpenIssue:
    """The issue for somebody who may change it. Raises NotFound where they may not even see it, Forbidden, and Refused
    in a rollout that is closed.
    """
    issue = load(session, Issue, issue_id, "issue")
    if not by.can(Permission.SEE_PLAN, rollout=issue.rollout_id, location=issue.location_id):
        raise NotFound("issue")
    opened = with_law(session, issue)
    if opened.rollout.state == "closed":
        raise Refused("This rollout is closed. It can be read, not changed.")
    if not by.can(may, **opened.place):
        raise Forbidden("You may see this issue, but not change it.")
    return opened


def with_law(session: Session, issue: Issue) -> OpenIssue:
    """An issue with everything that its clock needs."""
    rollout = session.get_one(Rollout, issue.rollout_id)
    location = session.get(Location, issue.location_id) if issue.location_id is not None else None
    version = (location and location.playbook_version_id) or rollout.playbook_version_id
    playbook = parsed(load(session, PlaybookVersion, version, "playbook").text)
    calendar = calendar_at(rollout, location, playbook)
    return OpenIssue(issue, rollout, location, playbook, calendar, stored(issue.law))


def calendar_at(rollout: Rollout, location: Location | None, playbook: Playbook) -> PlaceCalendar:
    """The calendar of a location, or of the network."""
    if rollout.start is None:
        raise Refused("This rollout has no start day.")
    if location is None:
        return network_calendar(playbook, rollout.start)
    return place_calendar(playbook, rollout.start, read_place(location.facts()).calendar(playbook.calendar))


def case_of(session: Session, opened: OpenIssue) -> Case:
    """What has happened to the issue so far, as the rules ask for it."""
    issue = opened.issue
    return Case(
        law=opened.law,
        calendar=opened.calendar,
        opened=issue.opened_at,
        stood=stood(session, opened.id),
        acknowledged_at=issue.acknowledged_at,
        news_at=issue.told_at,
        resolved=issue.resolved_at is not None,
    )


def stood(session: Session, issue_id: int) -> Sequence[Stood]:
    """The stretches in which the clock did not run: stopped, or resolved. In order, those that touch made one."""
    waits = session.exec(
        select(Standstill.since, Standstill.until).where(
            Standstill.issue_id == issue_id, col(Standstill.stops_clock).is_(True)
        )
    ).all()
    solved = session.exec(select(Resolution.at, Resolution.reopened_at).where(Resolution.issue_id == issue_id)).all()
    found: list[Stood] = []
    for since, until in sorted([*waits, *solved], key=lambda one: one[0]):
        last = found[-1] if found else None
        if last is not None and (last.until is None or last.until >= since):
            longest = None if last.until is None or until is None else max(last.until, until)
            found[-1] = Stood(last.since, longest)
        else:
            found.append(Stood(since, until))
    return found


def demand_version(session: Session, opened: OpenIssue, seen: int | None) -> None:
    """Raises Stale when the issue changed after the form was drawn. `seen` None: whatever it is now."""
    if seen is not None and opened.issue.version != seen:
        raise stale(session, ("issue", opened.id))


def changed(
    session: Session,
    opened: OpenIssue,
    verb: str,
    *,
    by: Viewer | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Issue:
    """Count one more version of the issue, set its clock anew and record the event; last step of every change.

    What people wrote never stands in an event: it may have to be redacted, and events are never changed.
    """
    issue = opened.issue
    replan(session, issue, case_of(session, opened), now=now)
    flag_modified(issue, "title")
    session.add(issue)
    session.flush()
    record(
        session,
        f"issue.{verb}",
        ("issue", opened.id),
        by=by,
        now=now,
        rollout_id=issue.rollout_id,
        location_id=issue.location_id,
        before=before,
        after=after,
    )
    return issue
