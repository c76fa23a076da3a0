"""An issue opened for a change: loaded through what the person may see, locked, with what holds for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from app.actions.deliveries.telling import Telling, tell
from app.actions.events import record, stale
from app.actions.issues.cases import OpenIssue, case_of, with_law
from app.actions.issues.steps import replan
from app.actions.issues.sweep import sweep_issue
from app.actions.loading import count_version, load
from app.errors import Forbidden, NotFound, Refused
from app.models import Issue
from app.rules.issues.recipients import Place
from app.rules.people.access import Permission, Viewer


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
    tellings: Sequence[Telling] = (),
) -> Issue:
    """Count one more version of the issue, set its clock anew, tell whoever is to know, record the event, and do what
    its clock has reached by that; last step of every change.

    What people wrote never stands in an event: it may have to be redacted, and events are never changed.
    """
    issue = opened.issue
    replan(session, issue, case_of(session, opened), now=now)
    count_version(session, issue)
    tell(session, tellings, now=now)

    write = partial(
        record, session, f"issue.{verb}", ("issue", opened.id), by=by, now=now, rollout_id=issue.rollout_id,
        location_id=issue.location_id, before=before, after=after,
    )  # fmt: skip
    sweep_issue(session, opened.id, first=write, now=now)
    return issue


def demand_unsolved(opened: OpenIssue) -> None:
    """Raises Refused for an issue that is solved."""
    if opened.issue.resolved_at is not None:
        raise Refused("It is solved. Reopen it first.")


def place_of(issue: Issue) -> Place:
    """Where an issue is, and whose it is."""
    return Place(issue.rollout_id, issue.location_id, issue.holder_id, issue.acknowledged_by)


def tellings_of(
    opened: OpenIssue, kind: str, people: Collection[int], by: Viewer, *, said: str = "", key: str = ""
) -> list[Telling]:
    """What people are told of a change; whoever made it knows. No key: it is told once for the next version."""
    issue = opened.issue
    key = key or f"{opened.id}-{opened.issue.version + 1}"
    return [
        Telling(key, kind, person, ("issue", opened.id), issue.rollout_id, said, opened.law.loud, data={"by": by.name})
        for person in people
        if person != by.person
    ]
