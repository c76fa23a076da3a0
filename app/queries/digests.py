"""The daily digest of one person, and the calendar of the place whose morning it comes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, func, select

from app.models import Comment, Delivery, Location, Membership, Mention, Person, Rollout, Task
from app.plan.calendars import PlaceCalendar
from app.plan.sites import network_calendar, place_calendar
from app.queries.issues.mine import issues_of
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.signoffs import to_sign
from app.queries.tasks.today import MyTask, today
from app.rules.clock import count, instant, near_day
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.schedule import read_place
from app.rules.tasks.progress import State
from app.stored import playbook_of

SHOWN: Final = 10
EVERYTHING: Final = 10_000
"""Lines read to be counted; more than anybody has in a week."""


@dataclass(frozen=True)
class Line:
    """One thing to know: what it is, where, when or by whom, and the path of its page."""

    title: str
    place: str
    note: str
    path: str


@dataclass(frozen=True)
class Digest:
    """What a person's morning mail says; each list in the order of due days. Without any line it is false."""

    late: tuple[Line, ...]
    due: tuple[Line, ...]
    soon: tuple[Line, ...]
    sign: tuple[Line, ...]
    mentions: tuple[Line, ...]
    issues: tuple[Line, ...] = ()

    def __bool__(self) -> bool:
        return any((self.late, self.due, self.soon, self.sign, self.mentions, self.issues))


def digest(session: Session, viewer: Viewer, *, since: datetime, now: datetime) -> Digest:
    """What is late, due, next, to be signed, which issues are theirs, and who has called them since the last digest."""
    found = today(session, viewer, now, shown=EVERYTHING)
    late = [one for one in found.due if one.task.state is State.LATE]
    due = [one for one in found.due if one.task.state is not State.LATE]
    places = {place.id: place.name for rollout in found.rollouts for place in rollout.locations}
    return Digest(
        late=tuple(_task(one) for one in late),
        due=tuple(_task(one) for one in due),
        soon=tuple(_task(one) for one in found.soon),
        sign=tuple(
            Line(one.title, places.get(one.location_id or 0, ""), "", f"/tasks/{one.task_id}")
            for one in to_sign(session, viewer)
        ),
        mentions=_mentions(session, viewer, since, found.rollouts),
        issues=_issues(session, viewer, found.rollouts, now),
    )


def _task(one: MyTask) -> Line:
    row = one.task.row
    note = "blocked" if one.task.state is State.BLOCKED else f"due {near_day(row.due, one.today)}" if row.due else ""
    return Line(row.title, one.place.name if one.place else "", note, f"/tasks/{row.id}")


def _issues(session: Session, viewer: Viewer, rollouts: tuple[RolloutFacts, ...], now: datetime) -> tuple[Line, ...]:
    """Open issues that are the person's, with when their time runs out, in the zone of their place."""
    known = {rollout.id: rollout for rollout in rollouts}
    found = []
    for issue in issues_of(session, viewer):
        rollout = known.get(issue.rollout_id)
        place = rollout.location(issue.location_id) if rollout else None
        zone = place.zone if place else rollout.zone if rollout else "UTC"
        note = f"time runs out {instant(issue.breach_at, zone, now)}" if issue.breach_at else "its clock stands still"
        title = f"Issue {issue.number}: {issue.title}"
        found.append(Line(title, place.name if place else "", note, f"/issues/{issue.id}"))
    return tuple(found)


def _mentions(
    session: Session, viewer: Viewer, since: datetime, rollouts: tuple[RolloutFacts, ...]
) -> tuple[Line, ...]:
    statement = (
        select(Task, Person.name)
        .join(Comment, col(Comment.task_id) == col(Task.id))
        .join(Mention, col(Mention.comment_id) == col(Comment.id))
        .join(Person, col(Person.id) == col(Comment.by_id))
        .join(Rollout, col(Rollout.id) == col(Task.rollout_id))
        .where(Mention.person_id == viewer.person, Comment.at > since, col(Comment.removed_at).is_(None))
        .where(col(Rollout.closed_at).is_(None))
        .order_by(col(Comment.at))
    )
    places = {place.id: place.name for rollout in rollouts for place in rollout.locations}
    return tuple(
        Line(task.title, places.get(task.location_id or 0, ""), f"by {by}", f"/tasks/{task.id}")
        for task, by in session.exec(statement)
        if viewer.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id)
    )


def digest_facts(found: Digest) -> dict[str, Any]:
    """The digest as its template takes it: a subject line, and each part that has lines, shortened."""
    named = (
        ("Open issues", found.issues),
        ("Late", found.late),
        ("Due today", found.due),
        ("Waiting for your signature", found.sign),
        ("You were mentioned", found.mentions),
        ("In the next seven days", found.soon),
    )
    parts = [
        {"title": title, "lines": lines[:SHOWN], "more": max(len(lines) - SHOWN, 0)} for title, lines in named if lines
    ]
    counts = [
        (f"open issue{'s' if len(found.issues) > 1 else ''}", found.issues),
        ("late", found.late),
        ("due today", found.due),
        ("to sign", found.sign),
    ]
    said = ", ".join(f"{len(lines)} {word}" for word, lines in counts if lines)
    fallback = count(len(found.mentions), "mention") if found.mentions else f"{len(found.soon)} in the next days"
    return {"title": f"Your day: {said or fallback}", "parts": parts}


def last_digest(session: Session, person_id: int) -> datetime | None:
    """When the last digest for the person was made."""
    statement = select(func.max(Delivery.created_at)).where(Delivery.person_id == person_id, Delivery.kind == "digest")
    return session.exec(statement).one()


def home_calendar(session: Session, person_id: int) -> PlaceCalendar | None:
    """The calendar of the person's first location in a running rollout, else of such a rollout's network.

    None for somebody who has no role in any.
    """
    statement = (
        select(Rollout, Location)
        .join(Membership, col(Membership.rollout_id) == col(Rollout.id))
        .outerjoin(Location, col(Location.id) == col(Membership.location_id))
        .where(
            Membership.person_id == person_id,
            col(Rollout.planned_at).is_not(None),
            col(Rollout.closed_at).is_(None),
            col(Location.dropped_at).is_(None),
        )
        .order_by(col(Location.id).is_(None), col(Rollout.id), col(Location.position), col(Location.id))
        .limit(1)
    )
    found = session.exec(statement).first()
    return None if found is None else _calendar(session, *found)


def _calendar(session: Session, rollout: Rollout, place: Location | None) -> PlaceCalendar | None:
    if rollout.start is None:
        return None
    version = (place and place.playbook_version_id) or rollout.playbook_version_id
    playbook = playbook_of(session, version)
    if place is None:
        return network_calendar(playbook, rollout.start)
    return place_calendar(playbook, rollout.start, read_place(place.facts()).calendar(playbook.calendar))
