"""What a letter says, read when it is about to be sent: whoever may no longer see its subject gets none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.models import (
    Channel,
    Comment,
    Delivery,
    Installation,
    Invitation,
    Issue,
    Leave,
    Lesson,
    Location,
    Person,
    Rollout,
    Task,
)
from app.queries.digests import digest, digest_facts
from app.queries.dropped import GONE, NotToSend
from app.queries.gates.letters import gate_facts
from app.queries.locations.letters import handover_facts
from app.queries.presence.letters import duty_facts, mentor_facts
from app.queries.rollouts.facts import facts_of
from app.queries.runs.letters import run_facts
from app.queries.selection.letters import selection_facts
from app.queries.tasks.spots import spot_of
from app.rules.clock import instant, near_day, short_day
from app.rules.deliveries.mail import ACKNOWLEDGEABLE, KINDS, wanted
from app.rules.issues.links import LASTS, Link, signed
from app.rules.lessons.standing import reads, sees
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.mentions import may_read
from app.rules.training.invitation import Invitation as CalendarEntry


@dataclass(frozen=True)
class Letter:
    """The facts of one letter; `path` leads to its subject on this site, `take` to where it can be acknowledged;
    `entry` goes along as a calendar file.
    """

    name: str
    path: str
    facts: dict[str, Any] = field(default_factory=dict)
    take: str = ""
    entry: CalendarEntry | None = None


def letter(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> Letter:
    """What this message says to its reader now. Raises NotToSend."""
    person = session.get_one(Person, row.person_id)
    if not _wanted(session, row, person):
        raise NotToSend("This person no longer wants it.")
    given = {name: str(row.data.get(name, "")) for name in ("text", "note")} | {"by": row.data.get("by") or "Somebody"}
    facts = {"kind": row.kind, "title": "", "place": "", "rollout": "", "due": "", "number": "", **given}
    if KINDS[row.kind].secret:
        return Letter(person.name, _open_link(session, row, now), facts)
    if KINDS[row.kind].account:
        return Letter(person.name, "/account", facts)
    if row.kind == "digest":
        return _digest(session, row, viewer, now)
    rollout = session.get(Rollout, row.rollout_id) if row.rollout_id else None
    if rollout is not None and rollout.closed_at is not None:
        raise NotToSend("The rollout has been closed.")
    path, own = _about(session, row, viewer, now)
    return Letter(person.name, path, {**facts, **own}, _take(session, row, viewer, now))


def _wanted(session: Session, row: Delivery, person: Person) -> bool:
    if row.channel == "mail":
        return wanted(row.kind, person.mail, person.unmailed)
    channel = session.get(Channel, row.channel_id) if row.channel_id else None
    return channel is not None and (KINDS[row.kind].account or row.kind in channel.kinds)


def _take(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> str:
    """The path by which the issue is acknowledged. By mail only: others may read a channel along."""
    issue = session.get(Issue, row.subject_id) if row.kind in ACKNOWLEDGEABLE and row.channel == "mail" else None
    installation = session.get(Installation, 1)
    if issue is None or issue.id is None or issue.acknowledged_at is not None or installation is None:
        return ""
    if not viewer.can(Permission.RAISE_ISSUE, rollout=issue.rollout_id, location=issue.location_id):
        return ""
    link = Link(viewer.person, issue.id, int(row.data.get("step", 0)), row.created_at + LASTS)
    return f"/acknowledge/{signed(installation.link_key, link)}"


def _open_link(session: Session, row: Delivery, now: datetime) -> str:
    link = session.get(Invitation, row.subject_id)
    if link is None or link.used_at is not None or link.expires_at <= now or "token" not in row.data:
        raise NotToSend("The link has been used, or a newer one took its place.")
    return f"/{'invitations' if link.kind == 'join' else 'password'}/{row.data['token']}"


def _digest(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> Letter:
    found = digest(session, viewer, since=datetime.fromisoformat(row.data["since"]), now=now)
    if not found:
        raise NotToSend("Nothing is left to say.")
    return Letter(viewer.name, "/today", digest_facts(found))


def _about(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> tuple[str, dict[str, str]]:
    match row.subject_kind:
        case "task" | "comment":
            return _task(session, _task_of(session, row), row, viewer, now)
        case "issue":
            return issue_facts(session, session.get(Issue, row.subject_id), viewer, now)
        case "lesson":
            return _lesson(session, session.get(Lesson, row.subject_id), viewer)
        case "location" if row.kind == "handover":
            return handover_facts(session, row, viewer, now)
        case "location":
            return _location(session, session.get(Location, row.subject_id), viewer, now)
        case "rollout":
            return _rollout(session, session.get(Rollout, row.subject_id), viewer)
        case "duty":
            return duty_facts(session, row, viewer)
        case "mentorship":
            return mentor_facts(session, row, viewer, now)
        case "gate":
            return gate_facts(session, row, viewer, now)
        case "run":
            return run_facts(session, row, viewer, now)
        case "selection":
            return selection_facts(session, row, viewer, now)
        case "leave":
            return _leave(session, session.get(Leave, row.subject_id), viewer, now)
    raise NotToSend(GONE)


def _task_of(session: Session, row: Delivery) -> Task | None:
    if row.subject_kind == "task":
        return session.get(Task, row.subject_id)
    comment = session.get(Comment, row.subject_id)
    return None if comment is None or comment.removed_at is not None else session.get(Task, comment.task_id)


def _task(
    session: Session, task: Task | None, row: Delivery, viewer: Viewer, now: datetime
) -> tuple[str, dict[str, str]]:
    if task is None or not viewer.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id):
        raise NotToSend(GONE)
    rollout = facts_of(session, session.get_one(Rollout, task.rollout_id))
    place = rollout.location(task.location_id)
    today = place.today(now) if place else rollout.today(now)
    facts = {
        "title": task.title,
        "place": place.name if place else "",
        "rollout": rollout.title,
        "due": near_day(task.due, today) if task.due else "",
    }
    # What people wrote is for those who may read it on the page.
    return f"/tasks/{task.id}", facts if may_read(viewer, spot_of(session, task)) else {**facts, "text": ""}


def issue_facts(session: Session, issue: Issue | None, viewer: Viewer, now: datetime) -> tuple[str, dict[str, str]]:
    """The path of an issue and what a message says of it; `due` is when its time runs out, in its place's zone.

    What people called it is for those who may read it there. Raises NotToSend.
    """
    if issue is None or not viewer.can(Permission.SEE_PLAN, rollout=issue.rollout_id, location=issue.location_id):
        raise NotToSend(GONE)
    rollout = facts_of(session, session.get_one(Rollout, issue.rollout_id))
    place = rollout.location(issue.location_id)
    reads = viewer.can(Permission.SEE_DETAIL, rollout=issue.rollout_id, location=issue.location_id)
    due = instant(issue.breach_at, place.zone if place else rollout.zone, now) if issue.breach_at else ""
    facts = {
        "title": issue.title if reads else f"severity {issue.severity}",
        "number": str(issue.number),
        "place": place.name if place else "",
        "rollout": rollout.title,
        "due": f"Time runs out {due}" if due and issue.resolved_at is None else "",
    }
    return f"/issues/{issue.id}", facts if reads else {**facts, "text": ""}


def _lesson(session: Session, row: Lesson | None, viewer: Viewer) -> tuple[str, dict[str, str]]:
    """What was learnt is for those who may read it on its page."""
    told = row is not None and row.told_at is not None
    if row is None or not sees(viewer, row.rollout_id, row.location_id, told):
        raise NotToSend(GONE)
    rollout = session.get_one(Rollout, row.rollout_id)
    text = row.said if reads(viewer, row.rollout_id, row.location_id, told) else ""
    facts = {"title": f"lesson {row.number}", "number": str(row.number), "rollout": rollout.title, "text": text}
    return f"/lessons/{row.id}", facts


def _location(session: Session, row: Location | None, viewer: Viewer, now: datetime) -> tuple[str, dict[str, str]]:
    if row is None or not viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.id):
        raise NotToSend(GONE)
    rollout = session.get_one(Rollout, row.rollout_id)
    due = instant(row.cutover_at, row.zone, now) if row.cutover_at else ""
    facts = {"title": row.name, "rollout": rollout.title, "due": due}
    reads = viewer.can(Permission.SEE_DETAIL, rollout=row.rollout_id, location=row.id)
    return f"/rollouts/{rollout.slug}/locations/{row.slug}", facts if reads else {**facts, "text": ""}


def _rollout(session: Session, row: Rollout | None, viewer: Viewer) -> tuple[str, dict[str, str]]:
    if row is None or not viewer.can(Permission.SEE_PLAN, rollout=row.id):
        raise NotToSend(GONE)
    facts = {"title": row.title, "rollout": row.title}
    reads = viewer.can(Permission.SEE_DETAIL, rollout=row.id)
    return f"/rollouts/{row.slug}/board", facts if reads else {**facts, "text": ""}


def _leave(session: Session, row: Leave | None, viewer: Viewer, now: datetime) -> tuple[str, dict[str, str]]:
    if row is None or row.ended_at is not None or row.cover_id != viewer.person or row.until_at <= now:
        raise NotToSend("The leave was taken back, is over, or somebody else stands in.")
    away = session.get_one(Person, row.person_id)
    days = f"{short_day(row.first, row.first)} to {short_day(row.last, row.first)}"
    return "/today", {"by": away.name, "title": away.name, "due": days}
