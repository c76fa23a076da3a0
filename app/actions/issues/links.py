"""An issue is acknowledged by the link in a message: as the person whom the message was for."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.issues.changes import acknowledge
from app.actions.people.viewers import viewer_of
from app.errors import NotFound, Refused
from app.models import Installation, Issue
from app.rules.issues.links import Link, opened
from app.rules.people.access import Permission, Viewer

OVER = "This link is too old. Open the issue itself and take it there."


def reader_of(session: Session, token: str, *, now: datetime) -> tuple[Link, Viewer, Issue]:
    """What a link opens now, and for whom. Raises NotFound for a link that is none, whose person is out of use or may
    no longer see the issue, and Refused for one that is too old.
    """
    installation = session.get(Installation, 1)
    link = opened(installation.link_key, token) if installation is not None else None
    issue = session.get(Issue, link.issue) if link is not None else None
    if link is None or issue is None:
        raise NotFound("link")
    viewer = viewer_of(session, link.person, now=now)
    if not viewer.can(Permission.SEE_PLAN, rollout=issue.rollout_id, location=issue.location_id):
        raise NotFound("link")
    if now >= link.until:
        raise Refused(OVER)
    return link, viewer, issue


def acknowledge_by_link(session: Session, token: str, *, now: datetime) -> Issue:
    """Take the issue as the person whom the link is for. Taken already is quiet.

    Raises NotFound, Forbidden, and Refused for a link that is too old and for an issue that is solved.
    """
    link, viewer, _ = reader_of(session, token, now=now)
    return acknowledge(session, link.issue, by=viewer, now=now)
